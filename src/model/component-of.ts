/** Which component of a plan a resource belongs to. Reads URNs and the plan, nothing else. */
import type { Position } from "../errors.ts";
import type { Plan } from "./plan.ts";
import type { ComponentAddress } from "./spec.ts";

const componentType = "terrane:component:";

/**
 * The component that a resource is a part of, or is itself; undefined for what stands outside of all components. A URN
 * holds the types of the parents and not their names: of several components of that type the one whose name the
 * resource's name starts with, since the names of parts do.
 */
export function componentOf(plan: Pick<Plan, "stacks">, urn: string): ComponentAddress | undefined {
  const [head = "", , chain = "", ...name] = urn.split("::");
  const stack = head.slice(head.lastIndexOf(":") + 1);
  const type = chain.split("$").find((each) => each.startsWith(componentType));
  if (type === undefined) return undefined;
  const own = name.join("::");
  const phases = plan.stacks.filter((each) => each.stack === stack);
  const candidates = phases.flatMap(({ site, steps }) =>
    steps.filter((step) => step.type === type).map((step) => ({ component: step.name, site })),
  );
  const named = candidates
    .filter(({ component }) => own === component || own.startsWith(`${component}-`))
    .sort((one, other) => other.component.length - one.component.length)[0];
  return named ?? candidates[0];
}

/** Where the blueprint names the component of a resource; undefined where nobody knows. */
export function sourceOf(plan: Pick<Plan, "stacks" | "sources">, urn: string): Position | undefined {
  const component = componentOf(plan, urn);
  return component === undefined ? undefined : plan.sources?.[component.component];
}
