/**
 * Holds an `up` to the plan it applies. Two nets: a resource that the plan does not name is refused by the analyzer,
 * before its provider is asked for anything; a step whose action the plan does not name ends the operation when the
 * engine announces it. The second net is late by the length of an event: that first step, and what runs beside it, may
 * reach the cloud. Refusing the step itself needs the state service's "begin" entries.
 */
import type { Step, StepAction } from "../model/plan.ts";
import { nameOf } from "./steps.ts";

export interface PlanGuard {
  /** Aborted at the first step that was not planned. */
  readonly signal: AbortSignal;
  readonly onStep: (urn: string, action: StepAction) => void;
  /** Whether the plan names the resource; if not, that is the violation. */
  readonly admits: (urn: string) => boolean;
  /** What was not planned, for people. */
  readonly violation: () => string | undefined;
}

export function makePlanGuard(expected: readonly Pick<Step, "urn" | "action">[]): PlanGuard {
  const planned = new Map<string, Set<StepAction>>();
  for (const { urn, action } of expected) {
    planned.set(urn, (planned.get(urn) ?? new Set()).add(action));
  }
  const abort = new AbortController();
  let violation: string | undefined;
  return {
    signal: abort.signal,
    onStep: (urn, action) => {
      if (allows(planned.get(urn), action)) return;
      violation ??= `${nameOf(urn)} would be ${pastOf[action]}, which the plan does not say`;
      abort.abort();
    },
    admits: (urn) => {
      if (planned.has(urn) || isRoot(urn)) return true;
      violation ??= `the plan does not name ${nameOf(urn)}`;
      return false;
    },
    violation: () => violation,
  };
}

function isRoot(urn: string): boolean {
  return urn.split("::")[2] === "pulumi:pulumi:Stack";
}

/** Less than planned is no surprise: what was to change may turn out to be the same. */
function allows(actions: ReadonlySet<StepAction> | undefined, action: StepAction): boolean {
  if (actions === undefined) return false;
  if (actions.has(action) || action === "same" || action === "refresh" || action === "read") return true;
  // A property unknown in the plan counts as changed and may force a replacement there, but then need not.
  return action === "update" && actions.has("replace");
}

const pastOf: Readonly<Record<StepAction, string>> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
  same: "left",
  read: "read",
  import: "imported",
  refresh: "refreshed",
};
