/** Amazon EC2: VPC endpoints, gateway and interface ones. */
import type { Properties, Value } from "../../values/value.ts";
import { drawText } from "../draw.ts";
import {
  type CloudView,
  defineModel,
  type Refusal,
  type Rule,
  type StoredObject,
  type Subject,
  textAt,
  textsAt,
} from "../model.ts";
import { missingSubnet, missingVpc, nameTag, subnetType, vpcType } from "./ec2.ts";
import { missingTable, routeTableType } from "./ec2-routing.ts";
import { missingSecurityGroup, securityGroupType } from "./ec2-security.ts";
import { arnOf, ec2Id, immutable, regional, regionImmutable } from "./naming.ts";
import { sizeOf } from "./policy-document.ts";

const source = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html";
const guide = "https://docs.aws.amazon.com/vpc/latest/privatelink";
const quotas = `${guide}/vpc-limits-endpoints.html`;

export const vpcEndpointType = "aws:ec2/vpcEndpoint:VpcEndpoint";

/** Services reached by a route: https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html */
const gatewayServices = ["s3", "dynamodb"];

/**
 * Services reached by an address, as of 2026-11-21, those of them that networks ask for most:
 * https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
 */
const interfaceServices = new Set([
  ...["acm-pca", "access-analyzer", "appmesh-envoy-management", "athena", "autoscaling", "backup", "batch"],
  ...["bedrock", "bedrock-runtime", "cloudformation", "cloudtrail", "codeartifact.api"],
  ...["codeartifact.repositories", "codebuild", "codecommit", "codedeploy", "codepipeline", "config"],
  ...["datasync", "dms", "dynamodb", "ebs", "ec2", "ec2messages", "ecr.api", "ecr.dkr", "ecs", "ecs-agent"],
  ...["ecs-telemetry", "eks", "eks-auth", "elasticache", "elasticbeanstalk", "elasticfilesystem"],
  ...["elasticloadbalancing", "email-smtp", "events", "execute-api", "fsx", "git-codecommit", "glue"],
  ...["guardduty-data", "inspector2", "kafka", "kinesis-firehose", "kinesis-streams", "kms", "lakeformation"],
  ...["lambda", "license-manager", "logs", "monitoring", "oidc", "organizations", "rds", "rds-data"],
  ...["redshift", "redshift-data", "s3", "sagemaker.api", "sagemaker.runtime", "secretsmanager"],
  ...["securityhub", "servicecatalog", "servicediscovery", "sns", "sqs", "ssm", "ssm-contacts"],
  ...[
    "ssm-incidents",
    "ssmmessages",
    "states",
    "storagegateway",
    "sts",
    "synthetics",
    "textract",
    "transfer",
  ],
  ...["xray"],
]);

const openPolicy = JSON.stringify({
  Statement: [{ Action: "*", Effect: "Allow", Principal: "*", Resource: "*" }],
  Version: "2008-10-17",
});

const vpcEndpoint = defineModel({
  type: vpcEndpointType,
  service: "EC2",
  calls: { delete: "DeleteVpcEndpoints" },
  source,
  id: ec2Id("vpce"),
  displayName: nameTag,
  defaults: (inputs, place) => ({
    ...regional(inputs, place),
    ownerId: place.account,
    vpcEndpointType: "Gateway",
    privateDnsEnabled: false,
    requesterManaged: false,
    policy: openPolicy,
    routeTableIds: [],
    subnetIds: [],
    serviceRegion: place.region,
    ...(isInterface(inputs) ? { ipAddressType: "ipv4" } : { securityGroupIds: [] }),
  }),
  renewed: ["networkInterfaceIds"],
  outputs: (subject, view) => ({
    arn: arnOf("ec2", subject.place, `vpc-endpoint/${subject.id}`),
    state: "available",
    ...(isInterface(subject.inputs) ? interfaceOutputs(subject, view) : gatewayOutputs(subject)),
  }),
  immutable: [
    ...immutable(
      source,
      "vpcId",
      "serviceName",
      "serviceRegion",
      "vpcEndpointType",
      "resourceConfigurationArn",
      "serviceNetworkArn",
    ),
    regionImmutable,
  ],
  unordered: ["routeTableIds", "subnetIds", "securityGroupIds"],
  references: [
    { input: "vpcId", to: vpcType, missing: missingVpc, source },
    // The routes that the endpoint put into a table go with the table.
    { input: "routeTableIds.*", to: routeTableType, missing: missingTable, onDelete: "ignore", source },
    // Its network interfaces stand in these subnets and carry these groups.
    { input: "subnetIds.*", to: subnetType, missing: missingSubnet, source },
    { input: "securityGroupIds.*", to: securityGroupType, missing: missingSecurityGroup, source },
  ],
  rules: [
    { on: ["create"], check: serviceThere, source: `${guide}/aws-services-privatelink-support.html` },
    { check: fittingInputs, source },
    { check: policySize, source: quotas },
    { check: namesResolve, source: `${guide}/create-interface-endpoint.html` },
    { check: oneSubnetPerZone, source: `${guide}/create-interface-endpoint.html` },
    { check: oneRoutePerTable, source: `${guide}/gateway-endpoints.html` },
    quotaOf("Gateway", 20),
    quotaOf("Interface", 50),
  ],
  seconds: { create: 60, update: 5, delete: 30 },
});

