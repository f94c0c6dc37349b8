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
 */
export function authoriseSteps(
  planned: readonly Pick<Step, "urn" | "action">[],
): (urn: string, operation: string) => boolean {
  const actions = new Map<string, Set<StepAction>>();
  for (const { urn, action } of planned) {
    const known = actions.get(urn);
    if (known === undefined) actions.set(urn, new Set([action]));
    else known.add(action);
  }
  return (urn, operation) => {
    const parts = partsOf[operation];
    if (parts === undefined || urn.split("::")[2] === "pulumi:pulumi:Stack") return true;
    return parts.some((action) => actions.get(urn)?.has(action) === true);
  };
}
