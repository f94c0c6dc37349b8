/** The address plan as people see it: on a terminal, and as SVG. */
import { describe, expect, it } from "vitest";
import { formatShare, makeGrid } from "../../../src/cli/output/address-plan/grid.ts";
import { addressLines } from "../../../src/cli/output/address-plan/screen.ts";
import { drawAddresses } from "../../../src/cli/output/address-plan/svg.ts";
import { type Line, lineWidth, paintLine, plainPalette } from "../../../src/cli/output/line.ts";
import type { AddressBlockReport, AddressReport } from "../../../src/platform/api.ts";

const pool: AddressReport["pools"][number] = {
  pool: "default",
  range: "10.0.0.0/12",
  purpose: ["network", "pods"],
  addresses: 2 ** 20,
  used: 2 ** 17,
  reserved: 2 ** 16,
  free: 2 ** 20 - 2 ** 17 - 2 ** 16,
  reservations: [{ range: "10.0.0.0/16", by: "others" }],
};

function block(
  range: string,
  environment: string,
  more: Partial<AddressBlockReport> = {},
): AddressBlockReport {
  return {
    block: range,
    purpose: "network",
    environment,
    component: "vpc",
    site: "virginia",
    pool: "default",
    range: "10.0.0.0/12",
    class: "dev",
    target: "simulated",
    addresses: 2 ** (32 - Number(range.split("/")[1])),
    state: "in use",
    ...more,
  };
}

const report: AddressReport = {
  pools: [pool],
  blocks: [block("10.1.0.0/16", "shop-dev"), block("10.2.0.0/16", "shop-prod", { class: "prod" })],
};

function screen(lines: readonly Line[]): readonly string[] {
  return lines.map((each) => paintLine(each, plainPalette).trimEnd());
}

describe("addresses on a terminal", () => {
  it("are a picture of each pool with a letter for each environment, then a table", () => {
    expect(screen(addressLines(report, 120))).toEqual([
      "default 10.0.0.0/12  network, pods",
      `10.0.0.0   xxxxaaaabbbb${"·".repeat(52)}`,
      "13 % used · 6.3 % kept · 81 % free · a cell is a /16",
      "",
      "letters name environments, + several, · free, x kept: others",
      "",
      "   BLOCK        PURPOSE  ENVIRONMENT  COMPONENT     CLASS  SHARE",
      "a  10.1.0.0/16  network  shop-dev     vpc@virginia  dev    6.3 %",
      "b  10.2.0.0/16  network  shop-prod    vpc@virginia  prod   6.3 %",
      "",
      "2 blocks of 2 environments  SIMULATED",
    ]);
  });

  it.each([40, 80, 200])("never are wider than %i columns", (width) => {
    const long = block("10.4.0.0/18", "a-name-that-takes-more-than-its-share", {
      target: "live",
      state: "held",
    });
    const lines = addressLines({ ...report, blocks: [...report.blocks, long] }, width);
    expect(lines.map(lineWidth).filter((each) => each > width)).toEqual([]);
  });

  it("in a narrow terminal take two lines a block, and lose nothing", () => {
    const lines = screen(addressLines(report, 40));
    expect(lines.slice(-4)).toEqual([
      "b 10.2.0.0/16 network 6.3 %",
      "  shop-prod vpc@virginia prod",
      "",
      "2 blocks of 2 environments  SIMULATED",
    ]);
  });

  it("of simulated and live environments say which is which", () => {
    const blocks = [...report.blocks, block("10.3.0.0/16", "shop-live", { target: "live" })];
    const lines = screen(addressLines({ pools: [pool], blocks }, 120));
    expect(lines.filter((each) => each.includes("vpc@")).map((each) => each.slice(-23))).toEqual([
      "dev    SIMULATED  6.3 %",
      "prod   SIMULATED  6.3 %",
      "dev    live       6.3 %",
    ]);
  });

  it("that are only held, or lie in no pool, say so", () => {
    const { pool: _pool, range: _range, ...outside } = block("192.168.0.0/20", "lab", { state: "held" });
    expect(screen(addressLines({ pools: [pool], blocks: [outside] }, 120)).at(-3)).toBe(
      "a  192.168.0.0/20  network  lab          vpc@virginia  dev, held  no pool",
    );
  });

  it("of one environment leave the others' blocks in the picture and out of the table", () => {
    const lines = screen(addressLines({ ...report, environment: "shop-prod" }, 120));
    expect(lines[1]).toContain("aaaabbbb");
    expect(lines.some((each) => each.includes("shop-dev"))).toBe(false);
  });

  it("that nobody has yet are told with what takes them", () => {
    const lines = screen(addressLines({ ...report, blocks: [] }, 80));
    expect(lines.at(-1)).toBe("No environment has any addresses yet. The first up takes them.");
  });

  it("of several environments in one cell are a plus", () => {
    const blocks = [
      block("10.1.0.0/16", "one", { purpose: "services" }),
      block("10.1.0.0/16", "two", { purpose: "services" }),
    ];
    expect(screen(addressLines({ pools: [pool], blocks }, 120))[1]).toContain("xxxx++++····");
    const bands = drawAddresses({ pools: [pool], blocks }).match(/height="13"/g);
    expect(bands).toHaveLength(2);
  });
});

describe("a grid", () => {
  it("has cells of the smallest block, as far as its limits allow", () => {
    const blocks = [block("10.1.0.0/24", "one")];
    const fine = makeGrid(pool, blocks, { columns: 64, mostRows: 64 });
    expect([fine.prefix, fine.rows.length]).toEqual([24, 64]);
    const coarse = makeGrid(pool, blocks, { columns: 32, mostRows: 8 });
    expect([coarse.prefix, coarse.rows.length, coarse.rows[1]?.address]).toEqual([20, 8, "10.2.0.0"]);
    expect(coarse.rows[0]?.cells[16]).toMatchObject({ isFull: false, blocks: [{ environment: "one" }] });
  });

  it.each([
    { part: 0, whole: 100, text: "0 %" },
    { part: 1, whole: 100_000, text: "< 0.1 %" },
    { part: 1, whole: 128, text: "0.8 %" },
    { part: 1, whole: 4, text: "25 %" },
  ])("says $part of $whole as $text", ({ part, whole, text }) => {
    expect(formatShare(part, whole)).toBe(text);
  });
});

describe("the picture in SVG", () => {
  it("names every block and its owner, and stands alone", () => {
    const svg = drawAddresses(report);
    expect(svg).toContain("<title>10.1.0.0/16 shop-dev vpc@virginia (network)</title>");
    expect(svg).toContain("kept: others");
    expect(svg).not.toMatch(/<script|<image|url\(http/);
  });

  it("lets no name speak to its reader", () => {
    const svg = drawAddresses({ ...report, blocks: [block("10.1.0.0/16", '<script>"&')] });
    expect(svg).toContain("&#60;script&#62;&#34;&#38;");
    expect(svg).not.toContain("<script");
  });
});
