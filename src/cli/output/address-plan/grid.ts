/** A pool of addresses as rows of equal cells: what the picture on the terminal and the one in SVG are drawn from. */
import type { AddressBlockReport, AddressReport } from "../../../platform/api.ts";
import { type Cidr, formatIPv4, overlaps, parseCidr, sizeOf } from "../../../values/cidr.ts";

export type Pool = AddressReport["pools"][number];

export interface GridCell {
  /** Blocks that lie in the cell, wholly or in part. */
  readonly blocks: readonly AddressBlockReport[];
  /** Whether one of them fills it. */
  readonly isFull: boolean;
  /** Who keeps a part of it, where nobody uses it. */
  readonly reservedBy: string | undefined;
}

export interface GridRow {
  /** First address. */
  readonly address: string;
  readonly cells: readonly GridCell[];
}

export interface Grid {
  readonly rows: readonly GridRow[];
  /** Length of the prefix that one cell stands for. */
  readonly prefix: number;
}

export interface GridLimits {
  /** A power of two. */
  readonly columns: number;
  readonly mostRows: number;
}

/** A cell stands for the smallest block of the pool where the limits allow; they are powers of two, as blocks are. */
export function makeGrid(
  pool: Pool,
  blocks: readonly AddressBlockReport[],
  { columns, mostRows }: GridLimits,
): Grid {
  const whole = cidrOf(pool.range);
  const own = blocks.filter((each) => overlaps(cidrOf(each.block), whole));
  const smallest = Math.max(...own.map((each) => cidrOf(each.block).prefix), Math.min(whole.prefix + 4, 32));
  const finest = Math.min(32, whole.prefix + Math.floor(Math.log2(columns * mostRows)));
  const prefix = Math.min(smallest, finest);
  const count = 2 ** (prefix - whole.prefix);
  const size = 2 ** (32 - prefix);
  const cells = Array.from({ length: count }, (_, at) =>
    describeCell({ base: whole.base + at * size, prefix }, own, pool),
  );
  const width = Math.min(columns, count);
  return {
    prefix,
    rows: Array.from({ length: count / width }, (_, row) => ({
      address: formatIPv4(whole.base + row * width * size),
      cells: cells.slice(row * width, (row + 1) * width),
    })),
  };
}

function describeCell(cell: Cidr, blocks: readonly AddressBlockReport[], pool: Pool): GridCell {
  const inside = blocks.filter((each) => overlaps(cidrOf(each.block), cell));
  const kept = pool.reservations.find((each) => overlaps(cidrOf(each.range), cell));
  return {
    blocks: inside,
    isFull: inside.some((each) => sizeOf(cidrOf(each.block)) >= sizeOf(cell)),
    reservedBy: inside.length === 0 ? kept?.by : undefined,
  };
}

/** Environment → letter, in the order of their names; those past the alphabet share one sign. */
export function lettersOf(blocks: readonly AddressBlockReport[]): ReadonlyMap<string, string> {
  const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const names = [...new Set(blocks.map((each) => each.environment))].sort();
  return new Map(names.map((name, at) => [name, letters[at] ?? "#"]));
}

/** `0.8 %`; what is there is never rounded to nothing. */
export function formatShare(part: number, whole: number): string {
  const percent = (part / whole) * 100;
  if (part > 0 && percent < 0.1) return "< 0.1 %";
  return `${Number.isInteger(percent) || percent >= 10 ? Math.round(percent) : percent.toFixed(1)} %`;
}

function cidrOf(text: string): Cidr {
  const parsed = parseCidr(text);
  if (!parsed.ok) throw new RangeError(`${text}: ${parsed.refusal.message}`);
  return parsed.cidr;
}
