/** The plan and the answer of an environment in which nothing would change. Loads no engine, no cloud, no program. */
import { TerraneError } from "../../errors.ts";
import type { Emit } from "../../model/event.ts";
import type { Plan } from "../../model/plan.ts";
import type { ApplyResult } from "../api.ts";
import { checkVariables } from "../project/check-variables.ts";
import { recordedOutputs } from "../records/recorded-outputs.ts";
import { makePlan } from "./make-plan.ts";
import type { UnchangedStacks } from "./unchanged.ts";

/** As a plan that asked the engine would be, but that its steps stand in the order of the states. */
export async function planUnchanged(found: UnchangedStacks, emit: Emit): Promise<Plan> {
  const { app, prepared } = found.request;
  checkVariables(prepared.spec, app.context.environment, emit);
  const whole = found.whole ?? [];
  for (const { plan } of whole) emit({ type: "stack:unchanged", stack: plan.stack, phase: "converge" });
  return makePlan(
    { ...prepared, typeFacts: noFacts },
    {
      kind: "up",
      moves: [],
      stacks: whole.map((stack) => stack.plan),
      findings: whole.flatMap((stack) => stack.findings),
    },
    await found.ground(),
  );
}

export async function describeUnchanged(found: UnchangedStacks, plan: Plan): Promise<ApplyResult> {
  const { app, prepared } = found.request;
  const outputs = await recordedOutputs(await app.ledger(), plan.environment);
  return {
    plan,
    outputs,
    resources: found.counts,
    result: "unchanged",
    ...(prepared.target === "simulated" ? { virtualSeconds: 0 } : {}),
  };
}

/** Asked only of what goes away or is replaced. */
function noFacts(type: string): never {
  throw new TerraneError("internal", `nothing changes, and yet the kind of ${type} was asked for`);
}
