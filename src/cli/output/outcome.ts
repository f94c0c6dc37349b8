/** How a step of an operation ended and what it did, in the words that all screens have for it. */
import type { OperationStep } from "../../model/operation.ts";
import type { ChangeCounts } from "../../model/plan.ts";
import type { Style } from "./line.ts";
import { wasStopped } from "./names.ts";
import { outcomeSign, outcomeStyle, outcomeText } from "./signs.ts";

export interface StepEnd {
  readonly sign: string;
  readonly text: string;
  readonly style: Style;
}

/** A step that was stopped has not failed. */
export function endOf(step: OperationStep): StepEnd {
  const failed = step.resources.some((resource) => resource.outcome === "failed");
  if (wasStopped(step.message) && !failed) return { sign: "!", text: "stopped", style: "warning" };
  const { outcome } = step;
  return { sign: outcomeSign(outcome), text: outcomeText(outcome), style: outcomeStyle(outcome) };
}

/** `3 created, 1 updated`; of a refresh `1 changed, 1 gone`: others have done that. Empty where nothing was done. */
export function doneText(counts: ChangeCounts, phase?: string): string {
  const others = phase === "refresh";
  const parts = [
    [counts.create, "created"],
    [counts.update, others ? "changed" : "updated"],
    [counts.replace, "replaced"],
    [counts.delete, others ? "gone" : "deleted"],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(", ");
}
