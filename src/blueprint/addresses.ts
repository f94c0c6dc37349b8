/**
 * Address blocks of an environment: explicit ones checked against everything else, the others cut from the pool.
 * Pure: what is taken is handed in, and the ledger's lock is the caller's.
 */
import type { AddressPool } from "../model/documents.ts";
import type { TakenBlock } from "../model/record.ts";
import type { AddressPurpose, Cloud, EnvironmentClass } from "../model/words.ts";
import { type Cidr, contains, formatCidr, nextFreeBlock, overlaps, parseCidr } from "../values/cidr.ts";

/** What is used without an AddressPool document. */
export const defaultPrefixes: readonly string[] = ["10.0.0.0/9"];

/**
 * Service ranges where no AddressPool document serves them: outside the default pool, and what EKS itself takes for a
 * VPC in 10.0.0.0/8 (https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html, as of 2026-11-21).
 */
export const defaultServicePrefixes: readonly string[] = ["172.20.0.0/14"];

/**
 * Never cut from the default pool, though private: what the defaults of widespread tools use, so that they can be
 * peered or run inside. 10.128.0.0/9 stays out too: Google Cloud's auto-mode networks.
 * Sources, as of 2026-11-21: AKS "Configure kubenet" (service range 10.0.0.0/16), kubeadm (services 10.96.0.0/12),
 * k3s (10.42.0.0/16, 10.43.0.0/16), Google Cloud "VPC networks" (auto mode).
 */
export const defaultReserved: readonly string[] = ["10.0.0.0/16", "10.42.0.0/15", "10.96.0.0/12"];

interface ReservedRange {
  readonly range: string;
  readonly by: string;
  /** Absent: everywhere. */
  readonly cloud?: Cloud;
}

/**
 * Ranges that no network may use. Sources, as of 2026-11-21: RFC 6890; AWS "VPC CIDR blocks" (172.17.0.0/16: Cloud9,
 * SageMaker); AKS "Networking prerequisites"; Google Cloud "Private Google Access" (199.36.153.x).
 */
const reservedRanges: readonly ReservedRange[] = [
  { range: "0.0.0.0/8", by: "RFC 1122 (this network)" },
  { range: "100.64.0.0/10", by: "RFC 6598 (carrier-grade NAT)" },
  { range: "127.0.0.0/8", by: "RFC 1122 (loopback)" },
  { range: "169.254.0.0/16", by: "RFC 3927 (link-local, metadata services)" },
  { range: "172.17.0.0/16", by: "container bridge networks and AWS services" },
  { range: "224.0.0.0/3", by: "RFC 5771 (multicast and above)" },
  { range: "199.36.153.4/30", by: "Google's restricted API range", cloud: "gcp" },
  { range: "199.36.153.8/30", by: "Google's private API range", cloud: "gcp" },
  { range: "172.30.0.0/16", by: "AKS", cloud: "azure" },
  { range: "172.31.0.0/16", by: "AKS", cloud: "azure" },
  { range: "192.0.2.0/24", by: "AKS", cloud: "azure" },
];

/** What nobody owns on the internet: RFC 1918. */
const privateRanges: readonly string[] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/**
 * Who keeps a part of this range to themselves. Clouds take public ranges for networks too, but whoever they belong to
 * can then not be reached from inside.
 */
export function reservedBy(block: Cidr, cloud: Cloud): string | undefined {
  const reserved = reservedRanges.find(
    (each) => (each.cloud === undefined || each.cloud === cloud) && overlaps(toCidr(each.range), block),
  );
  if (reserved !== undefined) return reserved.by;
  if (privateRanges.some((range) => contains(toCidr(range), block))) return undefined;
  return `its owners on the internet; private are ${privateRanges.join(", ")}`;
}

interface Taken {
  readonly cidr: Cidr;
  readonly purpose: AddressPurpose;
  readonly owner: string;
}

/** Who wants a block. */
export interface Want {
  readonly environmentClass: EnvironmentClass;
  readonly region: string;
  readonly purpose: AddressPurpose;
  /** Length of the prefix. */
  readonly prefix: number;
}

/** Hands out the blocks of one environment, one after the other. */
export class AddressPlan {
  readonly #pools: readonly AddressPool[];
  readonly #taken: Taken[];
  readonly #reserved: readonly Cidr[];

