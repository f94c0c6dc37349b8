/** Operations on record: a table of them, and one with its steps and what did not end as it should. */
import type { Operation, OperationStep } from "../../model/operation.ts";
import { addCounts, type ChangeCounts, hasChanges } from "../../model/plan.ts";
import { clipLine, emptyLine, type Line, labelled, line, type Span, styled, textWidth } from "./line.ts";
import { ago, formatElapsed, shortStack } from "./names.ts";
import { stepLines } from "./operation.ts";
import { actionSign, actionStyle, operationStyle } from "./signs.ts";
import { formatTable } from "./table.ts";

/** `op-` and eight digits tell operations apart; the command takes them as well as the whole id. */
const idLength = 11;

export function historyLines(operations: readonly Operation[], now: Date, width: number): readonly Line[] {
  if (operations.length === 0) {
    return [line("There is no history yet. ", styled("faint", "Next: terrane up"))];
  }
  return formatTable(
    [
      { heading: "OPERATION" },
      { heading: "ENVIRONMENT", shrinkTo: 10 },
      { heading: "KIND" },
      { heading: "RESULT" },
      { heading: "CHANGES" },
      { heading: "WHEN", alignRight: true },
      { heading: "TOOK", alignRight: true },
      { heading: "BY", shrinkTo: 6, goesAt: 2 },
      { heading: "BLUEPRINT", shrinkTo: 16, goesAt: 1 },
    ],
    operations.map((operation) => [
      line(styled("accent", operation.id.slice(0, idLength))),
      line(styled("strong", operation.environment)),
      line(operation.kind),
      line(styled(operationStyle(operation.status), operation.status)),
      changeSpans(countsOf(operation)),
      line(ago(operation.startedAt, now)),
      line(tookText(operation) ?? "–"),
      line(operation.startedBy),
      line(blueprintOf(operation) ?? styled("faint", "–")),
    ]),
    width,
  );
}

export function operationDetailLines(operation: Operation, now: Date, width: number): readonly Line[] {
  const took = tookText(operation);
  const blueprint = blueprintOf(operation);
  const nameWidth = Math.max(
    0,
    ...operation.steps.map((step) => textWidth(shortStack(step.stack, operation.environment))),
  );
  const when = `${operation.startedAt} (${ago(operation.startedAt, now)})${took === undefined ? "" : `, took ${took}`}`;
  return [
    line(
      styled("strong", `${operation.kind} of ${operation.environment}`),
      "  ",
      styled(operationStyle(operation.status), operation.status),
    ),
    ...fact("operation", operation.id, width),
    ...fact("started", when, width),
    ...fact("by", operation.startedBy, width),
    ...(blueprint === undefined ? [] : fact("blueprint", blueprint, width)),
    clipLine(line(label("changes"), ...changeSpans(countsOf(operation))), width),
    ...(operation.message === undefined ? [] : fact("message", operation.message, width)),
    emptyLine,
    line(styled("strong", "Steps")),
    ...operation.steps.flatMap((step) => {
      const [first = emptyLine, ...rest] = stepLines(step, {
        environment: operation.environment,
        nameWidth,
        width,
        verbose: true,
      });
      return [clipLine([...first, ...durationSpans(step)], width), ...rest];
    }),
  ];
}

function label(name: string): Span {
  return styled("faint", name.padEnd(11));
}

function fact(name: string, text: string, width: number): readonly Line[] {
  return labelled(label(name), text, width);
}

function durationSpans(step: OperationStep): Line {
  const took = elapsedText(step.startedAt, step.endedAt);
  return took === undefined ? [] : [styled("faint", `  ${took}`)];
}

function countsOf(operation: Operation): ChangeCounts {
  return addCounts(operation.steps.map((step) => step.counts));
}

/** `+12 ~1 -3`; what is 0 is left out. */
function changeSpans(counts: ChangeCounts): Line {
  if (!hasChanges(counts)) return line(styled("faint", "none"));
  const parts = (["create", "update", "replace", "delete"] as const).flatMap((action) =>
    counts[action] === 0 ? [] : [styled(actionStyle(action), `${actionSign(action)}${counts[action]}`)],
  );
  return parts.flatMap((part, index) => (index === 0 ? [part] : [{ text: " " }, part]));
}

function tookText(operation: Operation): string | undefined {
  return elapsedText(operation.startedAt, operation.endedAt);
}

function elapsedText(from: string | undefined, to: string | undefined): string | undefined {
  if (from === undefined || to === undefined) return undefined;
  return formatElapsed(Date.parse(to) - Date.parse(from));
}

function blueprintOf({ blueprint }: Operation): string | undefined {
  return blueprint === undefined ? undefined : `${blueprint.name} ${blueprint.version}`;
}
