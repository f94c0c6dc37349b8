/** One step of a recorded operation: how its stack ended, and the resources that did not end as they should. */
import type { Operation, OperationStep, ResourceOutcome } from "../../model/operation.ts";
import { clipLine, type Line, labelled, line, padText, styled } from "./line.ts";
import { shortStack, shortType, splitUrn, wasStopped } from "./names.ts";
import { doneText, endOf } from "./outcome.ts";
import { actionSign, operationStyle, outcomeSign, outcomeStyle, outcomeText } from "./signs.ts";

/** Resources not started are many after an interruption, and all alike. */
const notStartedShown = 5;

export interface StepScreen {
  readonly environment: string;
  /** Columns for the names of stacks. */
  readonly nameWidth: number;
  readonly width: number;
  readonly verbose: boolean;
}

/** An operation in a table's cell: `up succeeded`. */
export function operationCell(operation: Pick<Operation, "kind" | "status"> | undefined): Line {
  if (operation === undefined) return line(styled("faint", "–"));
  return line(`${operation.kind} `, styled(operationStyle(operation.status), operation.status));
}

/** One step of an operation with the resources that did not end as they should. */
export function stepLines(step: OperationStep, screen: StepScreen): readonly Line[] {
  const { width } = screen;
  const { sign, text, style } = endOf(step);
  const phase = step.phase === "prune" || step.phase === "move" ? `  (${step.phase})` : "";
  const done = doneText(step.counts, step.phase);
  return [
    clipLine(
      line(
        styled(style, `  ${sign}`),
        ` ${padText(shortStack(step.stack, screen.environment), screen.nameWidth)}  `,
        styled(style, padText(text, 11)),
        `${phase}${done === "" ? "" : `  ${done}`}`,
      ),
      width,
    ),
    ...stepResourceLines(step, screen),
    // The cloud's words stand at the resource; repeated for the stack they would only be longer.
    ...(step.message === undefined || wasStopped(step.message) || step.resources.some(hasOwnWords)
      ? []
      : labelled({ text: "        " }, step.message, width)),
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
                `      · and ${hidden} more not started: terrane status ${screen.environment} -v`,
              ),
            ),
            screen.width,
          ),
        ]
      : []),
  ];
}

function resourceOutcomeLines(resource: ResourceOutcome, width: number): readonly Line[] {
  const { name, type } = splitUrn(resource.urn);
  const style = outcomeStyle(resource.outcome);
  return [
    clipLine(
      line(
        styled(style, `      ${outcomeSign(resource.outcome)} `),
        `${actionSign(resource.action)} ${name}  `,
        styled("faint", shortType(type)),
        styled(style, `  ${outcomeText(resource.outcome)}`),
      ),
      width,
    ),
    ...(resource.message === undefined ? [] : labelled({ text: "        " }, resource.message, width)),
  ];
}
