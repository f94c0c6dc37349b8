/**
 * How a network's range is cut, the same way on every cloud. Half is for workloads, an eighth each for what faces the
 * internet and for databases, and the last quarter stays free. Every tier has a fixed place for up to eight zones,
 * so another zone or a shorter list never moves the subnets of the others.
 */
import { type Cidr, cutSubnets, formatCidr } from "../../../src/values/cidr.ts";

export const tiers = ["public", "private", "database"] as const;
export type Tier = (typeof tiers)[number];

/** Places of a tier, of which a network uses as many as it has zones. */
export const zonePlaces = 8;

// Place of each tier in eighths of the network: how many bits longer its prefix is, and which such range it is.
const shares: { readonly [T in Tier]: { readonly bits: number; readonly index: number } } = {
  private: { bits: 1, index: 0 },
  public: { bits: 3, index: 4 },
  database: { bits: 3, index: 5 },
};

/** Longest prefix that a network can have so that no zone's subnet is longer than `subnetPrefix`. */
export function longestNetworkPrefix(subnetPrefix: number, places: number = zonePlaces): number {
  return subnetPrefix - Math.max(...tiers.map((tier) => shares[tier].bits)) - Math.log2(places);
}

/** The whole range of a tier. */
export function tierRange(network: Cidr, tier: Tier): string {
  return formatCidr(cutTier(network, tier));
}

/** The range of a tier in one zone; `place` counts from 0. */
export function zoneRange(network: Cidr, tier: Tier, place: number): string {
  const range = cutTier(network, tier);
  const [cut] = cutSubnets(range, range.prefix + Math.log2(zonePlaces), 1, place);
  return formatCidr(cut as Cidr);
}

function cutTier(network: Cidr, tier: Tier): Cidr {
  const { bits, index } = shares[tier];
  const [range] = cutSubnets(network, network.prefix + bits, 1, index);
  return range as Cidr;
}
