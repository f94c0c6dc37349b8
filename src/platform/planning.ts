/** Makes the plans of `up` and `destroy`. */

import { TerraneError } from "../errors.ts";
import { findingProblem } from "../model/finding-problem.ts";
import type { Plan } from "../model/plan.ts";
import { denials } from "../policy/evaluate.ts";
import type { Change } from "./change.ts";
import { makePlan, type PlanGround } from "./make-plan.ts";
import { type ConvergePreviews, previewStacks } from "./preview.ts";
import { programDigest } from "./program-digest.ts";
import { planTeardown } from "./teardown.ts";
import { planVersions } from "./versions.ts";

export interface UpPlan {
  readonly plan: Plan;
  readonly converge: ConvergePreviews;
}

export async function planUp(change: Change): Promise<UpPlan> {
  const previewed = await previewStacks(change);
  const plan = makePlan(change, "up", previewed.stacks, previewed.findings, await groundOf(change));
  return { plan, converge: previewed.converge };
}

export async function planDestroy(change: Change): Promise<Plan> {
  return makePlan(change, "destroy", await planTeardown(change), [], await groundOf(change));
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

async function groundOf(change: Change): Promise<PlanGround> {
  const digests = change.graph.stacks.map(
    async (stack) => [stack.name, (await change.state.read(stack.name))?.digest ?? null] as const,
  );
  return {
    states: Object.fromEntries(await Promise.all(digests)),
    programs: await programDigest(),
    versions: planVersions(),
  };
}
