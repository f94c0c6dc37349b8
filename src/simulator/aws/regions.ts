/**
 * AWS regions and their availability zones as a fresh account sees them. Written down 2026-11-21 from knowledge of
 * https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
 * Letters are the simulated account's own: real accounts may map letters to zone ids differently.
 */

interface RegionInfo {
  readonly zones: string;
  /** Prefix of zone ids: `use1-az1`. */
  readonly zoneId: string;
}

const table: Readonly<Record<string, RegionInfo>> = {
  "us-east-1": { zones: "abcdef", zoneId: "use1" },
  "us-east-2": { zones: "abc", zoneId: "use2" },
  "us-west-1": { zones: "bc", zoneId: "usw1" },
  "us-west-2": { zones: "abcd", zoneId: "usw2" },
  "ca-central-1": { zones: "abd", zoneId: "cac1" },
  "ca-west-1": { zones: "abc", zoneId: "caw1" },
  "mx-central-1": { zones: "abc", zoneId: "mxc1" },
  "sa-east-1": { zones: "abc", zoneId: "sae1" },
  "eu-central-1": { zones: "abc", zoneId: "euc1" },
  "eu-central-2": { zones: "abc", zoneId: "euc2" },
  "eu-north-1": { zones: "abc", zoneId: "eun1" },
  "eu-south-1": { zones: "abc", zoneId: "eus1" },
  "eu-south-2": { zones: "abc", zoneId: "eus2" },
  "eu-west-1": { zones: "abc", zoneId: "euw1" },
  "eu-west-2": { zones: "abc", zoneId: "euw2" },
  "eu-west-3": { zones: "abc", zoneId: "euw3" },
  "ap-east-1": { zones: "abc", zoneId: "ape1" },
  "ap-northeast-1": { zones: "acd", zoneId: "apne1" },
  "ap-northeast-2": { zones: "abcd", zoneId: "apne2" },
  "ap-northeast-3": { zones: "abc", zoneId: "apne3" },
  "ap-south-1": { zones: "abc", zoneId: "aps1" },
  "ap-south-2": { zones: "abc", zoneId: "aps2" },
  "ap-southeast-1": { zones: "abc", zoneId: "apse1" },
  "ap-southeast-2": { zones: "abc", zoneId: "apse2" },
  "ap-southeast-3": { zones: "abc", zoneId: "apse3" },
  "ap-southeast-4": { zones: "abc", zoneId: "apse4" },
  "af-south-1": { zones: "abc", zoneId: "afs1" },
  "il-central-1": { zones: "abc", zoneId: "ilc1" },
  "me-central-1": { zones: "abc", zoneId: "mec1" },
  "me-south-1": { zones: "abc", zoneId: "mes1" },
};

export const awsRegions: readonly string[] = Object.keys(table);

/** Names of the zones of a region; empty for an unknown one. */
export function zonesOf(region: string): readonly string[] {
  return [...(table[region]?.zones ?? "")].map((letter) => `${region}${letter}`);
}

/** Id of a zone, such as `use1-az1`. */
export function zoneIdOf(zone: string): string {
  const region = zone.slice(0, -1);
  return `${table[region]?.zoneId ?? region}-az${zonesOf(region).indexOf(zone) + 1}`;
}

/** Zones of us-east-1 that cannot host an EKS control plane: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html */
export const zonesWithoutEks: readonly string[] = ["us-east-1e"];
