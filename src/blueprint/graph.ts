/**
 * Cuts a spec into stacks, one per site and domain, in an order in which each comes after what it needs, with what its
 * two phases apply. Compares with the last applied spec; knows nothing of documents or the catalog.
 */
import { type Problem, TerraneError } from "../errors.ts";
import {
  type ComponentAddress,
  type ComponentSpec,
  type EnvironmentSpec,
  formatAddress,
  type SiteSpec,
  type StackGraph,
  type StackNode,
  type StackSpec,
  stackOf,
} from "../model/spec.ts";
import { type Domain, rankOf } from "../model/words.ts";
import { deepFreeze } from "./load.ts";
import { findCycles, topologicalOrder } from "./order.ts";

/**
 * The stack graph of a spec. With the last applied spec, converge keeps what goes away until prune removes it.
 * @throws TerraneError `component-type-changed`, `stack-cycle`, `reference-cycle`
 */
export function makeStackGraph(spec: EnvironmentSpec, applied?: EnvironmentSpec): StackGraph {
  const leaving = leavingComponents(spec, applied);
  const surroundings: Surroundings = {
    spec,
    sites: new Map([...(applied?.sites ?? []), ...spec.sites].map((site) => [site.name, site])),
    births: new Map([...leaving, ...spec.components].map((each) => [addressOf(each), each.born])),
  };
  const stacks = groupByStack(spec, leaving);
  const dependsOn = dependenciesOf(stacks);
  assertNoStackCycle(dependsOn);
  const names = topologicalOrder(dependsOn, byRank(stacks));
  const nodes = names.flatMap((name) => {
    const stack = stacks.get(name);
    return stack === undefined
      ? []
      : [makeNode(surroundings, name, stack, [...(dependsOn.get(name) ?? [])].sort())];
  });
  return deepFreeze({ environment: spec, stacks: nodes });
}

/**
 * What may exist while the new spec is being applied: its own components, and those of the last applied one that go
 * away. A change that breaks off half way goes on from here.
 */
export function mergeApplied(spec: EnvironmentSpec, applied: EnvironmentSpec | undefined): EnvironmentSpec {
  const known = new Set(spec.sites.map((site) => site.name));
  const formerSites = (applied?.sites ?? []).filter((site) => !known.has(site.name));
  return deepFreeze({
    ...spec,
    sites: [...spec.sites, ...formerSites],
    components: [...spec.components, ...leavingComponents(spec, applied)],
  });
}

/** Every component that a component refers to. */
export function addressesIn(component: ComponentSpec): readonly ComponentAddress[] {
  return Object.values(component.references).flat();
}

interface Surroundings {
  readonly spec: EnvironmentSpec;
  readonly sites: ReadonlyMap<string, SiteSpec>;
  /** By address. */
  readonly births: ReadonlyMap<string, ComponentAddress>;
}

interface Stack {
  readonly site: string;
  readonly domain: Domain;
  readonly staying: ComponentSpec[];
  readonly leaving: ComponentSpec[];
}

/** What the applied spec has and the new one has not. */
function leavingComponents(
  spec: EnvironmentSpec,
  applied: EnvironmentSpec | undefined,
): readonly ComponentSpec[] {
  if (applied === undefined) return [];
  const now = new Map(spec.components.map((component) => [addressOf(component), component]));
  const problems = applied.components.flatMap((before) => {
    const after = now.get(addressOf(before));
    return after === undefined || after.type === before.type ? [] : [typeChanged(before, after)];
  });
  const [first] = problems;
  if (first !== undefined) throw new TerraneError("component-type-changed", first.message, { problems });
  return applied.components.filter((component) => !now.has(addressOf(component)));
}

function typeChanged(before: ComponentSpec, after: ComponentSpec): Problem {
  return {
    code: "component-type-changed",
    severity: "error",
    message: `"${addressOf(before)}" is a ${before.type} and would become a ${after.type}`,
    allowed: before.type,
    next: `Give the new ${after.type} another name; "${before.name}" then goes away on its own.`,
  };
}

function groupByStack(spec: EnvironmentSpec, leaving: readonly ComponentSpec[]): ReadonlyMap<string, Stack> {
  const stacks = new Map<string, Stack>();
  const homeOf = (component: ComponentSpec): Stack => {
    const name = stackOf(spec.name, component);
    const known = stacks.get(name);
    if (known !== undefined) return known;
    const made: Stack = { site: component.site, domain: component.domain, staying: [], leaving: [] };
    stacks.set(name, made);
    return made;
  };
  for (const component of spec.components) homeOf(component).staying.push(component);
  for (const component of leaving) homeOf(component).leaving.push(component);
  return stacks;
}

