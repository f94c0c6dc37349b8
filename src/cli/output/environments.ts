/** Environments as a table: what is up, what only stands in a document, what has outlived its document. */
import type { EnvironmentSummary } from "../../platform/api.ts";
import { emptyLine, type Line, labelled, line, type Span, type Style, styled } from "./line.ts";
import { ago, plural } from "./names.ts";
import { operationCell } from "./operation.ts";
import { formatTable } from "./table.ts";

const styleOf: { readonly [S in EnvironmentSummary["status"]]: Style } = {
  ready: "good",
  creating: "warning",
  destroying: "warning",
  failed: "error",
  absent: "faint",
};

export function environmentListLines(
  list: readonly EnvironmentSummary[],
  now: Date,
  width: number,
): readonly Line[] {
  if (list.length === 0) {
    return [line("The project has no environments yet. ", styled("faint", "Next: terrane init --help"))];
  }
  const orphans = list.filter((each) => each.document === undefined).map((each) => each.name);
  return [
    ...formatTable(
      [
        { heading: "ENVIRONMENT", shrinkTo: 12 },
        { heading: "STATUS" },
        { heading: "CLASS", goesAt: 3 },
        { heading: "TARGET" },
        { heading: "BLUEPRINT", shrinkTo: 10 },
        { heading: "SITES", shrinkTo: 8, goesAt: 1 },
        { heading: "RESOURCES", alignRight: true },
        { heading: "LAST OPERATION", goesAt: 2 },
        { heading: "CHANGED", alignRight: true },
      ],
      list.map((each) => [
        line(styled("strong", each.name)),
        line(styled(styleOf[each.status], each.status)),
        line(each.class),
        line(targetOf(each)),
        line(blueprintOf(each)),
        line(each.sites.map((site) => site.name).join(", ") || faintDash),
        line(each.resources === 0 ? faintDash : String(each.resources)),
        operationCell(each.operation),
        line(each.updatedAt === undefined ? faintDash : ago(each.updatedAt, now)),
      ]),
      width,
    ),
    ...(orphans.length === 0
      ? []
      : [
          emptyLine,
          ...labelled(
            styled("warning", "! "),
            `${plural(orphans.length, "environment")} without a document: ${orphans.join(", ")}`,
            width,
          ),
        ]),
  ];
}

const faintDash: Span = styled("faint", "–");

function targetOf({ target }: EnvironmentSummary): string | Span {
  if (target === undefined) return faintDash;
  return target === "simulated" ? "SIMULATED" : target;
}

function blueprintOf({ blueprint }: EnvironmentSummary): string {
  return blueprint.version === undefined ? blueprint.name : `${blueprint.name} ${blueprint.version}`;
}
