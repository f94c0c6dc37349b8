/** Code that nobody has reviewed yet changes no live cloud and no prod environment; it may plan. */
import { TerraneError } from "../../errors.ts";
import type { EnvironmentClass, Target } from "../../model/words.ts";
import type { PlatformContext } from "../context.ts";

/** @throws TerraneError `not-from-a-pull-request` */
export function assertMerged(
  context: PlatformContext,
  change: { readonly class: EnvironmentClass; readonly target: Target | undefined },
): void {
  if (context.pullRequest === undefined) return;
  const reasons = [
    ...(change.target === "live" ? ["its target is the live clouds"] : []),
    ...(change.class === "prod" ? ["its class is prod"] : []),
  ];
  if (reasons.length === 0) return;
  throw new TerraneError(
    "not-from-a-pull-request",
    `this runs for a pull request (${context.pullRequest}), and the environment may not be changed from one: ${reasons.join(", and ")}`,
    { details: { pullRequest: context.pullRequest, class: change.class, target: change.target ?? null } },
  );
}
