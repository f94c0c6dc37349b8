/** Brings a stack's state in line with what the clouds hold. Changes nothing in a cloud. */
import type { Step } from "../model/plan.ts";
import type { ApplyResult, RefreshRequest } from "./request.ts";
import { runEngine } from "./run.ts";
import { toApplyResult } from "./up.ts";

export interface RefreshResult extends ApplyResult {
  /**
   * What the state did not know: action `update` with the properties that had changed, or `delete` of what is gone. They
   * are also what `counts` counts.
   */
  readonly found: readonly Step[];
}

/**
 * Creates that were begun and whose end nobody recorded stay in the state as they are: only a look into the cloud tells
 * what became of them.
 */
export async function refreshStack(request: RefreshRequest): Promise<RefreshResult> {
  const run = await runEngine({
    request,
    preview: false,
    act: (stack, options) => stack.refresh({ ...options, runProgram: false, suppressOutputs: true }),
  });
  const found = run.follower.steps().filter(({ action }) => action === "update" || action === "delete");
  return { ...toApplyResult(run, []), found };
}
