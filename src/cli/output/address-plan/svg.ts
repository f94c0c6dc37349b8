/**
 * The address plan as one SVG picture: a panel for each pool, its blocks in their places, and a legend by environment.
 * Stands alone: no script, no font to load, light or dark as its reader prefers.
 */
import type { AddressBlockReport, AddressReport } from "../../../platform/api.ts";
import { plural } from "../names.ts";
import { escapeXml } from "../xml.ts";
import { formatShare, type GridCell, lettersOf, makeGrid, type Pool } from "./grid.ts";
import { drawLegend } from "./legend.ts";
import { type Drawing, label, type Paint, paints, planStyle, rect, shade, text } from "./style.ts";

const width = 960;
const margin = 32;
const columns = 32;
const cellHeight = 26;
const gap = 2;
const plotWidth = width - 2 * margin - label;

/** A whole SVG document. */
export function drawAddresses(report: AddressReport): string {
  const palette = paletteOf(report.blocks);
  const owners = new Set(report.blocks.map((each) => each.environment)).size;
  const summary = `${plural(report.blocks.length, "block")} of ${plural(owners, "environment")}`;
  const parts: string[] = [];
  let y = margin + 48;
  const add = (drawing: Drawing) => {
    parts.push(`<g transform="translate(${margin} ${y})">`, ...drawing.parts, "</g>");
    y += drawing.height;
  };
  for (const pool of report.pools) add(drawPool(pool, report, palette));
  add(drawLegend(report, palette, width - 2 * margin));
  y += margin - 16;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}" role="img" aria-labelledby="title summary">`,
    '<title id="title">Address plan</title>',
    `<desc id="summary">${escapeXml(summary)}</desc>`,
    `<style>${planStyle}</style>`,
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="free" width="6" height="6"/><line class="line" y2="6"/></pattern></defs>',
    `<rect class="page" width="${width}" height="${y}" rx="12"/>`,
    text({ x: margin, y: margin + 20, look: "name" }, "Address plan"),
    text({ x: width - margin, y: margin + 20, look: "faint", isEnd: true }, summary),
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

function paletteOf(blocks: readonly AddressBlockReport[]): ReadonlyMap<string, Paint> {
  const names = [...lettersOf(blocks).keys()];
  return new Map(names.map((name, at) => [name, paints[at % paints.length] ?? paints[0]]));
}

function drawPool(pool: Pool, report: AddressReport, palette: ReadonlyMap<string, Paint>): Drawing {
  const grid = makeGrid(pool, report.blocks, { columns, mostRows: 8 });
  const cell = plotWidth / (grid.rows[0]?.cells.length ?? 1);
  const whom = [pool.purpose.join(", "), ...(pool.class ?? []), ...(pool.region ?? [])].join(" · ");
  const use = [
    `${formatShare(pool.used, pool.addresses)} used`,
    ...(pool.reserved === 0 ? [] : [`${formatShare(pool.reserved, pool.addresses)} kept`]),
    `${formatShare(pool.free, pool.addresses)} free`,
    `a cell is a /${grid.prefix}`,
  ].join(" · ");
  const parts = [
    text({ x: 0, y: 14, look: "pool" }, `${pool.pool} ${pool.range}`),
    text({ x: 0, y: 32, look: "faint small" }, whom),
    text({ x: width - 2 * margin, y: 32, look: "faint small", isEnd: true }, use),
    ...drawBar(pool, 42),
  ];
  const top = 58;
  for (const [row, { address, cells }] of grid.rows.entries()) {
    const y = top + row * (cellHeight + gap);
    parts.push(text({ x: 0, y: y + 17, look: "faint small mono" }, address));
    for (const run of runsOf(cells)) parts.push(...drawRun(run, { y, cell }, palette));
  }
  return { parts, height: top + grid.rows.length * (cellHeight + gap) + 28 };
}

/** How full the pool is, in proportion. */
function drawBar(pool: Pool, y: number): readonly string[] {
  const whole = width - 2 * margin;
  const used = (pool.used / pool.addresses) * whole;
  const kept = (pool.reserved / pool.addresses) * whole;
  const bar = (x: number, wide: number, look: string) =>
    `${rect({ x, y, width: wide, height: 6, radius: 2 }, `class="${look}"`)}/>`;
  return [
    bar(0, whole, "free"),
    ...(kept > 0 ? [bar(used, Math.max(kept, 2), "kept-bar")] : []),
    ...(used > 0 ? [bar(0, Math.max(used, 2), "used-bar")] : []),
  ];
}

/** Neighbouring cells that hold the same blocks. */
interface Run {
  readonly at: number;
  readonly length: number;
  readonly cell: GridCell;
}

function runsOf(cells: readonly GridCell[]): readonly Run[] {
  const runs: Run[] = [];
  for (const [at, cell] of cells.entries()) {
    const last = runs.at(-1);
    if (last !== undefined && cell.isFull && holdSame(last.cell, cell))
      runs[runs.length - 1] = { ...last, length: last.length + 1 };
    else runs.push({ at, length: 1, cell });
  }
  return runs;
}

function holdSame(one: GridCell, other: GridCell): boolean {
  return (
    one.isFull &&
    one.blocks.length === other.blocks.length &&
    one.blocks.every((block, at) => block === other.blocks[at])
  );
}

function drawRun(
  { at, length, cell }: Run,
  place: { readonly y: number; readonly cell: number },
  palette: ReadonlyMap<string, Paint>,
): readonly string[] {
  const x = label + at * place.cell;
  const wide = length * place.cell - gap;
  const whole = { x, y: place.y, width: wide, height: cellHeight, radius: 3 };
  if (cell.blocks.length === 0) {
    return cell.reservedBy === undefined
      ? [`${rect(whole, 'class="free"')}/>`]
      : [`${rect(whole, 'class="kept"')}><title>${escapeXml(`kept: ${cell.reservedBy}`)}</title></rect>`];
  }
  const names = [...new Set(cell.blocks.map((each) => each.environment))];
  const title = cell.blocks.map((each) => `${each.block} ${ownerOf(each)}`).join("\n");
  const part = cell.isFull ? wide : Math.max(6, wide * 0.55);
  // Who shares a cell has a band of it each.
  const band = cellHeight / names.length;
  const bands = names.map((name, index) =>
    rect({ ...whole, y: place.y + index * band, width: part, height: band }, shade(palette.get(name))),
  );
  const name = names.length > 1 ? "" : (names[0] ?? "");
  const isWideEnough = name !== "" && part > name.length * 6.6 + 14;
  return [
    ...(cell.isFull ? [] : [`${rect(whole, 'class="free"')}/>`]),
    `<g><title>${escapeXml(title)}</title>`,
    ...bands.map((each) => `${each}/>`),
    "</g>",
    ...(isWideEnough
      ? [text({ x: x + 8, y: place.y + 17, look: `small on-${palette.get(name)?.ink ?? "dark"}` }, name)]
      : []),
  ];
}

function ownerOf(block: AddressBlockReport): string {
  return `${block.environment} ${block.component}@${block.site} (${block.purpose})`;
}
