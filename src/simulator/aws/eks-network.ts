/** Amazon EKS: what a cluster's network, endpoint and service range must be. */
import { asMap, type CloudView, mapAt, type Refusal, type Subject, textAt, textsAt } from "../model.ts";
import { isInside, overlap, rangeOf } from "../ranges.ts";
import { subnetType, vpcType } from "./ec2.ts";
import { zonesWithoutEks } from "./regions.ts";

export const invalidParameter = (message: string): Refusal => ({
  code: "InvalidParameterException",
  message,
});

const serviceRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
const privateRanges = [...serviceRanges, "100.64.0.0/10"];

function isIn(ranges: readonly string[], text: string): boolean {
  const range = rangeOf(text);
  const outer = ranges.map(rangeOf).filter((each) => each !== undefined);
  return range !== undefined && outer.some((each) => isInside(range, each));
}

function areOverlapping(one: string, other: string): boolean {
  const [left, right] = [rangeOf(one), rangeOf(other)];
  return left !== undefined && right !== undefined && overlap(left, right);
}

/** At most 40 ranges, none of them private; and somebody must be able to reach the API. */
export function publicRanges(subject: Subject): Refusal | undefined {
  const network = mapAt(subject.inputs, "vpcConfig");
  const ranges = textsAt(network, "publicAccessCidrs");
  if (network["endpointPublicAccess"] === false && network["endpointPrivateAccess"] !== true)
    return invalidParameter("Private and public endpoint access cannot be false");
  if (ranges.length > 40)
    return invalidParameter("The number of publicAccessCidrs exceeds the maximum allowed of 40");
  const reserved = ranges.filter((each) => isIn(privateRanges, each));
  if (reserved.length === 0) return undefined;
  return invalidParameter(
    `The following CIDRs are not allowed in publicAccessCidrs: [${reserved.join(", ")}]`,
  );
}

/** Inside a private range, /12 to /24, off the network. */
export function serviceRange(subject: Subject, view: CloudView): Refusal | undefined {
  const range = textAt(mapAt(subject.inputs, "kubernetesNetworkConfig"), "serviceIpv4Cidr");
  if (range === undefined) return undefined;
  const prefix = Number(range.split("/")[1]);
  if (prefix < 12 || prefix > 24 || !isIn(serviceRanges, range))
    return invalidParameter(
      `The specified service CIDR ${range} is not within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, between /12 and /24`,
    );
  const [first = ""] = textsAt(asMap(subject.inputs["vpcConfig"]), "subnetIds");
  const vpcId = textAt(view.find(subnetType, first, subject.place)?.inputs ?? {}, "vpcId") ?? "";
  const block = textAt(view.find(vpcType, vpcId, subject.place)?.inputs ?? {}, "cidrBlock");
  return block !== undefined && areOverlapping(block, range)
    ? invalidParameter(`The specified service CIDR ${range} overlaps with the VPC CIDR ${block}`)
    : undefined;
}

/** A cluster can be told of other subnets, but of none outside of the network it was made in. */
export function clusterNetwork({ inputs, old, place }: Subject, view: CloudView): Refusal | undefined {
  const [first = ""] = textsAt(asMap(inputs["vpcConfig"]), "subnetIds");
  const before = textAt(mapAt(old?.outputs ?? {}, "vpcConfig"), "vpcId");
  const after = textAt(view.find(subnetType, first, place)?.inputs ?? {}, "vpcId");
  if (before === undefined || after === undefined || before === after) return undefined;
  return invalidParameter(`Subnets specified must be in the VPC of the cluster: ${before}`);
}

/** Subnets of a cluster stand in at least two zones of one network, and in none that EKS cannot use. */
export function clusterSubnets(subject: Subject, view: CloudView): Refusal | undefined {
  const ids = textsAt(asMap(subject.inputs["vpcConfig"]), "subnetIds");
  const subnets = ids.flatMap((id) => view.find(subnetType, id, subject.place) ?? []);
  const networks = new Set(subnets.map((each) => each.inputs["vpcId"]));
  const zones = subnets.map((each) => textAt(each.outputs, "availabilityZone") ?? "");
  if (networks.size > 1) return invalidParameter("Subnets specified must be in the same VPC");
  if (new Set(zones).size < 2)
    return invalidParameter("Subnets specified must be in at least two different AZs");
  const unusable = subnets.find((each) =>
    zonesWithoutEks.includes(textAt(each.outputs, "availabilityZoneId") ?? ""),
  );
  if (unusable !== undefined)
    return {
      code: "UnsupportedAvailabilityZoneException",
      message: `Cannot create cluster '${subject.id}' because ${textAt(unusable.outputs, "availabilityZone")}, the targeted availability zone, does not currently have sufficient capacity to support the cluster.`,
    };
  const vpc = view.find(vpcType, String([...networks][0] ?? ""), subject.place);
  const resolves =
    vpc === undefined ||
    (vpc.outputs["enableDnsSupport"] !== false && vpc.outputs["enableDnsHostnames"] === true);
  return resolves
    ? undefined
    : invalidParameter(`The VPC ${vpc.id} must have DNS hostname and DNS resolution support`);
}
