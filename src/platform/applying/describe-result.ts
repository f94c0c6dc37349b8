/** Completes the answer of `up` and `destroy`: what there is now, and how long the real clouds would have taken. */
import type { Ledger } from "../../ledger/ledger.ts";
import type { Plan } from "../../model/plan.ts";
import type { ApplyResult } from "../api.ts";
import { countResources } from "../records/count-resources.ts";
import { recordedOutputs } from "../records/recorded-outputs.ts";
import type { Change } from "./change.ts";

export type ResultCore = Pick<ApplyResult, "result" | "operation" | "next">;

export async function describeResult(
  change: Change,
  ledger: Ledger,
  plan: Plan,
  core: ResultCore,
): Promise<ApplyResult> {
  const stacks = change.graph.stacks.map((stack) => stack.name);
  const [outputs, resources, virtualSeconds] = await Promise.all([
    recordedOutputs(ledger, plan.environment),
    countResources(change.state, stacks),
    change.virtualSeconds(),
  ]);
  return { plan, outputs, resources, ...core, ...(virtualSeconds === undefined ? {} : { virtualSeconds }) };
}
