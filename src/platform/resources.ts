/** What exists of an environment, as the states of its stacks have it. Starts no engine and asks no cloud. */
import { TerraneError } from "../errors.ts";
import { resourcesOf, type StateResource, type StateSummary } from "../state/store.ts";
import { nearest, toldNames } from "../values/nearest.ts";
import type { EnvironmentResources, ExistingResource, ResourceFilter } from "./api.ts";
import type { PlatformContext } from "./context.ts";
import { openProject } from "./project/open-project.ts";
import { pickRecord } from "./project/pick-record.ts";
import { recordedStacks } from "./records/recorded-stacks.ts";

/** @throws TerraneError `environment-not-found`; `bad-usage` for a stack or component that is not there */
export async function readResources(
  context: PlatformContext,
  name: string | undefined,
  filter: ResourceFilter = {},
): Promise<EnvironmentResources> {
  await using project = await openProject(context);
  const record = await pickRecord(project, name);
  if (record === undefined) {
    throw new TerraneError("environment-not-found", `${nameOf(name)} does not exist yet`, {
      next: `terrane up${name === undefined ? "" : ` ${name}`}`,
    });
  }
  const state = await project.app.state();
  const names = recordedStacks(record);
  const wanted = pickStacks(names, record.name, filter.stack);
  const all = await Promise.all(
    wanted.map(async (stack) => toStack(record.name, stack, await state.read(stack))),
  );
  assertComponent(
    all.flatMap((stack) => stack.resources),
    filter.component,
  );
  return {
    environment: record.name,
    target: record.target,
    stacks: all
      .map((stack) => ({ ...stack, resources: stack.resources.filter((each) => fits(each, filter)) }))
      .filter((stack) => stack.resources.length > 0 || stack.pending.length > 0),
  };
}

function nameOf(name: string | undefined): string {
  return name === undefined ? "the environment" : `the environment ${name}`;
}

function pickStacks(
  stacks: readonly string[],
  environment: string,
  wanted: string | undefined,
): readonly string[] {
  if (wanted === undefined) return stacks;
  const found = stacks.find((stack) => stack === wanted || stack === `${environment}.${wanted}`);
  if (found !== undefined) return [found];
  const short = stacks.map((stack) => stack.slice(environment.length + 1));
  throw notThere("stack", wanted, short);
}

function notThere(what: string, wanted: string, there: readonly string[]): TerraneError {
  const near = nearest(wanted, there);
  return new TerraneError("bad-usage", `there is no ${what} "${wanted}"; ${toldNames(there)}`, {
    ...(near === undefined ? {} : { next: `Did you mean ${near}?` }),
  });
}

function toStack(
  environment: string,
  name: string,
  state: StateSummary | undefined,
): EnvironmentResources["stacks"][number] {
  const site = name.slice(environment.length + 1).split(".")[0] ?? "";
  const resources = resourcesOf(state);
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  return {
    name,
    resources: resources.map((resource) => toExisting(resource, site, byUrn)),
    pending: (state?.pending ?? []).map((each) => each.urn),
  };
}

function toExisting(
  resource: StateResource,
  site: string,
  byUrn: ReadonlyMap<string, StateResource>,
): ExistingResource {
  const owner = ownerOf(resource, byUrn);
  return {
    urn: resource.urn,
    name: nameInUrn(resource.urn),
    type: resource.type,
    protect: resource.protect,
    ...(resource.id === undefined || resource.id === "" ? {} : { id: resource.id }),
    ...(resource.parent === undefined ? {} : { parent: resource.parent }),
    ...(owner === undefined ? {} : { component: `${nameInUrn(owner.urn)}@${site}` }),
  };
}

/** The component that is the topmost parent; a provider stands beside the components. */
function ownerOf(
  resource: StateResource,
  byUrn: ReadonlyMap<string, StateResource>,
): StateResource | undefined {
  let owner: StateResource | undefined;
  const seen = new Set<string>();
  for (let each: StateResource | undefined = resource; each !== undefined && !seen.has(each.urn); ) {
    seen.add(each.urn);
    if (each.type.startsWith("terrane:component:")) owner = each;
    each = each.parent === undefined ? undefined : byUrn.get(each.parent);
  }
  return owner;
}

/** `urn:pulumi:<stack>::<project>::<types from the parent down>::<name>`; a name may hold `::`. */
function nameInUrn(urn: string): string {
  return urn.split("::").slice(3).join("::") || urn;
}

function assertComponent(resources: readonly ExistingResource[], wanted: string | undefined): void {
  if (wanted === undefined || resources.some((each) => isOf(each, wanted))) return;
  const there = new Set(resources.flatMap((each) => each.component ?? []));
  const names = [...there].map((each) => (wanted.includes("@") ? each : (each.split("@")[0] ?? each)));
  throw notThere("component", wanted, [...new Set(names)].sort());
}

function isOf(resource: ExistingResource, component: string): boolean {
  return resource.component === component || resource.component?.split("@")[0] === component;
}

function fits(resource: ExistingResource, filter: ResourceFilter): boolean {
  if (filter.component !== undefined && !isOf(resource, filter.component)) return false;
  return filter.type === undefined || resource.type.toLowerCase().includes(filter.type.toLowerCase());
}
