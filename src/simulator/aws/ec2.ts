/** Amazon EC2: networks and subnets. */
import { isUnknown, type Properties } from "../../values/value.ts";
import { hex } from "../draw.ts";
import {
  type CloudView,
  defineModel,
  type InputFailure,
  type Refusal,
  type Subject,
  textAt,
} from "../model.ts";
import { cidrProblem, isInside, overlap, rangeOf } from "../ranges.ts";
import { arnOf, ec2Id, immutable, notFound, regional, regionImmutable } from "./naming.ts";
import { type Zone, zonesOf } from "./regions.ts";

const api = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference";
const vpcQuotas = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html";
const vpcSizing = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html";

export const vpcType = "aws:ec2/vpc:Vpc";
export const subnetType = "aws:ec2/subnet:Subnet";

const vpc = defineModel({
  type: vpcType,
  service: "EC2",
  calls: { update: "ModifyVpcAttribute" },
  source: `${api}/API_CreateVpc.html`,
  id: ec2Id("vpc"),
  displayName: nameTag,
  defaults: (inputs, place) => ({
    ...regional(inputs, place),
    enableDnsSupport: true,
    enableDnsHostnames: false,
    enableNetworkAddressUsageMetrics: false,
    instanceTenancy: "default",
    assignGeneratedIpv6CidrBlock: false,
    ownerId: place.account,
  }),
  outputs: (subject) => ({
    arn: arnOf("ec2", subject.place, `vpc/${subject.id}`),
    defaultNetworkAclId: `acl-0${subject.draw("acl", 16, hex)}`,
    defaultRouteTableId: mainRouteTableId(subject),
    mainRouteTableId: mainRouteTableId(subject),
    defaultSecurityGroupId: `sg-0${subject.draw("sg", 16, hex)}`,
    dhcpOptionsId: `dopt-0${subject.draw("dopt", 16, hex)}`,
  }),
  immutable: [
    ...immutable(`${api}/API_CreateVpc.html`, "cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"),
    {
      input: "instanceTenancy",
      source: `${api}/API_ModifyVpcTenancy.html`,
      when: (_before, after) => after === "dedicated",
    },
    regionImmutable,
  ],
  checkInputs: (inputs) => {
    if (inputs["cidrBlock"] === undefined && inputs["ipv4IpamPoolId"] === undefined)
      return [{ input: "cidrBlock", reason: "one of `cidrBlock,ipv4IpamPoolId` must be specified" }];
    return checkCidr(inputs, "cidrBlock");
  },
  rules: [{ on: ["create"], check: vpcRange, source: vpcSizing }],
  quota: {
    limit: 5,
    refusal: () => ({
      code: "VpcLimitExceeded",
      message: "The maximum number of VPCs has been reached.",
    }),
    source: vpcQuotas,
  },
  inUse: (object) => ({
    code: "DependencyViolation",
    message: `The vpc '${object.id}' has dependencies and cannot be deleted.`,
  }),
  sides: (subject, outputs) => [
    {
      type: "aws:ec2/securityGroup:SecurityGroup",
      id: textAt(outputs, "defaultSecurityGroupId") ?? "",
      name: "default",
      inputs: { vpcId: subject.id, name: "default", description: "default VPC security group" },
      outputs: {
        vpcId: subject.id,
        name: "default",
        description: "default VPC security group",
        ownerId: subject.place.account,
      },
    },
    {
      type: "aws:ec2/routeTable:RouteTable",
      id: mainRouteTableId(subject),
      name: "main",
      inputs: { vpcId: subject.id },
      outputs: { vpcId: subject.id, ownerId: subject.place.account },
    },
  ],
  seconds: { create: 3, update: 2, delete: 2 },
});

const subnet = defineModel({
  type: subnetType,
  service: "EC2",
  calls: { update: "ModifySubnetAttribute" },
  source: `${api}/API_CreateSubnet.html`,
  id: ec2Id("subnet"),
  displayName: nameTag,
  defaults: (inputs, place) => ({
    ...regional(inputs, place),
    mapPublicIpOnLaunch: false,
    assignIpv6AddressOnCreation: false,
    enableDns64: false,
    enableResourceNameDnsARecordOnLaunch: false,
    enableResourceNameDnsAaaaRecordOnLaunch: false,
    ipv6Native: false,
    privateDnsHostnameTypeOnLaunch: "ip-name",
    ownerId: place.account,
  }),
  outputs: (subject) => {
    const zone = zoneOf(subject);
    return {
      arn: arnOf("ec2", subject.place, `subnet/${subject.id}`),
      availabilityZone: zone.name,
      availabilityZoneId: zone.id,
    };
  },
  immutable: [
    ...immutable(
      `${api}/API_CreateSubnet.html`,
      "vpcId",
      "cidrBlock",
      "availabilityZone",
      "availabilityZoneId",
      "outpostArn",
      "ipv6Native",
    ),
    regionImmutable,
  ],
  checkInputs: (inputs) => [...checkCidr(inputs, "cidrBlock"), ...oneZone(inputs)],
  references: [
    {
      input: "vpcId",
      to: vpcType,
      missing: (value) => ({
        code: "InvalidVpcID.NotFound",
        message: `The vpc ID '${value}' does not exist`,
      }),
      source: `${api}/errors-overview.html`,
    },
  ],
  rules: [
    { on: ["create"], check: subnetZone, source: `${api}/API_CreateSubnet.html` },
    {
      on: ["create"],
      check: subnetRange,
      source: "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html",
    },
  ],
  quota: {
    limit: 200,
    per: "vpcId",
    refusal: () => ({
      code: "SubnetLimitExceeded",
      message: "The maximum number of subnets for this VPC has been reached.",
    }),
    source: vpcQuotas,
  },
  inUse: (object) => ({
    code: "DependencyViolation",
    message: `The subnet '${object.id}' has dependencies and cannot be deleted.`,
  }),
  seconds: { create: 2, update: 2, delete: 2 },
});

