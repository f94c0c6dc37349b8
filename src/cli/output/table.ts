/**
 * Rows under headings within a given width. Where they do not fit even when shrunk, columns that can be missed go, and
 * where that is not enough each row becomes a block of `heading  value` lines. A library would lay out painted text; these cells are painted, and escaped, afterwards.
 */
import { clipLine, emptyLine, type Line, line, lineWidth, padLine, styled, textWidth } from "./line.ts";

export interface Column {
  readonly heading: string;
  /** Narrowest useful width when room is short. Default: never narrower than its content. */
  readonly shrinkTo?: number;
  readonly alignRight?: boolean;
  /** The column with the lowest number is the first to go where room is short. Default: it always stays. */
  readonly goesAt?: number;
}

const gap = 2;

export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly Line[])[],
  width: number,
): readonly Line[] {
  let shown = columns.map((_, index) => index);
  for (;;) {
    const kept = shown.flatMap((index) => columns[index] ?? []);
    const cells = rows.map((row) => shown.map((index) => row[index] ?? emptyLine));
    const widths = fitColumns(kept, cells, width);
    if (widths !== undefined) {
      const headings = kept.map((column) => line(styled("faint", column.heading)));
      return [headings, ...cells].map((row) => formatRow(kept, row, widths));
    }
    const missed = firstToGo(columns, shown);
    if (missed === undefined) return formatBlocks(columns, rows, width);
    shown = shown.filter((index) => index !== missed);
  }
}

function firstToGo(columns: readonly Column[], shown: readonly number[]): number | undefined {
  const rank = (index: number) => columns[index]?.goesAt ?? Infinity;
  const [first] = shown
    .filter((index) => rank(index) < Infinity)
    .sort((one, other) => rank(one) - rank(other));
  return first;
}

function naturalWidths(columns: readonly Column[], rows: readonly (readonly Line[])[]): number[] {
  return columns.map((column, index) =>
    Math.max(textWidth(column.heading), ...rows.map((cells) => lineWidth(cells[index] ?? emptyLine))),
  );
}

function fitColumns(
  columns: readonly Column[],
  rows: readonly (readonly Line[])[],
  width: number,
): readonly number[] | undefined {
  const widths = naturalWidths(columns, rows);
  let excess = widths.reduce((sum, each) => sum + each, 0) + gap * (columns.length - 1) - width;
  while (excess > 0) {
    const widest = columns
      .map((column, index) => ({ index, spare: (widths[index] ?? 0) - (column.shrinkTo ?? Infinity) }))
      .filter(({ spare }) => spare > 0)
      .sort((one, other) => (widths[other.index] ?? 0) - (widths[one.index] ?? 0))[0];
    if (widest === undefined) return undefined;
    widths[widest.index] = (widths[widest.index] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

function formatRow(columns: readonly Column[], cells: readonly Line[], widths: readonly number[]): Line {
  const parts = columns.flatMap((column, index) => {
    const width = widths[index] ?? 0;
    const cell = clipLine(cells[index] ?? emptyLine, width);
    const blank = { text: " ".repeat(gap) };
    const padded = column.alignRight
      ? [{ text: " ".repeat(Math.max(0, width - lineWidth(cell))) }, ...cell]
      : index === columns.length - 1
        ? cell
        : padLine(cell, width);
    return index === 0 ? padded : [blank, ...padded];
  });
  return parts;
}

function formatBlocks(
  columns: readonly Column[],
  rows: readonly (readonly Line[])[],
  width: number,
): readonly Line[] {
  const labelWidth = Math.max(...columns.map((column) => textWidth(column.heading))) + gap;
  return rows.flatMap((cells, index) => {
    const block = columns.map((column, position) =>
      clipLine(
        [...padLine(line(styled("faint", column.heading)), labelWidth), ...(cells[position] ?? emptyLine)],
        width,
      ),
    );
    return index === 0 ? block : [emptyLine, ...block];
  });
}
