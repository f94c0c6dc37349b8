/** Whether a network has room for a cluster's nodes and pods, and services keep off it. AWS: pods live in its subnets. */
import type { FieldRefusal, Place, ReferredFields } from "../../../src/catalog/component.ts";
import { type Cidr, contains, formatCidr, overlaps, parseCidr, sizeOf } from "../../../src/values/cidr.ts";
import { networkPrefix } from "../../limits/aws.ts";
import {
  advisedSubnetAddresses,
  bridgeRange,
  clusterSubnetAddresses,
  podBlockPrefix,
  servicePrefix,
  serviceRanges,
  warmPodBlocks,
} from "../../limits/aws-eks.ts";
import { reservedPerSubnet } from "../../limits/aws-network.ts";
import { longestNetworkPrefix, zoneRange } from "../../network/vpc/layout.ts";
import { leastCpus } from "./check-nodes.ts";
import type { ClusterFields } from "./cluster-fields.ts";

/** Ranges that are proposed for services, in this order. */
const proposals = ["172.20.0.0/16", "10.100.0.0/16", "192.168.0.0/16", "172.24.0.0/16"];

export function checkAddresses(
  fields: ClusterFields,
  { cloud }: Place,
  network: ReferredFields | undefined,
): readonly FieldRefusal[] {
  if (cloud !== "aws") return [];
  const range = rangeOf(network);
  return [
    ...checkServiceRange(fields.serviceRange, range, network?.address ?? ""),
    ...checkZones(network),
    ...(range === undefined || network === undefined ? [] : checkSubnets(fields, range, network)),
  ];
}

function checkServiceRange(
  text: string | undefined,
  network: Cidr | undefined,
  address: string,
): readonly FieldRefusal[] {
  const range = text === undefined ? undefined : read(text);
  if (text === undefined || range === undefined) return [];
  const free = proposals.find((each) => {
    const proposed = read(each);
    return proposed !== undefined && (network === undefined || !overlaps(proposed, network));
  });
  const refuse = (code: FieldRefusal["code"], message: string, allowed: string): readonly FieldRefusal[] => [
    { field: "serviceRange", code, message, allowed, ...(free === undefined ? {} : { nearest: free }) },
  ];
  const { from, to } = servicePrefix;
  if (range.prefix < from || range.prefix > to)
    return refuse("bad-value", `EKS takes no /${range.prefix} for services`, `/${from} to /${to}`);
  if (!serviceRanges.oneOf.some((each) => contains(cidr(each), range)))
    return refuse("bad-value", `${text} is not private`, `a range in ${serviceRanges.oneOf.join(", ")}`);
  if (overlaps(range, cidr(bridgeRange.is)))
    return refuse(
      "cidr-reserved",
      `${text} holds ${bridgeRange.is}, the bridge of containers`,
      `off ${bridgeRange.is}`,
    );
  if (network !== undefined && overlaps(range, network))
    return refuse(
      "cidr-overlap",
      `${text} overlaps ${formatCidr(network)} of ${address}`,
      `off ${formatCidr(network)}`,
    );
  return [];
}

/** https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html, as of 2026-11-21. */
function checkZones(network: ReferredFields | undefined): readonly FieldRefusal[] {
  const zones = network?.fields["zones"];
  if (network === undefined || typeof zones !== "number" || zones >= 2) return [];
  return [
    {
      field: "network",
      code: "bad-range",
      message: `${network.address} has one zone, and EKS wants subnets in two: its control plane survives the loss of one`,
      allowed: "a network with `zones: 2` or more",
      next: `Write \`zones: 3\` on ${network.address}.`,
    },
  ];
}

