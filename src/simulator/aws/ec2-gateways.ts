/** Amazon EC2: internet gateways, Elastic IP addresses, NAT gateways, flow logs. */
import { digits, hex } from "../draw.ts";
import {
  type CloudView,
  defineModel,
  type Refusal,
  type StoredObject,
  type Subject,
  textAt,
} from "../model.ts";
import { missingSubnet, missingVpc, nameTag, subnetType, vpcType } from "./ec2.ts";
import { arnOf, ec2Id, immutable, regional, regionImmutable } from "./naming.ts";

const api = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference";
const quotas = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html";

export const internetGatewayType = "aws:ec2/internetGateway:InternetGateway";
export const natGatewayType = "aws:ec2/natGateway:NatGateway";
const eipType = "aws:ec2/eip:Eip";

const internetGateway = defineModel({
  type: internetGatewayType,
  service: "EC2",
  calls: { update: "AttachInternetGateway" },
  source: `${api}/API_CreateInternetGateway.html`,
  id: ec2Id("igw"),
  displayName: nameTag,
  defaults: (inputs, place) => ({ ...regional(inputs, place), ownerId: place.account }),
  outputs: (subject) => ({ arn: arnOf("ec2", subject.place, `internet-gateway/${subject.id}`) }),
  immutable: [regionImmutable],
  references: [
    { input: "vpcId", to: vpcType, missing: missingVpc, source: `${api}/API_AttachInternetGateway.html` },
  ],
  rules: [
    {
      check: (subject, view) => {
        const vpc = view.find(vpcType, textAt(subject.inputs, "vpcId") ?? "", subject.place);
        const other = vpc && view.referrers(vpc, internetGatewayType).find((each) => each.id !== subject.id);
        return (
          other && {
            code: "Resource.AlreadyAssociated",
            message: `resource ${subject.id} is already attached to network ${vpc.id}`,
          }
        );
      },
      source: `${api}/API_AttachInternetGateway.html`,
    },
  ],
  deleteRules: [{ check: mappedAddresses, source: `${api}/API_DetachInternetGateway.html` }],
  quota: {
    limit: 5,
    refusal: () => ({
      code: "InternetGatewayLimitExceeded",
      message: "The maximum number of internet gateways has been reached.",
    }),
    source: quotas,
  },
  seconds: { create: 2, update: 2, delete: 20 },
});

const eip = defineModel({
  type: eipType,
  service: "EC2",
  calls: { create: "AllocateAddress", update: "AssociateAddress", delete: "ReleaseAddress" },
  source: `${api}/API_AllocateAddress.html`,
  id: ec2Id("eipalloc"),
  displayName: nameTag,
  defaults: (inputs, place) => ({
    ...regional(inputs, place),
    domain: "vpc",
    networkBorderGroup: place.region,
    publicIpv4Pool: "amazon",
  }),
  outputs: (subject) => {
    // Addresses of the documentation block lead nowhere: https://www.rfc-editor.org/rfc/rfc5737
    const publicIp = `203.0.113.${Number.parseInt(subject.draw("ip", 2, hex), 16)}`;
    const dashed = publicIp.replaceAll(".", "-");
    return {
      allocationId: subject.id,
      arn: arnOf("ec2", subject.place, `elastic-ip/${subject.id}`),
      publicIp,
      publicDns: `ec2-${dashed}.${subject.place.region}.compute.simulated`,
    };
  },
  immutable: [
    ...immutable(
      `${api}/API_AllocateAddress.html`,
      "domain",
      "publicIpv4Pool",
      "networkBorderGroup",
      "address",
    ),
    regionImmutable,
  ],
  quota: {
    limit: 5,
    refusal: () => ({
      code: "AddressLimitExceeded",
      message: "The maximum number of addresses has been reached.",
    }),
    source:
      "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html#using-instance-addressing-limit",
  },
  inUse: (object) => ({
    code: "InvalidIPAddress.InUse",
    message: `The address with allocation ID '${object.id}' is in use and cannot be released.`,
  }),
  seconds: { create: 2, delete: 2 },
});

const natGateway = defineModel({
  type: natGatewayType,
  service: "EC2",
  source: `${api}/API_CreateNatGateway.html`,
  id: ec2Id("nat"),
  displayName: nameTag,
  defaults: (inputs, place) => ({ ...regional(inputs, place), connectivityType: "public" }),
  outputs: (subject, view) => {
    const address = view.find(eipType, textAt(subject.inputs, "allocationId") ?? "", subject.place);
    return {
      associationId: `eipassoc-0${subject.draw("association", 16)}`,
      networkInterfaceId: `eni-0${subject.draw("interface", 16)}`,
      privateIp: textAt(subject.inputs, "privateIp") ?? `10.0.0.${Number(subject.draw("ip", 2, digits)) + 4}`,
      ...(address === undefined ? {} : { publicIp: address.outputs["publicIp"] ?? "" }),
    };
  },
  immutable: [
    ...immutable(
      `${api}/API_CreateNatGateway.html`,
      "allocationId",
      "subnetId",
      "connectivityType",
      "privateIp",
      "availabilityMode",
      "vpcId",
    ),
    regionImmutable,
  ],
  references: [
    { input: "subnetId", to: subnetType, missing: missingSubnet, source: `${api}/API_CreateNatGateway.html` },
    {
      input: "allocationId",
      to: eipType,
      missing: (value) => ({
        code: "InvalidAllocationID.NotFound",
        message: `The allocation ID '${value}' does not exist`,
      }),
      source: `${api}/API_CreateNatGateway.html`,
    },
  ],
  rules: [
    {
      check: (subject) =>
        subject.inputs["connectivityType"] === "private" ||
        textAt(subject.inputs, "allocationId") !== undefined
          ? undefined
          : { code: "MissingParameter", message: "The request must contain the parameter AllocationId" },
      source: `${api}/API_CreateNatGateway.html`,
    },
    { on: ["create"], check: addressFree, source: `${api}/API_CreateNatGateway.html` },
    {
      on: ["create"],
      check: gatewayAttached,
      source: "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html",
    },
  ],
  quota: {
    limit: 5,
    per: "subnetId",
    refusal: (limit) => ({
      code: "NatGatewayLimitExceeded",
      message: `The maximum number of NAT Gateways (${limit}) has been reached.`,
    }),
    source: quotas,
  },
  seconds: { create: 100, update: 2, delete: 60 },
});