export const ec2Models = [vpc, subnet];

/** People know EC2 resources by their `Name` tag. */
export function nameTag(subject: Subject): string {
  return textAt((subject.inputs["tags"] ?? {}) as Properties, "Name") ?? subject.id;
}

export const missingVpc = notFound("InvalidVpcID.NotFound", "vpc");
export const missingSubnet = notFound("InvalidSubnetID.NotFound", "subnet");

function mainRouteTableId(subject: Subject): string {
  return `rtb-0${subject.draw("rtb", 16, hex)}`;
}

/**
 * Without a zone the cloud chooses one. A zone that is not there is refused before anybody asks, except for a program
 * out of its world: there it is taken as it is.
 */
function zoneOf(subject: Subject): Zone {
  const zones = zonesOf(subject.place.region);
  const name = textAt(subject.inputs, "availabilityZone");
  const id = textAt(subject.inputs, "availabilityZoneId");
  const given = zones.find((zone) => (name === undefined ? zone.id === id : zone.name === name));
  const drawn = zones[Number.parseInt(subject.draw("zone", 6), 16) % Math.max(1, zones.length)];
  const zone = given ?? drawn ?? { name: `${subject.place.region}a`, id: `${subject.place.region}-az1` };
  return { name: name ?? zone.name, id: id ?? zone.id };
}

function oneZone(inputs: Properties): readonly InputFailure[] {
  if (inputs["availabilityZone"] === undefined || inputs["availabilityZoneId"] === undefined) return [];
  return [
    {
      input: "availabilityZone",
      reason: '"availability_zone": conflicts with availability_zone_id',
    },
  ];
}

function checkCidr(inputs: Properties, input: string): readonly InputFailure[] {
  const value = inputs[input];
  if (typeof value !== "string" || isUnknown(value)) return [];
  const problem = cidrProblem(value);
  return problem === undefined ? [] : [{ input, reason: problem }];
}

function vpcRange(subject: Subject): Refusal | undefined {
  const cidr = textAt(subject.inputs, "cidrBlock");
  const range = cidr === undefined ? undefined : rangeOf(cidr);
  if (range === undefined || (range.prefix >= 16 && range.prefix <= 28)) return undefined;
  return { code: "InvalidVpc.Range", message: `The CIDR '${cidr}' is invalid.` };
}

function subnetZone(subject: Subject): Refusal | undefined {
  const zones = zonesOf(subject.place.region);
  const name = textAt(subject.inputs, "availabilityZone");
  if (name !== undefined && !zones.some((zone) => zone.name === name))
    return invalidZone(
      "availabilityZone",
      name,
      zones.map((zone) => zone.name),
    );
  const id = textAt(subject.inputs, "availabilityZoneId");
  if (id !== undefined && !zones.some((zone) => zone.id === id))
    return invalidZone("availabilityZoneId", id, zones.map((zone) => zone.id).sort());
  return undefined;
}

function invalidZone(parameter: string, value: string, allowed: readonly string[]): Refusal {
  return {
    code: "InvalidParameterValue",
    message: `Value (${value}) for parameter ${parameter} is invalid. Subnets can currently only be created in the following availability zones: ${allowed.join(", ")}.`,
  };
}

function subnetRange(subject: Subject, view: CloudView): Refusal | undefined {
  const cidr = textAt(subject.inputs, "cidrBlock");
  const range = cidr === undefined ? undefined : rangeOf(cidr);
  const network = view.find(vpcType, textAt(subject.inputs, "vpcId") ?? "", subject.place);
  if (range === undefined || network === undefined) return undefined;
  const outer = rangeOf(textAt(network.outputs, "cidrBlock") ?? "");
  const outside = outer !== undefined && !isInside(range, outer);
  if (outside || range.prefix < 16 || range.prefix > 28)
    return { code: "InvalidSubnet.Range", message: `The CIDR '${cidr}' is invalid.` };
  for (const other of view.referrers(network, subnetType)) {
    const taken = rangeOf(textAt(other.inputs, "cidrBlock") ?? "");
    if (taken !== undefined && overlap(range, taken))
      return { code: "InvalidSubnet.Conflict", message: `The CIDR '${cidr}' conflicts with another subnet` };
  }
  return undefined;
}