function checkSubnets(
  fields: ClusterFields,
  network: Cidr,
  { address, fields: { zones } }: ReferredFields,
): readonly FieldRefusal[] {
  const free = freeAddresses(network);
  const { least } = clusterSubnetAddresses;
  const advised = advisedSubnetAddresses.least;
  const wanted = mostNodes(fields);
  const count = typeof zones === "number" ? zones : 1;
  const possible = nodesIn(network, fields.podsPerNode) * count;
  const refusals: FieldRefusal[] = [];
  if (free < advised) {
    refusals.push({
      field: "network",
      code: "too-few-addresses",
      severity: free < least ? "error" : "warning",
      message: `each private subnet of ${address} (${formatCidr(network)}) has ${free} free addresses; EKS needs ${least} of its own and advises ${advised}`,
      allowed: `a /${prefixWhere(network, (each) => freeAddresses(each) >= advised)} or shorter`,
    });
  }
  if (wanted > possible) refusals.push(tooFew(fields, network, { address, count, wanted, possible }));
  return refusals;
}

interface Room {
  readonly address: string;
  readonly count: number;
  readonly wanted: number;
  readonly possible: number;
}

function tooFew(fields: ClusterFields, network: Cidr, room: Room): FieldRefusal {
  const { address, count, wanted, possible } = room;
  const prefix = prefixWhere(network, (each) => nodesIn(each, fields.podsPerNode) * count >= wanted);
  const pools = poolsOf(fields);
  const cpu = Math.floor((possible - fields.nodes) / Math.max(pools, 1)) * leastCpus;
  const wider = prefix === undefined ? [] : [`a /${prefix} or shorter for ${address}`];
  const fewer = pools > 0 && cpu >= leastCpus ? [`\`limits\` with cpu ${cpu}`] : [];
  return {
    field: pools === 0 ? "nodes" : "limits",
    code: "too-few-addresses",
    message: `up to ${wanted} nodes are wanted, and the ${count} private subnets of ${address} (${formatCidr(network)}) take ${possible}: each needs ${addressesPerNode(fields.podsPerNode)} addresses for ${fields.podsPerNode} pods`,
    allowed: [...wider, ...fewer, "fewer `podsPerNode`"].join("; "),
  };
}

/** Nodes at the maximum of everything that adds some: system nodes, and the smallest machines up to each pool's limit. */
function mostNodes(fields: ClusterFields): number {
  return fields.nodes + poolsOf(fields) * Math.ceil(fields.limits.cpu / leastCpus);
}

function poolsOf({ autoscaling, capacity, architectures }: ClusterFields): number {
  return autoscaling === "none" ? 0 : capacity.length * architectures.length;
}

/** Whole blocks for its pods, the ones kept warm, and one block that its interfaces' own addresses break up. */
function blocksPerNode(pods: number): number {
  return Math.ceil(pods / blockSize) + warmPodBlocks.is;
}

function addressesPerNode(pods: number): number {
  return blocksPerNode(pods) * blockSize;
}

const blockSize = 2 ** (32 - podBlockPrefix.is);

// The first block of a subnet and its last one hold the cloud's own addresses, and those of the nodes' interfaces.
function nodesIn(network: Cidr, pods: number): number {
  const blocks = sizeOf(privateSubnet(network)) / blockSize - 2;
  return Math.max(Math.floor(blocks / blocksPerNode(pods)), 0);
}

function freeAddresses(network: Cidr): number {
  return sizeOf(privateSubnet(network)) - reservedPerSubnet.is;
}

/** As the network is cut: all zones' subnets are of one size. */
function privateSubnet(network: Cidr): Cidr {
  return cidr(zoneRange(network, "private", 0));
}

/** The longest prefix of a network at this place that is enough; undefined where none is. */
function prefixWhere({ base }: Cidr, isEnough: (network: Cidr) => boolean): number | undefined {
  const longest = longestNetworkPrefix(networkPrefix.to);
  for (let prefix = longest; prefix >= networkPrefix.from; prefix--) {
    if (isEnough({ base: base - (base % 2 ** (32 - prefix)), prefix })) return prefix;
  }
  return undefined;
}

function rangeOf(network: ReferredFields | undefined): Cidr | undefined {
  const text = network?.fields["cidr"];
  return typeof text === "string" ? read(text) : undefined;
}

function read(text: string): Cidr | undefined {
  const parsed = parseCidr(text);
  return parsed.ok ? parsed.cidr : undefined;
}

function cidr(text: string): Cidr {
  const parsed = read(text);
  if (parsed === undefined) throw new RangeError(text);
  return parsed;
}
