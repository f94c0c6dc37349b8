/** The address plan on a terminal: a picture of each pool, then its blocks, as a table where there is room for one. */
import type { AddressBlockReport, AddressReport } from "../../../platform/api.ts";
import {
  clipLine,
  emptyLine,
  type Line,
  labelled,
  line,
  type Span,
  styled,
  textWidth,
  wrapText,
} from "../line.ts";
import { plural } from "../names.ts";
import { targetBadge } from "../plan.ts";
import { formatTable } from "../table.ts";
import { formatShare, type GridCell, lettersOf, makeGrid, type Pool } from "./grid.ts";

const mostColumns = 64;
const mostRows = 8;
const widestPicture = 80;
/** Below it a block takes two lines instead of a row. */
const narrowestTable = 64;

export function addressLines(report: AddressReport, width: number): readonly Line[] {
  const blocks = ownBlocks(report);
  const letters = lettersOf(report.blocks);
  const pools = report.pools.filter(
    (pool) => report.environment === undefined || blocks.some((each) => liesIn(each, pool)),
  );
  return [
    ...pools.flatMap((pool) => [...poolLines(pool, report, letters, width), emptyLine]),
    ...(pools.length === 0 ? [] : [...keyLines(pools, width), emptyLine]),
    ...(blocks.length === 0
      ? nothingLines(report, width)
      : [...blockLines(blocks, letters, report, width), emptyLine, totalLine(blocks)]),
  ];
}

function ownBlocks({ blocks, environment }: AddressReport): readonly AddressBlockReport[] {
  return environment === undefined ? blocks : blocks.filter((each) => each.environment === environment);
}

function liesIn(block: AddressBlockReport, pool: Pool): boolean {
  return block.pool === pool.pool && block.range === pool.range;
}

function poolLines(
  pool: Pool,
  report: AddressReport,
  letters: ReadonlyMap<string, string>,
  width: number,
): readonly Line[] {
  const labelWidth = Math.max(...report.pools.map((each) => textWidth(each.range.split("/")[0] ?? ""))) + 3;
  const room = Math.max(8, Math.min(width, widestPicture) - labelWidth);
  const columns = Math.min(mostColumns, 2 ** Math.floor(Math.log2(room)));
  const grid = makeGrid(pool, report.blocks, { columns, mostRows });
  const perCell = Math.max(1, Math.floor(columns / (grid.rows[0]?.cells.length ?? 1)));
  const whom = [pool.purpose.join(", "), ...(pool.class ?? []), ...(pool.region ?? [])].join(" · ");
  const shares = [
    `${formatShare(pool.used, pool.addresses)} used`,
    ...(pool.reserved === 0 ? [] : [`${formatShare(pool.reserved, pool.addresses)} kept`]),
    `${formatShare(pool.free, pool.addresses)} free`,
    `a cell is a /${grid.prefix}`,
  ];
  return [
    clipLine(line(styled("strong", `${pool.pool} ${pool.range}`), styled("faint", `  ${whom}`)), width),
    ...grid.rows.map((row) =>
      clipLine(
        line(
          styled("faint", row.address.padEnd(labelWidth)),
          ...row.cells.map((cell) => paintCell(cell, letters, report.environment, perCell)),
        ),
        width,
      ),
    ),
    ...wrapText(shares.join(" · "), width).map((text) => line(styled("faint", text))),
  ];
}

function paintCell(
  cell: GridCell,
  letters: ReadonlyMap<string, string>,
  environment: string | undefined,
  perCell: number,
): Span {
  const names = [...new Set(cell.blocks.map((each) => each.environment))];
  const [first] = names;
  if (first === undefined) {
    return cell.reservedBy === undefined
      ? styled("faint", "·".repeat(perCell))
      : styled("warning", "x".repeat(perCell));
  }
  const letter = names.length === 1 ? (letters.get(first) ?? "#") : "+";
  const isOther = environment !== undefined && !names.includes(environment);
  // A block smaller than its cell leaves room beside it, where there is a place to show that.
  const text = cell.isFull || perCell === 1 ? letter.repeat(perCell) : letter.padEnd(perCell, "·");
  return styled(isOther ? "faint" : "accent", text);
}

