/**
 * How an operation ended, on one screen: what happened to each stack and how long it took, the outputs that people
 * need next, and what to type. A failure comes first: the resource, the cloud's words, the line of the blueprint.
 */

import type { Operation, OperationStep } from "../../model/operation.ts";
import { addCounts, type ChangeCounts, hasChanges, noChanges, type Plan } from "../../model/plan.ts";
import type { ApplyResult } from "../../platform/api.ts";
import { failureLines, notStartedLines } from "./failures.ts";
import { clipLine, emptyLine, type Line, labelled, line, padText, styled, textWidth } from "./line.ts";
import { formatElapsed, plural, shortStack } from "./names.ts";
import { doneText, endOf } from "./outcome.ts";
import { outputRows } from "./outputs.ts";
import { targetBadge, unchangedLine } from "./plan.ts";

export interface SummaryScreen {
  readonly width: number;
  readonly rows: number;
  /** Every resource that was not started, and all of each message. */
  readonly verbose: boolean;
}

/** Rows that the outputs get however many stacks there are. */
const leastOutputs = 4;

/** Rows that they get at most, however much room there is: the rest is one command away. */
const mostOutputs = 14;

export function applyLines(result: ApplyResult, screen: SummaryScreen): readonly Line[] {
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

function succeededLines(result: ApplyResult, screen: SummaryScreen): readonly Line[] {
  const { plan, operation } = result;
  const destroyed = plan.kind === "destroy";
  const head = [
    line(
      styled("good", "✓"),
      " ",
      styled("strong", `${plan.environment} is ${destroyed ? "destroyed" : "up"}`),
      ...targetBadge(plan.target),
    ),
    ...labelled(
      { text: "  " },
      `${ended(operation, plan.counts)}${realTime(result.virtualSeconds)}`,
      screen.width,
      "faint",
    ),
  ];
  const next = nextLines(result, screen.width);
  const all = stackRows(operation, result, screen.width);
  // One line is the prompt's, and one stands before the stacks.
  const room = screen.rows - head.length - next.length - 2;
  const hasOutputs = Object.keys(result.outputs).length > 0;
  // Blank, heading, and the line that counts what is hidden.
  const stacks = cutRows(all, Math.max(1, hasOutputs ? room - leastOutputs - 3 : room), plan.environment);
  const outputs = outputLines(result, screen.width, room - stacks.length - 3);
  return [...head, ...spaced(stacks), ...spaced(outputs), ...next];
}

function spaced(lines: readonly Line[]): readonly Line[] {
  return lines.length === 0 ? [] : [emptyLine, ...lines];
}

function outputLines(result: ApplyResult, width: number, room: number): readonly Line[] {
  const outputs = outputRows(result.outputs, {
    width: width - 2,
    most: Math.min(mostOutputs, Math.max(1, room)),
  });
  if (outputs.lines.length === 0) return [];
  const hidden = line(
    styled("faint", `  and ${outputs.hidden} more: terrane outputs ${result.plan.environment}`),
  );
  return [
    line(styled("strong", "Outputs")),
    ...outputs.lines.map((row) => [{ text: "  " }, ...row]),
    ...(outputs.hidden === 0 ? [] : [clipLine(hidden, width)]),
  ];
}

interface StackEnd {
  readonly stack: string;
  readonly counts: ChangeCounts;
  readonly milliseconds: number;
}

/** A line a stack with what was done there, and one for all that stayed as they were. */
function stackRows(operation: Operation | undefined, result: ApplyResult, width: number): readonly Line[] {
  const environment = result.plan.environment;
  const byStack = new Map<string, StackEnd>();
  for (const step of operation?.steps ?? []) {
    const before = byStack.get(step.stack) ?? { stack: step.stack, counts: noChanges, milliseconds: 0 };
    byStack.set(step.stack, {
      stack: step.stack,
      counts: addCounts([before.counts, step.counts]),
      milliseconds: before.milliseconds + (elapsed(step) ?? 0),
    });
  }
  const ends = [...byStack.values()];
  const changed = ends.filter((end) => hasChanges(end.counts));
  const nameWidth = Math.max(0, ...changed.map((end) => textWidth(shortStack(end.stack, environment))));
  const whatWidth = Math.max(0, ...changed.map((end) => textWidth(doneText(end.counts))));
  const rows = changed.map((end) =>
    clipLine(
      line(
        styled("good", "  ✓ "),
        `${padText(shortStack(end.stack, environment), nameWidth)}  ${padText(doneText(end.counts), whatWidth)}`,
        styled("faint", `  ${formatElapsed(end.milliseconds)}`),
      ),
      width,
    ),
  );
  const same = ends.length - changed.length;
  if (same === 0 || rows.length === 0) return rows;
  return [...rows, clipLine(line(styled("faint", `  = ${plural(same, "stack")} unchanged`)), width)];
}

function cutRows(rows: readonly Line[], room: number, environment: string): readonly Line[] {
  if (rows.length <= room) return rows;
  const hidden = rows.length - room + 1;
  const more = line(
    styled("faint", `    and ${plural(hidden, "more stack")}: terrane status ${environment}`),
  );
  return [...rows.slice(0, room - 1), more];
}

function ended(operation: Operation | undefined, planned: ChangeCounts): string {
  const counts = operation === undefined ? planned : addCounts(operation.steps.map((step) => step.counts));
  const text = doneText(counts);
  const time = operation === undefined ? undefined : elapsed(operation);
  const what = text === "" ? "nothing changed" : text;
  return time === undefined ? what : `${what} in ${formatElapsed(time)}`;
}

/** Seconds of the real clouds, in whole minutes: their own typical times are no better than that. */
function realTime(virtualSeconds: number | undefined): string {
  const minutes = Math.round((virtualSeconds ?? 0) / 60);
  return minutes === 0 ? "" : `; the real clouds would take about ${minutes} min`;
}

function elapsed(times: { readonly startedAt?: string | undefined; readonly endedAt?: string | undefined }) {
  if (times.startedAt === undefined || times.endedAt === undefined) return undefined;
  return Date.parse(times.endedAt) - Date.parse(times.startedAt);
}

/** Each with what it is for. */
function commandsAfter({
  plan,
  result,
  next,
  operation,
}: ApplyResult): readonly (readonly [string, string])[] {
  const { environment, kind } = plan;
  if (next !== undefined) {
    return [
      [next, result === "succeeded" ? "" : "goes on from what exists"],
      ...(missesSomething(operation)
        ? [[`terrane refresh ${environment}`, "before, if other hands have deleted something"] as const]
        : []),
    ];
  }
  if (kind === "destroy") return [];
  return [
    [`terrane outputs ${environment}`, "all outputs"],
    [`terrane status ${environment}`, "what there is"],
    [`terrane plan ${environment}`, "what a change would do"],
    [`terrane destroy ${environment}`, "back to nothing"],
  ];
}

function nextLines(result: ApplyResult, width: number): readonly Line[] {
  const commands = commandsAfter(result);
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

/** How the clouds say that something is not there: an `up` takes the word of its states for what exists. */
const missing = /not ?found|no ?such|does(?: not|n't) exist/i;

function missesSomething(operation: Operation | undefined): boolean {
  const resources = operation?.steps.flatMap((step) => step.resources) ?? [];
  return resources.some(({ outcome, message }) => outcome === "failed" && missing.test(message ?? ""));
}

function stoppedLines(result: ApplyResult, screen: SummaryScreen): readonly Line[] {
  const { width } = screen;
  const { plan, operation } = result;
  const steps = operation?.steps ?? [];
  const cancelled = result.result === "cancelled";
  const time = operation === undefined ? undefined : elapsed(operation);
  const head = [
    line(
      styled(cancelled ? "warning" : "error", cancelled ? "!" : "✗"),
      " ",
      styled("strong", `${plan.kind} of ${plan.environment} ${cancelled ? "was stopped" : "failed"}`),
      ...targetBadge(plan.target),
    ),
    ...labelled(
      { text: "  " },
      `${countOutcomes(steps)}${time === undefined ? "" : ` after ${formatElapsed(time)}`}`,
      width,
      "faint",
    ),
    ...(operation?.message === undefined ? [] : labelled({ text: "  " }, operation.message, width)),
  ];
  const next = nextLines(
    { ...result, next: result.next ?? `terrane ${plan.kind} ${plan.environment}` },
    width,
  );
  const stacks = steps.flatMap((step) => stepRow(step, plan, nameWidthOf(steps, plan), width));
  const room = screen.rows - head.length - next.length - 2;
  const shownStacks = cutRows(stacks, Math.max(3, Math.floor(room / 2)), plan.environment);
  const failures = failureLines(steps, plan, {
    width,
    room: screen.verbose ? Infinity : Math.max(4, room - shownStacks.length - 2),
  });
  const waiting = screen.verbose ? notStartedLines(steps, plan, width) : [];
  return [...head, ...spaced(failures), ...spaced(shownStacks), ...spaced(waiting), ...next];
}

function nameWidthOf(steps: readonly OperationStep[], plan: Plan): number {
  return Math.max(0, ...steps.map((step) => textWidth(shortStack(step.stack, plan.environment))));
}

function countOutcomes(steps: readonly OperationStep[]): string {
  const order = ["done", "failed", "stopped", "unknown", "not started"];
  const ends = steps.map((step) => endOf(step).text);
  const parts = order.flatMap((text) => {
    const count = ends.filter((each) => each === text).length;
    return count === 0 ? [] : [`${count} ${text}`];
  });
  return `${plural(steps.length, "step")}: ${parts.join(", ")}`;
}

/** A step in one line; its resources stand above. */
function stepRow(step: OperationStep, plan: Plan, nameWidth: number, width: number): readonly Line[] {
  const { sign, text, style } = endOf(step);
  const done = doneText(step.counts);
  const waiting = step.resources.filter((resource) => resource.outcome === "not-started").length;
  const facts = [
    ...(step.phase === "prune" ? ["prune"] : []),
    ...(done === "" ? [] : [done]),
    ...(waiting === 0 ? [] : [`${plural(waiting, "resource")} not started`]),
  ].join(", ");
  return [
    clipLine(
      line(
        styled(style, `  ${sign} `),
        `${padText(shortStack(step.stack, plan.environment), nameWidth)}  `,
        styled(style, padText(text, 11)),
        facts === "" ? "" : `  ${facts}`,
      ),
      width,
    ),
  ];
}