  constructor(pools: readonly AddressPool[], taken: readonly TakenBlock[]) {
    this.#pools = pools;
    this.#taken = taken.map(({ block, purpose, owner }) => ({ cidr: toCidr(block), purpose, owner }));
    this.#reserved = reservedOf(pools).map(({ range }) => toCidr(range));
  }

  /** Who holds a part of this block, so that it cannot be used for this. */
  ownerOf(
    block: Cidr,
    purpose: AddressPurpose,
  ): { readonly owner: string; readonly block: string; readonly purpose: AddressPurpose } | undefined {
    const found = this.#taken.find((each) => overlaps(each.cidr, block) && excludes(each.purpose, purpose));
    if (found === undefined) return undefined;
    return { owner: found.owner, block: formatCidr(found.cidr), purpose: found.purpose };
  }

  take(block: Cidr, purpose: AddressPurpose, owner: string): void {
    this.#taken.push({ cidr: block, purpose, owner });
  }

  /** The lowest free block that serves; undefined when the pools have none. */
  nextFree(want: Want): Cidr | undefined {
    const taken = this.#taken.filter((each) => excludes(each.purpose, want.purpose)).map((each) => each.cidr);
    return nextFreeBlock(this.#prefixesFor(want), [...taken, ...this.#reserved], want.prefix);
  }

  /** Which pools serve this, and how much of them: `default 10.0.0.0/9`. */
  describePools(want: Want): string {
    const found = poolRanges(this.#pools).filter((each) => serves(each, want));
    return found.map((each) => `${each.pool} ${each.prefixes.join(", ")}`).join("; ") || "none";
  }

  /** Whether an explicit block overlaps what an AddressPool reserves. */
  isReservedByPool(block: Cidr): boolean {
    const reserved = this.#pools.flatMap((pool) => pool.reserved).map(toCidr);
    return reserved.some((each) => overlaps(each, block));
  }

  #prefixesFor(want: Want): readonly Cidr[] {
    return poolRanges(this.#pools)
      .filter((each) => serves(each, want))
      .flatMap((each) => each.prefixes.map(toCidr));
  }
}

/** Service ranges may be alike: each is known inside its own cluster only. */
function excludes(one: AddressPurpose, other: AddressPurpose): boolean {
  return one !== "services" || other !== "services";
}

/** Ranges of one pool that serve the same classes, regions and purposes. */
export interface PoolRange {
  /** Name of the AddressPool document; `default` for what is built in. */
  readonly pool: string;
  readonly purpose: readonly AddressPurpose[];
  readonly class?: readonly EnvironmentClass[] | undefined;
  readonly region?: readonly string[] | undefined;
  readonly prefixes: readonly string[];
}

/** What blocks are cut from, built-in ranges included where no document says otherwise. */
export function poolRanges(pools: readonly AddressPool[]): readonly PoolRange[] {
  const written = pools.flatMap((pool) =>
    pool.blocks.map((block) => ({ pool: pool.metadata.name, ...block })),
  );
  const isServed = (purpose: AddressPurpose) => written.some((each) => each.purpose.includes(purpose));
  return [
    ...(pools.length === 0
      ? [{ pool: "default", purpose: ["network", "pods"] as const, prefixes: defaultPrefixes }]
      : []),
    ...written,
    ...(isServed("services")
      ? []
      : [{ pool: "default", purpose: ["services"] as const, prefixes: defaultServicePrefixes }]),
  ];
}

function serves(range: PoolRange, want: Want): boolean {
  if (!range.purpose.includes(want.purpose)) return false;
  if (range.class !== undefined && !range.class.includes(want.environmentClass)) return false;
  return range.region === undefined || range.region.includes(want.region);
}

/** What is never cut from these pools, and whose it is. */
export function reservedOf(
  pools: readonly AddressPool[],
): readonly { readonly range: string; readonly by: string }[] {
  const written = pools.flatMap((pool) =>
    pool.reserved.map((range) => ({ range, by: `pool ${pool.metadata.name}` })),
  );
  const builtIn =
    pools.length === 0 ? defaultReserved.map((range) => ({ range, by: "defaults of other tools" })) : [];
  return [...written, ...builtIn, ...reservedRanges];
}

/** For ranges that were checked before. */
export function toCidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (!parsed.ok) throw new RangeError(`${text}: ${parsed.refusal.message}`);
  return parsed.cidr;
}
