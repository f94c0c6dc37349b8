/** Refuses a plan that would delete what its cloud protects: found out half-way, it would leave half an environment. */
import { type Problem, TerraneError } from "../../errors.ts";
import { componentOf, sourceOf } from "../../model/component-of.ts";
import type { Plan } from "../../model/plan.ts";
import { formatAddress } from "../../model/spec.ts";
import type { StateReader } from "../../state/store.ts";

/**
 * @param states as they will be when the plan's steps begin
 * @throws TerraneError `deletion-protected` naming every resource, with its component where the plan knows it
 */
export async function assertUnprotected(states: StateReader, plan: Plan): Promise<void> {
  const stacks = plan.stacks.map(async ({ stack, steps }) => {
    const going = steps.filter(({ action }) => action === "delete" || action === "replace");
    if (going.length === 0) return [];
    const state = await states.read(stack);
    const guarded = new Set(
      (state?.resources ?? [])
        .filter((resource) => resource.protect || resource.deletionProtected)
        .map(({ urn }) => urn),
    );
    return going.filter(({ urn }) => guarded.has(urn));
  });
  const found = (await Promise.all(stacks)).flat();
  if (found.length === 0) return;
  const names = found.map(({ type, name }) => `${type} ${name}`).join(", ");
  const what = plan.kind === "destroy" ? "be destroyed" : "change so";
  throw new TerraneError(
    "deletion-protected",
    `${plan.environment} cannot ${what}: protected from deletion: ${names}`,
    { problems: found.map((step) => problemOf(plan, step)) },
  );
}

function problemOf(plan: Plan, { urn, type, name }: Plan["stacks"][number]["steps"][number]): Problem {
  const component = componentOf(plan, urn);
  const position = sourceOf(plan, urn);
  const owner = component === undefined ? "" : ` of ${formatAddress(component)}`;
  const where = component === undefined ? "the component" : `\`${component.component}\``;
  return {
    code: "deletion-protected",
    severity: "error",
    message: `${type} ${name}${owner} is protected from deletion`,
    next: `Set \`deletionProtection: false\` on ${where} and run \`terrane up ${plan.environment}\`; then try again.`,
    ...(position === undefined ? {} : { position }),
  };
}
