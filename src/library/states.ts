/** Saved states of stacks: kept checkpoints, what changed between two, bringing one back. */
import type {
  ComparedStates,
  ExportedState,
  PushRequest,
  RestoreRequest,
  SavedCheckpoint,
  SavedStack,
  SavedState,
} from "../platform/api.ts";
import { type ProjectOptions, toContext } from "./context.ts";

export interface StackOptions extends ProjectOptions {
  /** `<environment>.<site>.<domain>`, or `<project>/<stack>` for stacks of other Pulumi projects. */
  readonly stack: string;
}

/** Every stack, or those of one environment, with its newest checkpoint. */
async function list(
  request: ProjectOptions & { readonly environment?: string } = {},
): Promise<readonly SavedStack[]> {
  const { listSavedStacks } = await import("../platform/saved-states.ts");
  return listSavedStacks(toContext(request), request.environment);
}

/**
 * The states that are kept of a stack, the newest first.
 * @throws TerraneError `stack-not-found`
 */
async function checkpoints(request: StackOptions): Promise<readonly SavedCheckpoint[]> {
  const { listCheckpoints } = await import("../platform/saved-states.ts");
  return listCheckpoints(toContext(request), request.stack);
}

/**
 * What changed between two checkpoints; secrets stay hidden.
 * @param request `to`: default, the newest
 * @throws TerraneError `stack-not-found`, `checkpoint-not-found`, `state-corrupt`, `state-tampered`
 */
async function compare(
  request: StackOptions & { readonly from: number; readonly to?: number },
): Promise<ComparedStates> {
  const { compareCheckpoints } = await import("../platform/saved-states.ts");
  return compareCheckpoints(toContext(request), request);
}

/**
 * A state to take along, its secrets sealed.
 * @param request `serial`: default, the newest
 * @throws TerraneError as `compare`
 */
async function exportState(request: StackOptions & { readonly serial?: number }): Promise<ExportedState> {
  const platform = await import("../platform/saved-states.ts");
  return platform.exportState(toContext(request), request.stack, request.serial);
}

/**
 * Makes an earlier checkpoint the newest again, or accepts what was changed by hand, by how its digest begins.
 * @throws TerraneError `stack-not-found`, `checkpoint-not-found`, `lease-held`, `plan-stale`, `state-corrupt`
 */
async function restore(request: ProjectOptions & RestoreRequest): Promise<SavedState> {
  const platform = await import("../platform/saved-states.ts");
  return platform.restoreState(toContext(request), request);
}

/**
 * Puts a state in the place of the newest, unless something newer is there than what it was made from.
 * @throws TerraneError `state-foreign`, `state-corrupt`, `state-newer`, `lease-held`, `plan-stale`, `bad-usage`
 */
async function push(request: ProjectOptions & PushRequest): Promise<SavedState> {
  const platform = await import("../platform/saved-states.ts");
  return platform.pushState(toContext(request), request);
}

/** Saved states: list them, set them side by side, take one along, bring an earlier one back. */
export const states = Object.freeze({ list, checkpoints, compare, exportState, restore, push });
