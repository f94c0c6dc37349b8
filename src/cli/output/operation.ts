/** How an operation ended: what exists, what does not, what is unknown, and what to type next. */
import type { Operation, OperationStep, ResourceOutcome } from "../../model/operation.ts";
import { addCounts, type ChangeCounts } from "../../model/plan.ts";
import type { ApplyResult } from "../../platform/api.ts";
import { clipLine, emptyLine, type Line, labelled, line, padText, styled, textWidth } from "./line.ts";
import { formatElapsed, plural, shortStack, shortType, splitUrn } from "./names.ts";
import { outputRows } from "./outputs.ts";
import { targetBadge, unchangedLine } from "./plan.ts";
import { actionSign, outcomeSign, outcomeStyle, outcomeText } from "./signs.ts";

export interface OperationScreen {
  readonly width: number;
  readonly rows: number;
  /** Every resource that was not started, not only the first of them. */
  readonly verbose: boolean;
}

/** Resources not started are many after an interruption, and all alike. */
const notStartedShown = 5;

export function applyLines(result: ApplyResult, screen: OperationScreen): readonly Line[] {
  switch (result.result) {
    case "unchanged":
      return [unchangedLine(result.plan)];
    case "declined":
      return [line("Nothing was changed.")];
    case "succeeded":
      return succeededLines(result, screen);
    default:
      return stoppedLines(result, screen);
  }
}

function succeededLines(result: ApplyResult, screen: OperationScreen): readonly Line[] {
  const { plan, operation } = result;
  const destroyed = plan.kind === "destroy";
  const head = [
    line(
      styled("good", "✓"),
      " ",
      styled("strong", `${plan.environment} is ${destroyed ? "destroyed" : "up"}`),
      ...targetBadge(plan.target),
    ),
    line(styled("faint", `  ${ended(operation, result.plan.counts)}${realTime(result.virtualSeconds)}`)),
  ];
  const tail = [...resourceLines(result, screen.width), ...nextLines(result, screen.width)];
  // One line is the prompt's.
  const room = screen.rows - head.length - tail.length - 3;
  const outputs = outputRows(result.outputs, { width: screen.width - 2, most: Math.max(4, room) });
  const more =
    outputs.hidden === 0
      ? []
      : [line(styled("faint", `  and ${outputs.hidden} more: terrane outputs ${plan.environment}`))];
  return [
    ...head,
    ...(outputs.lines.length === 0 ? [] : [emptyLine, line(styled("strong", "Outputs"))]),
    ...outputs.lines.map((row) => [{ text: "  " }, ...row]),
    ...more,
    ...tail,
  ];
}

function ended(operation: Operation | undefined, planned: ChangeCounts): string {
  const counts = operation === undefined ? planned : addCounts(operation.steps.map((step) => step.counts));
  const parts = [
    [counts.create, "created"],
    [counts.update, "updated"],
    [counts.replace, "replaced"],
    [counts.delete, "deleted"],
  ] as const;
  const text = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  const what = text.length === 0 ? "nothing changed" : text.join(", ");
  const time = elapsed(operation);
  return time === undefined ? what : `${what} in ${time}`;
}

/** Seconds of the real clouds, in whole minutes: their own typical times are no better than that. */
function realTime(virtualSeconds: number | undefined): string {
  const minutes = Math.round((virtualSeconds ?? 0) / 60);
  return minutes === 0 ? "" : `; the real clouds would take about ${minutes} min`;
}

function elapsed(operation: Operation | undefined): string | undefined {
  if (operation?.endedAt === undefined) return undefined;
  return formatElapsed(Date.parse(operation.endedAt) - Date.parse(operation.startedAt));
}

function resourceLines(result: ApplyResult, width: number): readonly Line[] {
  const entries = Object.entries(result.resources).filter(([, count]) => count > 0);
  const all = entries.reduce((sum, [, count]) => sum + count, 0);
  if (entries.length === 0) return [];
  const text = entries
    .map(([stack, count]) => `${shortStack(stack, result.plan.environment)} ${count}`)
    .join(" · ");
  return [emptyLine, ...labelled(styled("strong", "Resources  "), `${all} in all: ${text}`, width)];
}

function nextLines(result: ApplyResult, width: number): readonly Line[] {
  const { environment, kind } = result.plan;
  const commands: readonly (readonly [string, string])[] =
    kind === "destroy" || result.next !== undefined
      ? result.next === undefined
        ? []
        : [[result.next, ""]]
      : [
          [`terrane outputs ${environment}`, "all outputs"],
          [`terrane status ${environment}`, "what there is"],
          [`terrane plan ${environment}`, "what a change would do"],
          [`terrane destroy ${environment}`, "back to nothing"],
        ];
  if (commands.length === 0) return [];
  const column = Math.max(...commands.map(([command]) => textWidth(command)));
  return [
    emptyLine,
    line(styled("strong", "Next")),
    ...commands.map(([command, what]) =>
      clipLine(line("  ", styled("accent", padText(command, column)), styled("faint", `  ${what}`)), width),
    ),
  ];
}

