/** How a refresh ended: what other hands have changed or deleted, by stack, or what could not be read. */
import type { Step } from "../../model/plan.ts";
import type { FoundChange, RefreshResult } from "../../platform/api.ts";
import { clipLine, emptyLine, indentLines, type Line, labelled, line, styled, textWidth } from "./line.ts";
import { formatElapsed, plural, shortStack, shortType } from "./names.ts";
import { stepLines } from "./operation.ts";
import { targetBadge } from "./plan.ts";
import { stepChangeLines } from "./property-diff.ts";

export interface RefreshScreen {
  readonly width: number;
  readonly verbose: boolean;
}

export function refreshLines(result: RefreshResult, screen: RefreshScreen): readonly Line[] {
  const stacks = [...new Set(result.found.map((each) => each.stack))];
  return [
    headLine(result),
    ...labelled({ text: "  " }, summary(result), screen.width, "faint"),
    ...stacks.flatMap((stack) => stackLines(stack, result, screen)),
    ...(result.result === "succeeded" ? [] : [emptyLine, ...stoppedLines(result, screen)]),
    ...nextLines(result, screen.width),
  ];
}

function headLine({ result, environment, found, target }: RefreshResult): Line {
  const badge = targetBadge(target);
  if (result !== "succeeded") {
    const stopped = result === "cancelled";
    return line(
      styled(stopped ? "warning" : "error", stopped ? "!" : "✗"),
      " ",
      styled("strong", `refresh of ${environment} ${stopped ? "was stopped" : "failed"}`),
      ...badge,
    );
  }
  const what = found.length === 0 ? " is as its states say" : ": its states now say what the clouds have";
  return line(styled("good", "✓"), " ", styled("strong", environment), what, ...badge);
}

function summary({ found, resources, operation }: RefreshResult): string {
  const count = (kind: FoundChange["kind"]) => found.filter((each) => each.kind === kind).length;
  const read = Object.values(resources).reduce((sum, each) => sum + each, 0);
  const parts = [
    ...(count("changed") === 0 ? [] : [`${count("changed")} changed`]),
    ...(count("gone") === 0 ? [] : [`${count("gone")} gone`]),
    `${plural(read, "resource")} in ${plural(Object.keys(resources).length, "stack")}`,
  ].join(", ");
  if (operation.endedAt === undefined) return parts;
  return `${parts}, in ${formatElapsed(Date.parse(operation.endedAt) - Date.parse(operation.startedAt))}`;
}

function stackLines(stack: string, result: RefreshResult, screen: RefreshScreen): readonly Line[] {
  return [
    emptyLine,
    line(styled("strong", shortStack(stack, result.environment))),
    ...result.found.filter((each) => each.stack === stack).flatMap((each) => foundLines(each, screen)),
  ];
}

function foundLines(found: FoundChange, screen: RefreshScreen): readonly Line[] {
  const gone = found.kind === "gone";
  const head = line(
    styled(gone ? "delete" : "update", gone ? "  - " : "  ~ "),
    found.name,
    styled("faint", `  ${shortType(found.type)}`),
    gone ? styled("delete", "  gone") : "",
  );
  const step: Step = {
    ...{ urn: found.urn, type: found.type, name: found.name, changes: [...found.changes] },
    action: gone ? "delete" : "update",
    replacementUnknown: false,
  };
  const inner = { width: screen.width - 6, verbose: screen.verbose };
  return [clipLine(head, screen.width), ...indentLines(gone ? [] : stepChangeLines(step, inner), 6)];
}

function stoppedLines({ operation, environment }: RefreshResult, screen: RefreshScreen): readonly Line[] {
  const nameWidth = Math.max(
    0,
    ...operation.steps.map((step) => textWidth(shortStack(step.stack, environment))),
  );
  return operation.steps.flatMap((step) => stepLines(step, { ...screen, environment, nameWidth }));
}

function nextLines({ next, found, environment }: RefreshResult, width: number): readonly Line[] {
  const command = next ?? (found.length === 0 ? undefined : `terrane plan ${environment}`);
  if (command === undefined) return [];
  const what = next === undefined ? "what up would do about it" : "goes on from what exists";
  return [
    emptyLine,
    line(styled("strong", "Next")),
    clipLine(line("  ", styled("accent", command), styled("faint", `  ${what}`)), width),
  ];
}
