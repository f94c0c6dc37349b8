/** Which steps of an engine an agreed plan authorises. */
import type { Step, StepAction } from "./plan.ts";

/** What an engine calls the step it begins → planned actions of which it can be a part. */
const partsOf: Readonly<Record<string, readonly StepAction[]>> = {
  creating: ["create", "replace", "import"],
  // A property unknown in the plan counts as changed and may force a replacement there, but then need not.
  updating: ["update", "replace"],
  deleting: ["delete", "replace"],
  importing: ["import", "create"],
};

/**
 * Whether the plan has a step of which this one is a part. Reading and refreshing change nothing and are always
 * authorised, and so is the stack's own root, which no plan shows.
 * @param state that the engine begins with: what was replaced earlier and is still to be deleted goes without a step of
 * its own
 */
export function authoriseSteps(
  planned: readonly Pick<Step, "urn" | "action">[],
  state?: { readonly resources: readonly { readonly urn: string; readonly replaced: boolean }[] },
): (urn: string, operation: string) => boolean {
  const actions = new Map<string, Set<StepAction>>();
  for (const { urn, action } of planned) {
    const known = actions.get(urn);
    if (known === undefined) actions.set(urn, new Set([action]));
    else known.add(action);
  }
  const replaced = new Set(state?.resources.flatMap((each) => (each.replaced ? [each.urn] : [])));
  return (urn, operation) => {
    if (operation === "deleting" && replaced.has(urn)) return true;
    const parts = partsOf[operation];
    if (parts === undefined || urn.split("::")[2] === "pulumi:pulumi:Stack") return true;
    return parts.some((action) => actions.get(urn)?.has(action) === true);
  };
}
