/** What a place refuses of a network: zones its region lacks, ranges its cloud does not take or that leave no room. */
import type { FieldRefusal, Place } from "../../../src/catalog/component.ts";
import type { Cloud } from "../../../src/model/words.ts";
import { type Cidr, formatCidr, overlaps, parseCidr, resize } from "../../../src/values/cidr.ts";
import { networkPrefix as awsPrefix, zonesByRegion } from "../../limits/aws.ts";
import {
  defaultNetworkRange,
  loadBalancerAddresses,
  loadBalancerPrefix,
  reservedPerSubnet,
} from "../../limits/aws-network.ts";
import { networkPrefix as gcpPrefix, reservedPerSubnet as reservedByGoogle } from "../../limits/gcp.ts";
import { longestNetworkPrefix, zonePlaces } from "./layout.ts";

export function checkZones(
  zones: number,
  { cloud, region, environmentClass }: Place,
): readonly FieldRefusal[] {
  if (cloud !== "aws") return [];
  const known = zonesByRegion.byName[region];
  if (known === undefined) {
    const message = `the availability zones of ${region} are not known (list of 2026-11-21)`;
    return [
      { field: "zones", code: "bad-value", message, allowed: Object.keys(zonesByRegion.byName).join(", ") },
    ];
  }
  if (zones > known.length) {
    const message = `${region} has ${known.length} zones that can host every component, not ${zones} (list of 2026-11-21)`;
    const allowed = `1 to ${known.length}`;
    return [{ field: "zones", code: "bad-value", message, allowed, nearest: `${known.length}` }];
  }
  if (zones > 1 || environmentClass !== "prod") return [];
  const message =
    "one zone in prod goes down with that zone, and neither EKS nor a standby database fits into it";
  return [{ field: "zones", code: "bad-value", message, allowed: `2 to ${known.length}`, nearest: "2" }];
}

interface RangeLimit {
  /** Who sets the larger bound. */
  readonly cloud: string;
  readonly smallestPrefix: number;
  readonly largestPrefix: number;
  /** Why nothing smaller will do, given the prefix that was wanted. */
  readonly tooSmall: (prefix: number) => string;
}

const rangeLimits: { readonly [C in Cloud]?: RangeLimit } = {
  // The smallest subnets are those of the public tier, and load balancers stand in them.
  aws: {
    cloud: "AWS",
    smallestPrefix: awsPrefix.from,
    largestPrefix: longestNetworkPrefix(loadBalancerPrefix.most),
    tooSmall: (prefix) => {
      const own = prefix + awsPrefix.to - longestNetworkPrefix(awsPrefix.to);
      const what = own > 32 ? "less than one address" : `a /${own}`;
      return `it is cut into three tiers of ${zonePlaces} places, the smallest of them ${what}; load balancers need a /${loadBalancerPrefix.most} with ${loadBalancerAddresses.least} free addresses, and AWS keeps ${reservedPerSubnet.is} of each subnet`;
    },
  },
  // A tier is one subnet that spans all zones.
  gcp: {
    cloud: "Google Cloud",
    smallestPrefix: gcpPrefix.from,
    largestPrefix: longestNetworkPrefix(gcpPrefix.to, 1),
    tooSmall: () =>
      `it is cut into three tiers, none smaller than a /${gcpPrefix.to}, of which Google Cloud keeps ${reservedByGoogle.is} addresses`,
  },
};

export function checkRange(text: string | undefined, { cloud }: Place): readonly FieldRefusal[] {
  const parsed = text === undefined ? undefined : parseCidr(text);
  const limit = rangeLimits[cloud];
  if (parsed === undefined || !parsed.ok || limit === undefined) return [];
  return [...checkSize(parsed.cidr, limit), ...(cloud === "aws" ? warnOfDefaultNetwork(parsed.cidr) : [])];
}

/**
 * A network could be made anew with another range, but nothing that stands in it could follow: on AWS neither a
 * database's subnets nor a cluster leave the network they were made in.
 * Sources, 2026-11-21: https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateClusterConfig.html,
 * https://github.com/hashicorp/terraform-provider-aws/issues/27459
 */
export function checkRangeChange(
  before: string | undefined,
  after: string | undefined,
): readonly FieldRefusal[] {
  if (before === undefined || after === undefined || before === after) return [];
  const message = `a network keeps its range for life, and this one has ${before}: what stands in it could not follow`;
  const next = "Keep the range, and make a second network of the new one beside it.";
  return [{ field: "cidr", code: "bad-change", message, allowed: before, nearest: before, next }];
}

function checkSize(range: Cidr, limit: RangeLimit): readonly FieldRefusal[] {
  const { prefix } = range;
  const { smallestPrefix: from, largestPrefix: to } = limit;
  if (prefix >= from && prefix <= to) return [];
  const isLarge = prefix < from;
  const message = isLarge
    ? `a /${prefix} is too large: ${limit.cloud} takes no network above /${from}`
    : `a /${prefix} is too small: ${limit.tooSmall(prefix)}`;
  const nearest = formatCidr(resize(range, isLarge ? from : to));
  return [{ field: "cidr", code: "bad-value", message, allowed: `/${from} to /${to}`, nearest }];
}

function warnOfDefaultNetwork(range: Cidr): readonly FieldRefusal[] {
  const reserved = parseCidr(defaultNetworkRange.is);
  if (!reserved.ok || !overlaps(range, reserved.cidr)) return [];
  const message = `${formatCidr(range)} overlaps ${defaultNetworkRange.is}, the range of every region's default VPC: the two can never be peered`;
  const next = "Choose another range, unless the account has no default VPC.";
  return [{ field: "cidr", code: "cidr-reserved", severity: "warning", message, next }];
}
