/** What was taken from where to where. */
import type { Migration } from "../../platform/migrate.ts";
import { emptyLine, type Line, line, styled } from "./line.ts";
import { formatTable } from "./table.ts";

export function migrationLines({ from, to, stacks, next }: Migration, width: number): readonly Line[] {
  if (stacks.length === 0) return [line(`${from} holds no stack of terrane.`)];
  const table = formatTable(
    [{ heading: "STATE" }, { heading: "STACK", shrinkTo: 12 }],
    stacks.map(({ name, outcome }) => [
      line(
        styled(outcome === "moved" ? "create" : "faint", outcome === "moved" ? "+ moved" : "= moved before"),
      ),
      line(styled("strong", name)),
    ]),
    width,
  );
  return [
    line(`From ${from} to ${to}; both hold the same, and only the second one is worked on.`),
    ...table,
    emptyLine,
    line(next),
  ];
}
