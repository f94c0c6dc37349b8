/** Takes away everything a stack holds. Needs no program: the state knows how to delete. */
import type { ApplyResult, DestroyRequest } from "./request.ts";
import { runEngine } from "./run.ts";
import { toApplyResult } from "./up.ts";

/** Deletes all resources of a stack, in an order that respects their dependencies. The empty stack stays. */
export async function destroyStack(request: DestroyRequest): Promise<ApplyResult> {
  const run = await runEngine({
    request,
    preview: false,
    act: (stack, options) => stack.destroy({ ...options, runProgram: false, suppressOutputs: true }),
  });
  return toApplyResult(run, []);
}