function keyLines(pools: readonly Pool[], width: number): readonly Line[] {
  const keepers = [...new Set(pools.flatMap((pool) => pool.reservations.map((each) => each.by)))];
  const kept = keepers.length === 0 ? "" : `, x kept: ${keepers.join("; ")}`;
  return labelled(
    styled("faint", ""),
    `letters name environments, + several, · free${kept}`,
    Math.min(width, widestPicture),
    "faint",
  );
}

function nothingLines({ environment }: AddressReport, width: number): readonly Line[] {
  const whose = environment === undefined ? "No environment has" : `${environment} does not have`;
  return labelled({ text: "" }, `${whose} any addresses yet. The first up takes them.`, width);
}

function blockLines(
  blocks: readonly AddressBlockReport[],
  letters: ReadonlyMap<string, string>,
  report: AddressReport,
  width: number,
): readonly Line[] {
  const rows = blocks.map((each) => describe(each, letters, report));
  const isMixed = new Set(blocks.map((each) => each.target)).size > 1;
  if (width < narrowestTable) return rows.flatMap((row) => entryLines(row, isMixed, width));
  return formatTable(
    [
      { heading: "" },
      { heading: "BLOCK" },
      { heading: "PURPOSE" },
      { heading: "ENVIRONMENT", shrinkTo: 12 },
      { heading: "COMPONENT", shrinkTo: 12 },
      { heading: "CLASS" },
      ...(isMixed ? [{ heading: "TARGET" }] : []),
      { heading: "SHARE", alignRight: true },
    ],
    rows.map((row) => [
      line(row.letter),
      line(row.block),
      line(row.purpose),
      line(row.environment),
      line(row.component),
      line(row.class),
      ...(isMixed ? [line(row.target)] : []),
      line(row.share),
    ]),
    width,
  );
}

type Described = { readonly [Part in (typeof parts)[number]]: Span };
const parts = ["letter", "block", "purpose", "environment", "component", "class", "target", "share"] as const;

function describe(
  block: AddressBlockReport,
  letters: ReadonlyMap<string, string>,
  { pools }: AddressReport,
): Described {
  const pool = pools.find((each) => liesIn(block, each));
  const isHeld = block.state === "held";
  const words = [...(block.class === undefined ? [] : [block.class]), ...(isHeld ? ["held"] : [])];
  return {
    letter: styled("accent", letters.get(block.environment) ?? "#"),
    block: styled("strong", block.block),
    purpose: { text: block.purpose },
    environment: { text: block.environment },
    component: { text: `${block.component}@${block.site}` },
    class: isHeld ? styled("warning", words.join(", ")) : { text: words.join(", ") },
    target: { text: block.target === "simulated" ? "SIMULATED" : (block.target ?? "") },
    share:
      pool === undefined
        ? styled("faint", "no pool")
        : { text: formatShare(block.addresses, pool.addresses) },
  };
}

function entryLines(row: Described, isMixed: boolean, width: number): readonly Line[] {
  const blank = { text: " " };
  return [
    clipLine(
      [
        row.letter,
        blank,
        row.block,
        blank,
        row.purpose,
        blank,
        row.share,
        ...(isMixed ? [blank, row.target] : []),
      ],
      width,
    ),
    clipLine([{ text: "  " }, row.environment, blank, row.component, blank, row.class], width),
  ];
}

function totalLine(blocks: readonly AddressBlockReport[]): Line {
  const owners = new Set(blocks.map((each) => each.environment)).size;
  const isSimulated = blocks.every((each) => each.target === "simulated");
  return line(
    styled("strong", `${plural(blocks.length, "block")} of ${plural(owners, "environment")}`),
    ...(isSimulated ? targetBadge("simulated") : []),
  );
}
