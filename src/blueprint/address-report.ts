/** How much of each address pool is used, reserved and free. Pure: what is taken is handed in. */
import type { AddressPool } from "../model/documents.ts";
import type { AddressPurpose, EnvironmentClass } from "../model/words.ts";
import { type Cidr, contains, overlaps, sizeOf } from "../values/cidr.ts";
import { poolRanges, reservedOf, toCidr } from "./addresses.ts";

/** One range of a pool, counted in addresses. */
export interface PoolUse {
  readonly pool: string;
  readonly range: string;
  readonly purpose: readonly AddressPurpose[];
  readonly class?: readonly EnvironmentClass[];
  readonly region?: readonly string[];
  readonly addresses: number;
  readonly used: number;
  /** Never given out, and not used all the same. */
  readonly reserved: number;
  readonly free: number;
  readonly reservations: readonly { readonly range: string; readonly by: string }[];
}

interface Block {
  readonly block: string;
  readonly purpose: AddressPurpose;
}

export class AddressPlanReport {
  readonly #pools: readonly AddressPool[];

  constructor(pools: readonly AddressPool[]) {
    this.#pools = pools;
  }

  /** A block that lies in a range counts, whatever it is for: nobody else can have it. */
  pools(blocks: readonly Block[]): readonly PoolUse[] {
    const taken = blocks.map((each) => toCidr(each.block));
    return poolRanges(this.#pools).flatMap((each) =>
      each.prefixes.map((range) => {
        const whole = toCidr(range);
        const reservations = reservedOf(this.#pools).filter((kept) => overlaps(toCidr(kept.range), whole));
        const kept = reservations.map((reservation) => toCidr(reservation.range));
        const used = coveredOf(whole, taken);
        const gone = coveredOf(whole, [...taken, ...kept]);
        return {
          pool: each.pool,
          range,
          purpose: each.purpose,
          ...(each.class === undefined ? {} : { class: each.class }),
          ...(each.region === undefined ? {} : { region: each.region }),
          addresses: sizeOf(whole),
          used,
          reserved: gone - used,
          free: sizeOf(whole) - gone,
          reservations,
        };
      }),
    );
  }

  /** The pool that a block was cut from, or could have been, and which of its ranges. */
  poolOf(
    block: string,
    purpose: AddressPurpose,
  ): { readonly pool: string; readonly range: string } | undefined {
    for (const each of poolRanges(this.#pools).filter((ranges) => ranges.purpose.includes(purpose))) {
      const range = each.prefixes.find((prefix) => contains(toCidr(prefix), toCidr(block)));
      if (range !== undefined) return { pool: each.pool, range };
    }
    return undefined;
  }

  sizeOf(block: string): number {
    return sizeOf(toCidr(block));
  }
}

/** Addresses of a range that lie in any of these, each counted once. */
function coveredOf(whole: Cidr, parts: readonly Cidr[]): number {
  const end = whole.base + sizeOf(whole);
  const sorted = parts
    .map((part) => ({ from: Math.max(part.base, whole.base), to: Math.min(part.base + sizeOf(part), end) }))
    .filter(({ from, to }) => from < to)
    .sort((left, right) => left.from - right.from);
  let covered = 0;
  let reached = whole.base;
  for (const { from, to } of sorted) {
    covered += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return covered;
}
