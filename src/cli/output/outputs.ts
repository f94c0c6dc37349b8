/** Outputs of an environment as rows: site and component once, then each output with its value. */
import type { EnvironmentOutputs } from "../../platform/api.ts";
import type { Value } from "../../values/value.ts";
import { clipLine, type Line, line, padText, styled, textWidth } from "./line.ts";
import { formatBare, valueSpan } from "./value.ts";

export interface OutputRow {
  readonly site: string;
  readonly component: string;
  readonly output: string;
  readonly value: Value;
}

export function listOutputs(outputs: EnvironmentOutputs): readonly OutputRow[] {
  return Object.entries(outputs).flatMap(([site, components]) =>
    Object.entries(components).flatMap(([component, values]) =>
      Object.entries(values).map(([output, value]) => ({ site, component, output, value })),
    ),
  );
}

/** At most `most` rows, every component with a fair share, and how many were left out. */
export function outputRows(
  outputs: EnvironmentOutputs,
  options: { readonly width: number; readonly most: number },
): { readonly lines: readonly Line[]; readonly hidden: number; readonly cut?: OutputRow } {
  const all = listOutputs(outputs);
  const shown = shareFairly(all, options.most);
  const owner = (row: OutputRow) => `${row.site}.${row.component}`;
  const ownerWidth = Math.max(0, ...shown.map((row) => textWidth(owner(row))));
  const outputWidth = Math.max(0, ...shown.map((row) => textWidth(row.output)));
  const stacked = options.width - ownerWidth - outputWidth - 4 < 16;
  const lines = shown.flatMap((row, index): readonly Line[] => {
    const before = shown[index - 1];
    const first = before === undefined || owner(before) !== owner(row);
    const value = valueSpan(row.value, formatBare);
    if (stacked) {
      const body = clipLine(line("  ", styled("faint", row.output), "  ", value), options.width);
      return first ? [line(styled("accent", owner(row))), body] : [body];
    }
    const name = padText(first ? owner(row) : "", ownerWidth);
    return [
      clipLine(
        line(styled("accent", name), "  ", styled("faint", padText(row.output, outputWidth)), "  ", value),
        options.width,
      ),
    ];
  });
  const room = stacked ? options.width - 4 : options.width - ownerWidth - outputWidth - 4;
  const cut = shown.find(
    (row) => textWidth(valueSpan(row.value, formatBare).text) > room - (stacked ? textWidth(row.output) : 0),
  );
  return { lines, hidden: all.length - shown.length, ...(cut === undefined ? {} : { cut }) };
}

/** What people type into something else next comes before what only machines pass on. */
const telling = [/endpoint|url|host|address|dns|command/i, /name|version|port|secret|user|arn/i] as const;

/** Longer texts are files and certificates: nobody reads them on a summary. */
const longestTold = 120;

function importance({ output, value }: OutputRow): number {
  const found = telling.findIndex((pattern) => pattern.test(output));
  const rank = found === -1 ? telling.length : found;
  const isBulky = typeof value === "object" || (typeof value === "string" && value.length > longestTold);
  return isBulky ? rank + telling.length : rank;
}

// Round after round each component gets its next most important output, until there is no more room.
function shareFairly(rows: readonly OutputRow[], most: number): readonly OutputRow[] {
  if (rows.length <= most) return rows;
  const queues = new Map<string, OutputRow[]>();
  for (const row of [...rows].sort((one, other) => importance(one) - importance(other))) {
    const owner = `${row.site}.${row.component}`;
    queues.set(owner, [...(queues.get(owner) ?? []), row]);
  }
  const inTurn = [...queues.values()].flatMap((queue) => queue.map((row, round) => ({ row, round })));
  const chosen = inTurn
    .sort((one, other) => one.round - other.round || importance(one.row) - importance(other.row))
    .slice(0, most)
    .map(({ row }) => row);
  const wanted = new Set(chosen);
  return rows.filter((row) => wanted.has(row));
}