function dependenciesOf(stacks: ReadonlyMap<string, Stack>): ReadonlyMap<string, ReadonlySet<string>> {
  const home = new Map<string, string>();
  for (const [name, stack] of stacks) {
    for (const component of membersOf(stack)) home.set(addressOf(component), name);
  }
  const dependsOn = new Map<string, ReadonlySet<string>>();
  for (const [name, stack] of stacks) {
    const needed = membersOf(stack)
      .flatMap(addressesIn)
      .flatMap((address) => home.get(formatAddress(address)) ?? []);
    dependsOn.set(name, new Set(needed.filter((each) => each !== name)));
  }
  return dependsOn;
}

function membersOf(stack: Stack): readonly ComponentSpec[] {
  return [...stack.staying, ...stack.leaving];
}

function assertNoStackCycle(dependsOn: ReadonlyMap<string, ReadonlySet<string>>): void {
  const [cycle] = findCycles(dependsOn);
  if (cycle === undefined) return;
  throw new TerraneError("stack-cycle", `stacks depend on each other in a circle: ${cycle.join(" → ")}`, {
    details: { path: cycle },
    next: "Apply the removal and the new reference one after the other, or move one component.",
  });
}

function byRank(stacks: ReadonlyMap<string, Stack>): (left: string, right: string) => number {
  const rank = (name: string) => rankOf(stacks.get(name)?.domain ?? "foundation");
  return (left, right) => rank(left) - rank(right) || (left < right ? -1 : 1);
}

function makeNode(
  surroundings: Surroundings,
  name: string,
  stack: Stack,
  dependsOn: readonly string[],
): StackNode {
  const converge = makeStackSpec(surroundings, name, stack, membersOf(stack));
  return {
    name,
    site: stack.site,
    domain: stack.domain,
    dependsOn,
    converge,
    ...(stack.leaving.length === 0 ? {} : { prune: makeStackSpec(surroundings, name, stack, stack.staying) }),
  };
}

function makeStackSpec(
  { spec, sites, births }: Surroundings,
  name: string,
  stack: Stack,
  components: readonly ComponentSpec[],
): StackSpec {
  const site = sites.get(stack.site);
  if (site === undefined) throw new TerraneError("internal", `stack "${name}" stands in no site`);
  const others = new Set(components.flatMap(addressesIn).map((address) => address.site));
  const otherSites = [...others].filter((each) => each !== stack.site).sort();
  return {
    name,
    environment: environmentOf(spec),
    site,
    domain: stack.domain,
    components: inOrder(components),
    otherSites: Object.fromEntries(
      otherSites.flatMap((each) => {
        const other = sites.get(each);
        return other === undefined ? [] : [[each, other]];
      }),
    ),
    otherBirths: otherBirths(components, births),
  };
}

function otherBirths(
  components: readonly ComponentSpec[],
  births: ReadonlyMap<string, ComponentAddress>,
): StackSpec["otherBirths"] {
  const own = new Set(components.map(addressOf));
  const referred = new Set(components.flatMap(addressesIn).map(formatAddress));
  const others = [...referred].filter((address) => !own.has(address)).sort();
  return Object.fromEntries(
    others.flatMap((address) => {
      const born = births.get(address);
      return born === undefined || formatAddress(born) === address ? [] : [[address, born]];
    }),
  );
}

function environmentOf(spec: EnvironmentSpec): StackSpec["environment"] {
  return {
    name: spec.name,
    class: spec.class,
    blueprint: spec.blueprint,
    tags: spec.tags,
    incarnation: spec.incarnation,
    provisional: spec.provisional,
    ...(spec.recovery === undefined ? {} : { recovery: spec.recovery }),
  };
}

/** Each after what it refers to within the stack, by name where that leaves a choice. */
function inOrder(components: readonly ComponentSpec[]): readonly ComponentSpec[] {
  const byAddress = new Map(components.map((component) => [addressOf(component), component]));
  const edges = new Map(
    components.map((component) => [addressOf(component), new Set(addressesIn(component).map(formatAddress))]),
  );
  const [cycle] = findCycles(edges);
  if (cycle !== undefined) {
    throw new TerraneError("reference-cycle", `components refer in a circle: ${cycle.join(" → ")}`, {
      details: { path: cycle },
    });
  }
  const names = topologicalOrder(edges, (left, right) => (left < right ? -1 : 1));
  return names.flatMap((name) => byAddress.get(name) ?? []);
}

function addressOf(component: ComponentSpec): string {
  return formatAddress({ component: component.name, site: component.site });
}
