/** Takes away everything a stack holds, and the stack itself. Needs no program: the state knows how to delete. */

import { TerraneError } from "../errors.ts";
import { EngineStopped } from "./command.ts";
import type { ApplyResult, DestroyRequest } from "./request.ts";
import { runEngine } from "./run.ts";
import { toApplyResult } from "./up.ts";
import { cleanMessage } from "./words.ts";
import { openWorkspace } from "./workspace.ts";

/** Deletes all resources of a stack, in an order that respects their dependencies. The empty stack stays. */
export async function destroyStack(request: DestroyRequest): Promise<ApplyResult> {
  const run = await runEngine({
    request,
    preview: false,
    act: (stack, options) => stack.destroy({ ...options, runProgram: false, suppressOutputs: true }),
  });
  return toApplyResult(run, []);
}

/**
 * Forgets an empty stack.
 * @throws TerraneError `engine-failed` when it still holds resources.
 */
export async function removeStack(request: DestroyRequest): Promise<void> {
  if (!request.state.exists) return;
  await using workspace = await openWorkspace(request);
  try {
    await workspace.stack.workspace.removeStack(request.stack);
  } catch (error) {
    if (!(error instanceof EngineStopped)) throw error;
    throw new TerraneError("engine-failed", `${request.stack}: ${cleanMessage(error.stderr)}`);
  }
}
