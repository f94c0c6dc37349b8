/** Makes the plans of `up` and `destroy`. */

import { TerraneError } from "../errors.ts";
import { findingProblem } from "../model/finding-problem.ts";
import type { Plan } from "../model/plan.ts";
import { denials } from "../policy/evaluate.ts";
import type { StateReader } from "../state/store.ts";
import type { Change, PlanSubject } from "./change.ts";
import { makePlan, type PlanGround } from "./make-plan.ts";
import { type PlannedMoves, planMoves, stacksOf } from "./plan-moves.ts";
import { type ConvergePreviews, previewStacks } from "./preview.ts";
import { programDigest } from "./program-digest.ts";
import { planTeardown } from "./teardown.ts";
import { planVersions } from "./versions.ts";

export interface DestroyPlan {
  readonly plan: Plan;
  /** The states as they will be once that is done. */
  readonly state: StateReader;
  /** To be made first; absent where everything stands where it belongs. */
  readonly moves?: PlannedMoves;
}

export interface UpPlan extends DestroyPlan {
  readonly converge: ConvergePreviews;
}

export async function planUp(change: Change): Promise<UpPlan> {
  const { moves, state } = await foresee(change);
  const previewed = await previewStacks(change, state);
  const parts = { kind: "up", moves: moves?.moves ?? [], ...previewed } as const;
  const plan = makePlan(change, parts, await groundOf(change));
  return { plan, converge: previewed.converge, state, ...(moves === undefined ? {} : { moves }) };
}

export async function planDestroy(subject: PlanSubject): Promise<DestroyPlan> {
  const { moves, state } = await foresee(subject);
  const stacks = await planTeardown(subject, state);
  const parts = { kind: "destroy", moves: moves?.moves ?? [], stacks, findings: [] } as const;
  const plan = makePlan(subject, parts, await groundOf(subject));
  return { plan, state, ...(moves === undefined ? {} : { moves }) };
}

/** What is to be moved, and the states as they will be by then. */
async function foresee(
  subject: PlanSubject,
): Promise<{ readonly moves?: PlannedMoves; readonly state: StateReader }> {
  const moves = await planMoves(subject);
  if (moves === undefined) return { state: subject.state };
  return { moves, state: await subject.state.afterMoves(moves.states) };
}

/** @throws TerraneError `denied-by-policy` naming every finding that stops the plan */
export function assertAllowed(plan: Plan): void {
  const denied = denials(plan.findings);
  if (denied.length === 0) return;
  const rules = [...new Set(denied.map((finding) => finding.rule))].join(", ");
  throw new TerraneError("denied-by-policy", `policies deny the change of ${plan.environment}: ${rules}`, {
    problems: denied.map((finding) => findingProblem(plan, finding)),
    details: { findings: denied },
  });
}

async function groundOf(subject: PlanSubject): Promise<PlanGround> {
  const digests = stacksOf(subject).map(
    async (stack) => [stack, (await subject.state.read(stack))?.digest ?? null] as const,
  );
  return {
    states: Object.fromEntries(await Promise.all(digests)),
    programs: await programDigest(),
    versions: planVersions(),
  };
}
