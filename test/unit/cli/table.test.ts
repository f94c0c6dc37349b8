import { expect, it } from "vitest";
import { line, styled } from "../../../src/cli/output/line.ts";
import { formatTable } from "../../../src/cli/output/table.ts";
import { text, toText, widest } from "./screen.ts";

const columns = [
  { heading: "NAME", shrinkTo: 6 },
  { heading: "COUNT", alignRight: true },
  { heading: "WHERE" },
];
const rows = [
  [line("payments-production"), line("7"), line("virginia")],
  [line(styled("good", "shop")), line("12"), line("iowa")],
];

it("lines columns up under their headings", () => {
  expect(toText(formatTable(columns, rows, 80))).toBe(text`
    NAME                 COUNT  WHERE
    payments-production      7  virginia
    shop                    12  iowa
  `);
});

it("shortens the column that may shrink, and no other", () => {
  const table = formatTable(columns, rows, 30);
  expect(widest(table)).toBeLessThanOrEqual(30);
  expect(toText(table)).toBe(text`
    NAME           COUNT  WHERE
    payments-pro…      7  virginia
    shop              12  iowa
  `);
});

it("lets go of columns that can be missed before it becomes blocks, the least missed first", () => {
  const missable = columns.map((column, index) => ({ ...column, ...(index === 0 ? {} : { goesAt: index }) }));
  expect(toText(formatTable(missable, rows, 20))).toBe(text`
    NAME        WHERE
    payments-…  virginia
    shop        iowa
  `);
  expect(toText(formatTable(missable, rows, 12))).toBe(text`
    NAME
    payments-pr…
    shop
  `);
});

it("becomes a block a row where even that is too wide", () => {
  const table = formatTable(columns, rows, 20);
  expect(widest(table)).toBeLessThanOrEqual(20);
  expect(toText(table)).toBe(text`
    NAME   payments-pro…
    COUNT  7
    WHERE  virginia

    NAME   shop
    COUNT  12
    WHERE  iowa
  `);
});
