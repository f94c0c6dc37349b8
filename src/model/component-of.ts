/** Which component of a plan a resource belongs to. Reads URNs and the plan, nothing else. */
import type { Position } from "../errors.ts";
import type { Plan, Step } from "./plan.ts";
import type { ComponentAddress } from "./spec.ts";

const componentType = "terrane:component:";

/**
 * The component that a resource is a part of, or is itself; undefined for what stands outside of all components. Its
 * parents tell. Where a step does not name them: of several components of the type that the URN holds, the one whose
 * name the resource's name starts with, as the names of parts do unless the component was renamed.
 */
export function componentOf(plan: Pick<Plan, "stacks">, urn: string): ComponentAddress | undefined {
  const [head = "", , chain = "", ...name] = urn.split("::");
  const stack = head.slice(head.lastIndexOf(":") + 1);
  const type = chain.split("$").find((each) => each.startsWith(componentType));
  if (type === undefined) return undefined;
  const phases = plan.stacks.filter((each) => each.stack === stack);
  const owner = ownerAmong(
    new Map(phases.flatMap(({ steps }) => steps.map((step) => [step.urn, step]))),
    urn,
  );
  const [site] = phases.map((each) => each.site);
  if (owner !== undefined && site !== undefined) return { component: owner.name, site };
  const own = name.join("::");
  const candidates = phases.flatMap((each) =>
    each.steps
      .filter((step) => step.type === type)
      .map((step) => ({ component: step.name, site: each.site })),
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

function ownerAmong(steps: ReadonlyMap<string, Step>, urn: string): Step | undefined {
  for (let step = steps.get(urn); step !== undefined; ) {
    if (step.type.startsWith(componentType)) return step;
    step = step.parent === undefined ? undefined : steps.get(step.parent);
  }
  return undefined;
}
