/** Measuring: wall and CPU seconds of this process and of the children it waited for; medians; rows of a report. */
import { readFileSync } from "node:fs";

export interface Cost {
  /** Seconds. */
  readonly wall: number;
  /** CPU seconds of this process and its ended children. */
  readonly cpu: number;
}

/** One line of `--json`. `met` is null where a figure has no target of its own. */
export interface BenchRow {
  readonly id: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly target: number | null;
  readonly met: boolean | null;
}

export async function measure<T>(run: () => Promise<T>): Promise<Cost & { readonly result: T }> {
  const cpuBefore = cpuSeconds();
  const before = performance.now();
  const result = await run();
  return { wall: (performance.now() - before) / 1000, cpu: cpuSeconds() - cpuBefore, result };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** A row whose value must not be over its target. */
export function ratioRow(id: string, what: string, value: number, target: number): BenchRow {
  return { id, what, value: round(value), unit: "ratio", target, met: value <= target };
}

export function figureRow(id: string, what: string, value: number, unit: string): BenchRow {
  return { id, what, value: round(value), unit, target: null, met: null };
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}

/** User and system time of this process and of ended children, from /proc (proc(5), fields 14 to 17, 100 a second). */
function cpuSeconds(): number {
  const stat = readFileSync("/proc/self/stat", "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}