export const ec2EndpointModels = [vpcEndpoint];

function isInterface(inputs: Properties): boolean {
  return inputs["vpcEndpointType"] === "Interface";
}

/** The last part of `com.amazonaws.us-east-1.s3`; undefined for another region and for services of other people. */
function serviceOf({ inputs, place }: Pick<Subject, "inputs" | "place">): string | undefined {
  const prefix = `com.amazonaws.${textAt(inputs, "serviceRegion") ?? place.region}.`;
  const name = textAt(inputs, "serviceName") ?? "";
  return name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
}

function interfaceOutputs(subject: Subject, view: CloudView): Record<string, Value> {
  const { inputs, id, place } = subject;
  const own = `${id}-${subject.draw("dns", 8)}.${serviceOf(subject) ?? "service"}.${place.region}.vpce.simulated`;
  const zone = `Z${subject.draw("zone", 13, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")}`;
  const vpc = view.find(vpcType, textAt(inputs, "vpcId") ?? "", place);
  const groups = textsAt(inputs, "securityGroupIds");
  return {
    dnsEntries: [{ dnsName: own, hostedZoneId: zone }],
    networkInterfaceIds: textsAt(inputs, "subnetIds").map((subnet) => `eni-0${subject.draw(subnet, 16)}`),
    securityGroupIds:
      groups.length > 0 ? [...groups] : [(vpc && textAt(vpc.outputs, "defaultSecurityGroupId")) ?? ""],
  };
}

// One prefix list a service and region, the same for all accounts. Its addresses lead nowhere: RFC 5737.
function gatewayOutputs(subject: Subject): Record<string, Value> {
  return {
    prefixListId: prefixList(subject),
    cidrBlocks: ["198.51.100.0/24"],
    dnsEntries: [],
    networkInterfaceIds: [],
  };
}

function prefixList({ inputs, place }: Pick<Subject, "inputs" | "place">): string {
  return `pl-${drawText([place.region, textAt(inputs, "serviceName") ?? ""], 8)}`;
}

function serviceThere(subject: Subject): Refusal | undefined {
  const name = textAt(subject.inputs, "serviceName") ?? "";
  if (name === "" || /^com\.amazonaws\.vpce\./.test(name)) return undefined;
  const service = serviceOf(subject) ?? "";
  const kinds = [
    ...(gatewayServices.includes(service) ? ["Gateway"] : []),
    ...(interfaceServices.has(service) ? ["Interface"] : []),
  ];
  if (kinds.length === 0)
    return { code: "InvalidServiceName", message: `The Vpc Endpoint Service '${name}' does not exist` };
  const wanted = textAt(subject.inputs, "vpcEndpointType") ?? "Gateway";
  if (kinds.includes(wanted)) return undefined;
  const message = `Endpoint type (${wanted}) does not match available service types ([${kinds.join(", ")}]).`;
  return { code: "InvalidParameter", message };
}

/** What only the other kind of endpoint takes. */
function fittingInputs({ inputs }: Subject): Refusal | undefined {
  const kind = textAt(inputs, "vpcEndpointType") ?? "Gateway";
  const wrong = isInterface(inputs)
    ? [["routeTableIds", "Route table IDs", "Gateway"] as const]
    : [
        ["subnetIds", "Subnet IDs", "Interface"] as const,
        ["securityGroupIds", "Security group IDs", "Interface"] as const,
      ];
  const found = wrong.find(([input]) => textsAt(inputs, input).length > 0);
  if (found !== undefined) {
    const message = `${found[1]} are only supported for ${found[2]} type VPC Endpoint.`;
    return { code: "InvalidParameter", message };
  }
  if (kind !== "Gateway" || inputs["privateDnsEnabled"] !== true) return undefined;
  return { code: "InvalidParameter", message: "Private DNS can't be enabled for endpoint type Gateway." };
}

