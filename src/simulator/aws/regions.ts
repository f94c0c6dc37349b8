/**
 * AWS regions and their availability zones as a new account sees them, written down 2026-11-21.
 * Regions and zone ids: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html,
 * without the zones that new accounts are not given: usw1-az2 (says that page) and apne1-az3 (EC2 refuses it by name).
 * Letters of the oldest regions differ from account to account and no page lists them: those here are one account's,
 * as https://github.com/getmoto/moto/blob/master/moto/ec2/models/availability_zones_and_regions.py publishes them. For
 * regions missing there the letters are assumed to follow the ids.
 */

interface RegionInfo {
  /** Prefix of zone ids: `use1` of `use1-az1`. */
  readonly prefix: string;
  /** Letter of each zone and number of its id: `a6` is zone `a` with id `…-az6`. */
  readonly zones: string;
}

const table: Readonly<Record<string, RegionInfo>> = {
  "us-east-1": { prefix: "use1", zones: "a6 b1 c2 d4 e3 f5" },
  "us-east-2": { prefix: "use2", zones: "a1 b2 c3" },
  "us-west-1": { prefix: "usw1", zones: "a3 b1" },
  "us-west-2": { prefix: "usw2", zones: "a2 b1 c3 d4" },
  "ca-central-1": { prefix: "cac1", zones: "a1 b2 d4" },
  "ca-west-1": { prefix: "caw1", zones: "a1 b2 c3" },
  "mx-central-1": { prefix: "mxc1", zones: "a1 b2 c3" },
  "sa-east-1": { prefix: "sae1", zones: "a1 b2 c3" },
  "eu-central-1": { prefix: "euc1", zones: "a2 b3 c1" },
  "eu-central-2": { prefix: "euc2", zones: "a1 b2 c3" },
  "eu-north-1": { prefix: "eun1", zones: "a1 b2 c3" },
  "eu-south-1": { prefix: "eus1", zones: "a1 b2 c3" },
  "eu-south-2": { prefix: "eus2", zones: "a1 b2 c3" },
  "eu-west-1": { prefix: "euw1", zones: "a3 b1 c2" },
  "eu-west-2": { prefix: "euw2", zones: "a2 b3 c1 d4" },
  "eu-west-3": { prefix: "euw3", zones: "a1 b2 c3" },
  "ap-east-1": { prefix: "ape1", zones: "a1 b2 c3" },
  "ap-east-2": { prefix: "ape2", zones: "a1 b2 c3" },
  "ap-northeast-1": { prefix: "apne1", zones: "a4 c1 d2" },
  "ap-northeast-2": { prefix: "apne2", zones: "a1 b2 c3 d4" },
  "ap-northeast-3": { prefix: "apne3", zones: "a1 b2 c3" },
  "ap-south-1": { prefix: "aps1", zones: "a1 b3 c2" },
  "ap-south-2": { prefix: "aps2", zones: "a1 b2 c3" },
  "ap-southeast-1": { prefix: "apse1", zones: "a1 b2 c3" },
  "ap-southeast-2": { prefix: "apse2", zones: "a1 b3 c2" },
  "ap-southeast-3": { prefix: "apse3", zones: "a1 b2 c3" },
  "ap-southeast-4": { prefix: "apse4", zones: "a1 b2 c3" },
  "ap-southeast-5": { prefix: "apse5", zones: "a1 b2 c3" },
  "ap-southeast-6": { prefix: "apse6", zones: "a1 b2 c3" },
  "ap-southeast-7": { prefix: "apse7", zones: "a1 b2 c3" },
  "af-south-1": { prefix: "afs1", zones: "a1 b2 c3" },
  "il-central-1": { prefix: "ilc1", zones: "a1 b2 c3" },
  "me-central-1": { prefix: "mec1", zones: "a1 b2 c3" },
  "me-south-1": { prefix: "mes1", zones: "a1 b2 c3" },
};

export const awsRegions: readonly string[] = Object.keys(table);

export interface Zone {
  /** As the account calls it: `us-east-1a`. */
  readonly name: string;
  /** The same place in every account: `use1-az6`. */
  readonly id: string;
}

const zonesByRegion: ReadonlyMap<string, readonly Zone[]> = new Map(
  Object.entries(table).map(([region, { prefix, zones }]) => [
    region,
    zones.split(" ").map((zone) => ({ name: `${region}${zone[0]}`, id: `${prefix}-az${zone.slice(1)}` })),
  ]),
);

/** Zones of a region in the order of their letters; empty for an unknown one. */
export function zonesOf(region: string): readonly Zone[] {
  return zonesByRegion.get(region) ?? [];
}

/** Zones that cannot host an EKS control plane: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html */
export const zonesWithoutEks: readonly string[] = ["use1-az3", "usw1-az2", "cac1-az3"];