function stoppedLines(result: ApplyResult, screen: OperationScreen): readonly Line[] {
  const { width } = screen;
  const { plan, operation } = result;
  const steps = operation?.steps ?? [];
  const cancelled = result.result === "cancelled";
  const nameWidth = Math.max(0, ...steps.map((step) => textWidth(shortStack(step.stack, plan.environment))));
  return [
    line(
      styled(cancelled ? "warning" : "error", cancelled ? "!" : "✗"),
      " ",
      styled("strong", `${plan.kind} of ${plan.environment} ${cancelled ? "was stopped" : "failed"}`),
      ...targetBadge(plan.target),
    ),
    ...labelled({ text: "  " }, countOutcomes(steps), width, "faint"),
    ...(operation?.message === undefined ? [] : labelled({ text: "  " }, operation.message, width)),
    emptyLine,
    ...steps.flatMap((step) =>
      stepLines(step, { environment: plan.environment, nameWidth, width, verbose: screen.verbose }),
    ),
    ...resourceLines(result, width),
    ...nextLines({ ...result, next: result.next ?? `terrane ${plan.kind} ${plan.environment}` }, width),
  ];
}

function countOutcomes(steps: readonly OperationStep[]): string {
  const order = ["done", "failed", "unknown", "not-started"] as const;
  const parts = order.flatMap((outcome) => {
    const count = steps.filter((step) => step.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${outcomeText(outcome)}`];
  });
  return `${plural(steps.length, "step")}: ${parts.join(", ")}`;
}

export interface StepScreen {
  readonly environment: string;
  /** Columns for the names of stacks. */
  readonly nameWidth: number;
  readonly width: number;
  readonly verbose: boolean;
}

/** One step of an operation with the resources that did not end as they should. */
export function stepLines(step: OperationStep, screen: StepScreen): readonly Line[] {
  const { width } = screen;
  const style = outcomeStyle(step.outcome);
  const phase = step.phase === "prune" ? "  (prune)" : "";
  const counts = countText(step.counts);
  return [
    clipLine(
      line(
        styled(style, outcomeSign(step.outcome)),
        ` ${padText(shortStack(step.stack, screen.environment), screen.nameWidth)}  `,
        styled(style, padText(outcomeText(step.outcome), 11)),
        `${phase}${counts === "" ? "" : `  ${counts}`}`,
      ),
      width,
    ),
    ...stepResourceLines(step, screen),
    // The cloud's words stand at the resource; repeated for the stack they would only be longer.
    ...(step.message === undefined || step.resources.some(hasOwnWords)
      ? []
      : labelled({ text: "      " }, step.message, width)),
  ];
}

function hasOwnWords(resource: ResourceOutcome): boolean {
  return resource.outcome === "failed" && resource.message !== undefined;
}

// What failed and what is unknown comes first, and all of it.
function stepResourceLines(step: OperationStep, screen: StepScreen): readonly Line[] {
  const notStarted = step.resources.filter((resource) => resource.outcome === "not-started");
  const others = step.resources.filter((resource) => resource.outcome !== "not-started");
  const shown = screen.verbose ? notStarted : notStarted.slice(0, notStartedShown);
  const hidden = notStarted.length - shown.length;
  return [
    ...[...others, ...shown].flatMap((resource) => resourceOutcomeLines(resource, screen.width)),
    ...(hidden > 0
      ? [
          clipLine(
            line(
              styled(
                "faint",
                `    · and ${hidden} more not started: terrane status ${screen.environment} -v`,
              ),
            ),
            screen.width,
          ),
        ]
      : []),
  ];
}

function countText(counts: ChangeCounts): string {
  return (["create", "update", "replace", "delete"] as const)
    .filter((word) => counts[word] > 0)
    .map((word) => `${counts[word]} ${word}`)
    .join(", ");
}

function resourceOutcomeLines(resource: ResourceOutcome, width: number): readonly Line[] {
  const { name, type } = splitUrn(resource.urn);
  const style = outcomeStyle(resource.outcome);
  return [
    clipLine(
      line(
        styled(style, `    ${outcomeSign(resource.outcome)} `),
        `${actionSign(resource.action)} ${name}  `,
        styled("faint", shortType(type)),
        styled(style, `  ${outcomeText(resource.outcome)}`),
      ),
      width,
    ),
    ...(resource.message === undefined ? [] : labelled({ text: "      " }, resource.message, width)),
  ];
}