function policySize({ inputs }: Subject): Refusal | undefined {
  const policy = textAt(inputs, "policy") ?? "";
  if (policy.length <= 20_480) return undefined;
  const message = `The policy has ${policy.length} characters (${sizeOf(policy)} without whitespace); 20480 are allowed`;
  return { code: "InvalidPolicyDocument", message };
}

/** A service's own name can lead to one endpoint of a network, and only where the network resolves names at all. */
function namesResolve(subject: Subject, view: CloudView): Refusal | undefined {
  const { inputs, place, id } = subject;
  if (!isInterface(inputs) || inputs["privateDnsEnabled"] !== true) return undefined;
  const vpc = view.find(vpcType, textAt(inputs, "vpcId") ?? "", place);
  if (vpc === undefined) return undefined;
  if (vpc.inputs["enableDnsSupport"] === false || vpc.inputs["enableDnsHostnames"] !== true) {
    const message = `Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for ${vpc.id}`;
    return { code: "InvalidParameter", message };
  }
  const other = endpointsOf(vpc, view).find(
    (each) =>
      each.id !== id &&
      each.inputs["serviceName"] === inputs["serviceName"] &&
      each.inputs["privateDnsEnabled"] === true,
  );
  if (other === undefined) return undefined;
  const domain = `${serviceOf(subject)?.split(".").reverse().join(".")}.${place.region}.amazonaws.com`;
  const message = `private-dns-enabled cannot be set because there is already a conflicting DNS domain for ${domain} in the VPC ${vpc.id}`;
  return { code: "InvalidParameter", message };
}

function oneSubnetPerZone({ inputs, place }: Subject, view: CloudView): Refusal | undefined {
  const seen = new Set<Value | undefined>();
  for (const id of textsAt(inputs, "subnetIds")) {
    const zone = view.find(subnetType, id, place)?.outputs["availabilityZoneId"];
    if (zone !== undefined && seen.has(zone)) {
      const message = `Found another VPC endpoint subnet in the availability zone of ${id}. VPC endpoint subnets should be in different availability zones supported by the VPC endpoint service.`;
      return { code: "DuplicateSubnetsInSameZone", message };
    }
    seen.add(zone);
  }
  return undefined;
}

function oneRoutePerTable(subject: Subject, view: CloudView): Refusal | undefined {
  const { inputs, place, id } = subject;
  const vpc = view.find(vpcType, textAt(inputs, "vpcId") ?? "", place);
  if (vpc === undefined || isInterface(inputs)) return undefined;
  const wanted = new Set(textsAt(inputs, "routeTableIds"));
  const taken = endpointsOf(vpc, view)
    .filter((each) => each.id !== id && each.inputs["serviceName"] === inputs["serviceName"])
    .flatMap((each) => textsAt(each.inputs, "routeTableIds"))
    .find((table) => wanted.has(table));
  if (taken === undefined) return undefined;
  const message = `route table ${taken} already has a route with destination-prefix-list-id ${prefixList(subject)}`;
  return { code: "RouteAlreadyExists", message };
}

function endpointsOf(vpc: StoredObject, view: CloudView): readonly StoredObject[] {
  return view.referrers(vpc, vpcEndpointType);
}

/** Gateway endpoints are counted in a region, interface ones in a network. */
function quotaOf(kind: "Gateway" | "Interface", limit: number): Rule {
  return {
    on: ["create"],
    check: ({ inputs, place }, view) => {
      if ((textAt(inputs, "vpcEndpointType") ?? "Gateway") !== kind) return undefined;
      const vpc = view.find(vpcType, textAt(inputs, "vpcId") ?? "", place);
      const all = kind === "Gateway" ? view.list(vpcEndpointType, place) : vpc ? endpointsOf(vpc, view) : [];
      const count = all.filter((each) => isInterface(each.inputs) === (kind === "Interface")).length;
      if (count < limit) return undefined;
      const message = `The maximum number of ${kind === "Gateway" ? "gateway" : "interface"} VPC endpoints has been reached.`;
      return { code: "VpcEndpointLimitExceeded", message };
    },
    source: quotas,
  };
}
