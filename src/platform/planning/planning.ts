/** Makes the plans of `up` and `destroy`. */

import { TerraneError } from "../../errors.ts";
import { findingProblem } from "../../model/finding-problem.ts";
import type { Plan, StackPlan } from "../../model/plan.ts";
import { denials } from "../../policy/evaluate.ts";
import type { StateMoves, StateReader } from "../../state/store.ts";
import type { Change, PlanSubject } from "../applying/change.ts";
import { joinMoves, planReturn, readAfter } from "../applying/set-aside.ts";
import { planTeardown } from "../applying/teardown.ts";
import { planVersions } from "../versions.ts";
import type { ConvergePreviews } from "./converge-preview.ts";
import { makePlan, type PlanGround } from "./make-plan.ts";
import { planMoves, stacksOf } from "./plan-moves.ts";
import { previewStacks } from "./preview.ts";
import type { UnchangedStacks } from "./unchanged.ts";

export interface DestroyPlan {
  readonly plan: Plan;
  /** The states as they will be once the moves are made. */
  readonly state: StateReader;
  /** To be made first; absent where everything stands where it belongs. */
  readonly moves?: StateMoves;
}

export interface UpPlan extends DestroyPlan {
  readonly converge: ConvergePreviews;
}

/** @param unchanged which stacks need no preview; as the states are now */
export async function planUp(change: Change, unchanged: UnchangedStacks): Promise<UpPlan> {
  const planned = await planMoves(change);
  const moved = await readAfter(change.state, planned?.states);
  const names = change.graph.stacks.map((node) => node.name);
  const returns = await Promise.all(names.map(async (name) => planReturn(name, await moved.read(name))));
  const before = joinMoves(planned?.states, returns.flat());
  const { stacks, findings, converge, moves } = await previewStacks(change, before, unchanged);
  const recorded = await change.recordedOutputs();
  const parts = {
    kind: "up",
    moves: planned?.moves ?? [],
    stacks: stacks.map((stack) => withOutputsBefore(stack, recorded.get(stack.stack))),
    findings,
  } as const;
  const plan = makePlan(change, parts, await groundOf(change));
  return {
    plan,
    converge,
    state: await readAfter(change.state, moves),
    ...(moves === undefined ? {} : { moves }),
  };
}

function withOutputsBefore(stack: StackPlan, outputs: StackPlan["outputs"] | undefined): StackPlan {
  return outputs === undefined ? stack : { ...stack, outputsBefore: outputs };
}

export async function planDestroy(subject: PlanSubject): Promise<DestroyPlan> {
  const planned = await planMoves(subject);
  const state = await readAfter(subject.state, planned?.states);
  const stacks = await planTeardown(subject, state);
  const parts = { kind: "destroy", moves: planned?.moves ?? [], stacks, findings: [] } as const;
  const plan = makePlan(subject, parts, await groundOf(subject));
  return { plan, state, ...(planned === undefined ? {} : { moves: planned.states }) };
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
    programs: await subject.programs(),
    versions: planVersions(),
  };
}
