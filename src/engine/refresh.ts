/** Brings a stack's state in line with what the clouds hold. Changes nothing in a cloud. */
import type { ApplyResult, RefreshRequest } from "./request.ts";
import { runEngine } from "./run.ts";
import { toApplyResult } from "./up.ts";

/** `counts.update`, `counts.delete`: resources that had changed or were gone. Interrupted creates are dropped from the state. */
export async function refreshStack(request: RefreshRequest): Promise<ApplyResult> {
  const run = await runEngine({
    request,
    preview: false,
    act: (stack, options) => stack.refresh({ ...options, runProgram: false, clearPendingCreates: true }),
  });
  return toApplyResult(run, []);
}
