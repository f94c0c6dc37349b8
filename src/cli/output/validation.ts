/** A validation report: problems, documents, and each stack graph as an indented tree. */
import type { ScheduledHours, StackSummary, ValidationReport } from "../../platform/api.ts";
import { clipLine, emptyLine, type Line, labelled, line, padText, styled, textWidth } from "./line.ts";
import { plural, shortStack } from "./names.ts";
import { countProblems, problemLines, type SourceLine } from "./problem.ts";

export function validationLines(
  report: ValidationReport,
  source: SourceLine,
  width: number,
): readonly Line[] {
  const wrong = report.problems.some((problem) => problem.severity === "error") || report.omitted > 0;
  const summary = `${plural(report.documents.length, "document")}, ${countProblems(report.problems, report.omitted)}`;
  return [
    ...problemLines(report.problems, report.omitted, source, width),
    line(wrong ? styled("error", "✗") : styled("good", "✓"), " ", styled("strong", summary)),
    ...documentLines(report, width),
    ...report.graphs.flatMap((graph) => [emptyLine, ...graphLines(graph, width)]),
    ...report.schedules.flatMap((hours) => [emptyLine, ...hoursLines(hours, width)]),
  ];
}

function documentLines(report: ValidationReport, width: number): readonly Line[] {
  const kindWidth = Math.max(0, ...report.documents.map((document) => textWidth(document.kind)));
  const nameWidth = Math.max(0, ...report.documents.map((document) => textWidth(document.name)));
  return report.documents.map((document) =>
    clipLine(
      line(
        `  ${padText(document.kind, kindWidth)}  ${padText(document.name, nameWidth)}  `,
        styled("faint", document.file),
      ),
      width,
    ),
  );
}

function hoursLines(hours: ScheduledHours, width: number): readonly Line[] {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: hours.timeZone,
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const show = (runs: readonly string[]) =>
    runs.map((run) => format.format(new Date(run)).replaceAll(",", "")).join(", ");
  return [
    clipLine(
      line(styled("strong", `Hours of ${hours.environment}`), styled("faint", `  ${hours.timeZone}`)),
      width,
    ),
    ...labelled(styled("accent", "  up    "), show(hours.up), width),
    ...labelled(styled("accent", "  down  "), show(hours.down), width),
  ];
}

function graphLines(graph: ValidationReport["graphs"][number], width: number): readonly Line[] {
  const nameWidth = Math.max(
    0,
    ...graph.stacks.flatMap((stack) => stack.components.map((component) => textWidth(component.name))),
  );
  return [
    line(styled("strong", `Stacks of ${graph.of} ${graph.name}`)),
    ...graph.stacks.flatMap((stack) => stackLines(stack, graph.name, nameWidth, width)),
  ];
}

function stackLines(stack: StackSummary, name: string, nameWidth: number, width: number): readonly Line[] {
  // Of the same site the domain says it all.
  const near = shortStack(stack.name, name).replace(/[^.]+$/, "");
  const after = stack.dependsOn
    .map((each) => shortStack(each, name))
    .map((each) => (each.startsWith(near) ? each.slice(near.length) : each))
    .join(", ");
  return [
    clipLine(
      line(
        "  ",
        styled("accent", shortStack(stack.name, name)),
        ...(after === "" ? [] : [styled("faint", `  after ${after}`)]),
      ),
      width,
    ),
    ...stack.components.map((component, index) =>
      clipLine(
        line(
          styled("faint", index === stack.components.length - 1 ? "  └ " : "  ├ "),
          `${padText(component.name, nameWidth)}  `,
          styled("faint", component.type),
        ),
        width,
      ),
    ),
  ];
}
