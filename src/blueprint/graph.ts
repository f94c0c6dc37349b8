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
  const sites = new Map([...(applied?.sites ?? []), ...spec.sites].map((site) => [site.name, site]));
  const stacks = groupByStack(spec, leaving);
  const dependsOn = dependenciesOf(stacks);
  assertNoStackCycle(dependsOn);
  const names = topologicalOrder(dependsOn, byRank(stacks));
  const nodes = names.flatMap((name) => {
    const stack = stacks.get(name);
    return stack === undefined
      ? []
      : [makeNode(spec, name, stack, [...(dependsOn.get(name) ?? [])].sort(), sites)];
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

interface Stack {
  readonly site: string;
  readonly domain: Domain;
  readonly staying: ComponentSpec[];
  readonly leaving: ComponentSpec[];
}

function stackName(environment: string, component: ComponentSpec): string {
  return `${environment}.${component.site}.${component.domain}`;
}

/** What the applied spec has and the new one has not, with references to renamed components put right. */
function leavingComponents(
  spec: EnvironmentSpec,
  applied: EnvironmentSpec | undefined,
): readonly ComponentSpec[] {
  if (applied === undefined) return [];
  const before = new Map(applied.components.map((component) => [addressOf(component), component]));
  const renamed = new Map<string, ComponentSpec>();
  const problems: Problem[] = [];
  const kept = new Set<string>();
  for (const component of spec.components) {
    const own = addressOf(component);
    const former =
      component.formerly === undefined || before.has(own)
        ? own
        : formatAddress({ component: component.formerly, site: component.site });
    const predecessor = before.get(former);
    if (predecessor === undefined) continue;
    if (predecessor.type !== component.type) problems.push(typeChanged(predecessor, component));
    // In another domain it is another resource in another stack, so the old one leaves.
    if (predecessor.domain === component.domain) kept.add(former);
    if (former !== own) renamed.set(former, component);
  }
  if (problems.length > 0) {
    const [first] = problems;
    throw new TerraneError("component-type-changed", first?.message ?? "", { problems });
  }
  return applied.components
    .filter((component) => !kept.has(addressOf(component)))
    .map((component) => renameReferences(component, renamed));
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

function renameReferences(
  component: ComponentSpec,
  renamed: ReadonlyMap<string, ComponentSpec>,
): ComponentSpec {
  if (renamed.size === 0) return component;
  const rename = (address: ComponentAddress): ComponentAddress => {
    const now = renamed.get(formatAddress(address));
    return now === undefined ? address : { component: now.name, site: now.site };
  };
  const references = Object.entries(component.references).map(([field, value]) => [
    field,
    isList(value) ? value.map(rename) : rename(value),
  ]);
  return { ...component, references: Object.fromEntries(references) };
}

function isList(value: ComponentSpec["references"][string]): value is readonly ComponentAddress[] {
  return Array.isArray(value);
}

function groupByStack(spec: EnvironmentSpec, leaving: readonly ComponentSpec[]): ReadonlyMap<string, Stack> {
  const stacks = new Map<string, Stack>();
  const stackOf = (component: ComponentSpec): Stack => {
    const name = stackName(spec.name, component);
    const known = stacks.get(name);
    if (known !== undefined) return known;
    const made: Stack = { site: component.site, domain: component.domain, staying: [], leaving: [] };
    stacks.set(name, made);
    return made;
  };
  for (const component of spec.components) stackOf(component).staying.push(component);
  for (const component of leaving) stackOf(component).leaving.push(component);
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
  spec: EnvironmentSpec,
  name: string,
  stack: Stack,
  dependsOn: readonly string[],
  sites: ReadonlyMap<string, SiteSpec>,
): StackNode {
  const converge = makeStackSpec(spec, name, stack, membersOf(stack), sites);
  return {
    name,
    site: stack.site,
    domain: stack.domain,
    dependsOn,
    converge,
    ...(stack.leaving.length === 0 ? {} : { prune: makeStackSpec(spec, name, stack, stack.staying, sites) }),
  };
}

function makeStackSpec(
  spec: EnvironmentSpec,
  name: string,
  stack: Stack,
  components: readonly ComponentSpec[],
  sites: ReadonlyMap<string, SiteSpec>,
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
  };
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
