/**
 * Address blocks of an environment: explicit ones checked against everything else, the others cut from the pool.
 * Pure: what is taken is handed in, and the ledger's lock is the caller's.
 */
import type { AddressPool } from "../model/documents.ts";
import type { TakenBlock } from "../model/record.ts";
import type { Cloud, EnvironmentClass } from "../model/words.ts";
import { type Cidr, contains, formatCidr, nextFreeBlock, overlaps, parseCidr } from "../values/cidr.ts";

/** What is used without an AddressPool document. */
export const defaultPrefixes: readonly string[] = ["10.0.0.0/9"];

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

/** Who keeps a part of this range to themselves. */
export function reservedBy(block: Cidr, cloud: Cloud): string | undefined {
  return reservedRanges.find(
    (each) => (each.cloud === undefined || each.cloud === cloud) && overlaps(toCidr(each.range), block),
  )?.by;
}

/** Hands out the blocks of one environment, one after the other. */
export class AddressPlan {
  readonly #pools: readonly AddressPool[];
  readonly #taken: { readonly cidr: Cidr; readonly owner: string }[];
  readonly #reserved: readonly Cidr[];

  constructor(pools: readonly AddressPool[], taken: readonly TakenBlock[]) {
    this.#pools = pools;
    this.#taken = taken.map(({ block, owner }) => ({ cidr: toCidr(block), owner }));
    const reserved = pools.length === 0 ? defaultReserved : pools.flatMap((pool) => pool.reserved);
    this.#reserved = [...reserved, ...reservedRanges.map((each) => each.range)].map(toCidr);
  }

  /** Who holds a part of this block. */
  ownerOf(block: Cidr): { readonly owner: string; readonly block: string } | undefined {
    const found = this.#taken.find((each) => overlaps(each.cidr, block));
    return found === undefined ? undefined : { owner: found.owner, block: formatCidr(found.cidr) };
  }

  take(block: Cidr, owner: string): void {
    this.#taken.push({ cidr: block, owner });
  }

  /** The next free block for a class and region; undefined when the pool has none. */
  nextFree(environmentClass: EnvironmentClass, region: string, prefix: number): Cidr | undefined {
    const taken = [...this.#taken.map((each) => each.cidr), ...this.#reserved];
    return nextFreeBlock(this.#prefixesFor(environmentClass, region), taken, prefix);
  }

  /** Whether an explicit block overlaps what an AddressPool reserves. */
  isReservedByPool(block: Cidr): boolean {
    const reserved = this.#pools.flatMap((pool) => pool.reserved).map(toCidr);
    return reserved.some((each) => overlaps(each, block) || contains(each, block));
  }

  #prefixesFor(environmentClass: EnvironmentClass, region: string): readonly Cidr[] {
    if (this.#pools.length === 0) return defaultPrefixes.map(toCidr);
    return this.#pools
      .flatMap((pool) => pool.blocks)
      .filter((each) => each.class?.includes(environmentClass) ?? true)
      .filter((each) => each.region?.includes(region) ?? true)
      .flatMap((each) => each.prefixes.map(toCidr));
  }
}

/** For ranges that were checked before. */
export function toCidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (!parsed.ok) throw new RangeError(`${text}: ${parsed.refusal.message}`);
  return parsed.cidr;
}
