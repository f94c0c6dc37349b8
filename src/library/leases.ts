/** Who holds an environment, and how to make them stop. */
import type { HeldLease } from "../platform/api.ts";
import { processUser, toContext } from "./context.ts";
import type { EnvironmentOptions } from "./operations.ts";

/**
 * Asks whoever is at work on an environment to stop in good order, wherever they are. Undefined while nobody is.
 * @throws TerraneError `environment-not-found`
 */
export async function cancel(
  request: EnvironmentOptions & { readonly startedBy?: string } = {},
): Promise<HeldLease | undefined> {
  const { cancelOperation } = await import("../platform/cancel.ts");
  const { environment, startedBy = processUser() } = request;
  return cancelOperation(toContext(request), environment, { startedBy });
}

/**
 * Takes an environment away from a holder that lives and does not answer: what it would still write is refused.
 * @param request `holder`: the operation that holds it, as `status` tells
 * @throws TerraneError `environment-not-found`, `lease-held` when it is held by another operation
 */
export async function unlock(
  request: EnvironmentOptions & { readonly holder: string; readonly startedBy?: string },
): Promise<HeldLease | undefined> {
  const { unlockEnvironment } = await import("../platform/unlock.ts");
  const { environment, holder, startedBy = processUser() } = request;
  return unlockEnvironment(toContext(request), { environment, holder, startedBy });
}