const flowLog = defineModel({
  type: "aws:ec2/flowLog:FlowLog",
  service: "EC2",
  calls: { create: "CreateFlowLogs", delete: "DeleteFlowLogs" },
  source: `${api}/API_CreateFlowLogs.html`,
  id: ec2Id("fl"),
  displayName: nameTag,
  defaults: (inputs, place) => ({
    ...regional(inputs, place),
    logDestinationType: "cloud-watch-logs",
    maxAggregationInterval: 600,
    logFormat:
      "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}",
  }),
  outputs: (subject) => ({ arn: arnOf("ec2", subject.place, `vpc-flow-log/${subject.id}`) }),
  immutable: [
    ...immutable(
      `${api}/API_CreateFlowLogs.html`,
      "deliverCrossAccountRole",
      "destinationOptions",
      "eniId",
      "iamRoleArn",
      "logDestination",
      "logDestinationType",
      "logFormat",
      "maxAggregationInterval",
      "subnetId",
      "trafficType",
      "transitGatewayId",
      "transitGatewayAttachmentId",
      "vpcId",
    ),
    regionImmutable,
  ],
  references: [
    {
      input: "vpcId",
      to: vpcType,
      missing: missingVpc,
      onDelete: "cascade",
      source: `${api}/API_CreateFlowLogs.html`,
    },
    {
      input: "subnetId",
      to: subnetType,
      missing: missingSubnet,
      onDelete: "cascade",
      source: `${api}/API_CreateFlowLogs.html`,
    },
    {
      input: "iamRoleArn",
      to: "aws:iam/role:Role",
      missing: (value) => ({ code: "InvalidParameter", message: `Role ${value} does not exist` }),
      onDelete: "ignore",
      source: `${api}/API_CreateFlowLogs.html`,
    },
    {
      input: "logDestination",
      to: "aws:cloudwatch/logGroup:LogGroup",
      onDelete: "ignore",
      source: `${api}/API_CreateFlowLogs.html`,
    },
  ],
  rules: [
    {
      check: (subject) =>
        subject.inputs["logDestinationType"] !== "s3" && subject.inputs["iamRoleArn"] === undefined
          ? { code: "InvalidParameter", message: "DeliverLogsPermissionArn is required for cloud-watch-logs" }
          : undefined,
      source: `${api}/API_CreateFlowLogs.html`,
    },
  ],
  seconds: { create: 2, delete: 2 },
});

export const ec2GatewayModels = [internetGateway, eip, natGateway, flowLog];

function vpcOfSubnet(
  subnetId: string | undefined,
  subject: { readonly place: Subject["place"] },
  view: CloudView,
): StoredObject | undefined {
  const subnet = view.find(subnetType, subnetId ?? "", subject.place);
  return subnet && view.find(vpcType, textAt(subnet.inputs, "vpcId") ?? "", subject.place);
}

function addressFree(subject: Subject, view: CloudView): Refusal | undefined {
  const address = view.find(eipType, textAt(subject.inputs, "allocationId") ?? "", subject.place);
  if (address === undefined || view.referrers(address).length === 0) return undefined;
  return {
    code: "Resource.AlreadyAssociated",
    message: `resource ${address.id} is already associated with another resource`,
  };
}

function gatewayAttached(subject: Subject, view: CloudView): Refusal | undefined {
  if (subject.inputs["connectivityType"] === "private") return undefined;
  const vpc = vpcOfSubnet(textAt(subject.inputs, "subnetId"), subject, view);
  if (vpc === undefined || view.referrers(vpc, internetGatewayType).length > 0) return undefined;
  return { code: "Gateway.NotAttached", message: `Network ${vpc.id} has no Internet gateway attached` };
}

/** A gateway cannot be detached while its network has public addresses in use. */
function mappedAddresses(gateway: StoredObject, view: CloudView): Refusal | undefined {
  const vpc = view.find(vpcType, textAt(gateway.inputs, "vpcId") ?? "", gateway);
  if (vpc === undefined) return undefined;
  const nat = view.referrers(vpc, subnetType).flatMap((subnet) => view.referrers(subnet, natGatewayType));
  if (!nat.some((each) => each.inputs["connectivityType"] !== "private")) return undefined;
  return {
    code: "DependencyViolation",
    message: `Network ${vpc.id} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
  };
}
