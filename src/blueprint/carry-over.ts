/**
 * Tells an environment's record what the blueprint calls things now: sites and components that `formerly` renames, and
 * components that a newer catalog puts into another domain. All that follows then sees no renames, only the record of
 * an environment that was always called so, and a list of what has to be moved for that to become true.
 */
import { TerraneError } from "../errors.ts";
import type { EnvironmentRecord } from "../model/record.ts";
import {
  type ComponentAddress,
  type ComponentMove,
  type ComponentPlace,
  type ComponentSpec,
  type EnvironmentSpec,
  formatAddress,
} from "../model/spec.ts";
import { expandBlueprint, type Instance } from "./instances.ts";
import { ProblemList } from "./problem-list.ts";
import { rolesOf } from "./resolve.ts";
import type { ResolveRequest } from "./resolve-request.ts";
import { problemAt } from "./schema-problems.ts";

export interface CarriedOver {
  /** With everything under its present name; its own `moves` are in the list below. */
  readonly record: EnvironmentRecord;
  /**
   * From every place where a component may stand to the place it belongs: after an operation that broke off there can
   * be several for one component, and the states tell which of them is left to make.
   */
  readonly moves: readonly ComponentMove[];
}

type Request = Pick<ResolveRequest, "blueprint" | "environment" | "catalog"> & {
  readonly record: EnvironmentRecord;
};

/** @throws TerraneError `document-invalid` when a site is said to be one that stands elsewhere */
export function carryOver(request: Request): CarriedOver {
  const { moves: pending = [], ...record } = request.record;
  if (record.applied === undefined) return { record, moves: [] };
  const siteNames = renamedSites(request, record.applied, pending);
  const siteOf = (site: string) => siteNames.get(site) ?? site;
  const roles = mapKeys(record.roles, siteOf);
  const instances = expandBlueprint(request.blueprint.document, request.catalog, {
    class: request.environment.document.class,
    roles: rolesOf({ blueprint: request.blueprint, record: { ...record, roles } }),
  });
  const atNewSites = record.applied.components.map((each) => ({ ...each, site: siteOf(each.site) }));
  const names = renamedComponents(instances, atNewSites, pending);
  const carry = ({ component, site }: ComponentAddress): ComponentAddress => {
    const moved = { component, site: siteOf(site) };
    return { component: names.get(formatAddress(moved)) ?? component, site: moved.site };
  };
  const components = record.applied.components.map((each) => carryComponent(each, carry, instances));
  const made = record.applied.components.flatMap((each, at) => moveBetween(each, components[at]));
  return {
    record: {
      ...record,
      roles,
      addresses: mapKeys(record.addresses, (key) => carryKey(key, carry)),
      applied: {
        ...record.applied,
        sites: record.applied.sites.map((site) => ({ ...site, name: siteOf(site.name) })),
        components,
      },
    },
    moves: [...made, ...compose(pending, made)],
  };
}

/** Old name → new name of the sites that go on under another one. */
function renamedSites(
  { blueprint }: Request,
  applied: EnvironmentSpec,
  pending: readonly ComponentMove[],
): ReadonlyMap<string, string> {
  const { sites } = blueprint.document;
  const before = new Map(applied.sites.map((site) => [site.name, site]));
  const renamed = new Map<string, string>();
  const problems = new ProblemList();
  for (const [name, site] of Object.entries(sites)) {
    if (before.has(name)) continue;
    // The rename of an operation that broke off, taken back.
    const undone = pending.find(({ from, to }) => from.site === name && !Object.hasOwn(sites, to.site));
    const former = before.get(site.formerly ?? undone?.to.site ?? "");
    if (former === undefined) continue;
    if (former.cloud === site.cloud && former.region === site.region) renamed.set(former.name, name);
    else {
      const message = `"${name}" is in ${site.cloud} ${site.region}, but "${former.name}" is in ${former.cloud} ${former.region}: a rename moves nothing`;
      problems.add(problemAt(blueprint.source, ["sites", name, "formerly"], "site-elsewhere", message));
    }
  }
  problems.assertNone(`the blueprint "${blueprint.name}"`);
  return renamed;
}

/** Address, at the new site already → new name of the components that go on under another one. */
function renamedComponents(
  instances: readonly Instance[],
  applied: readonly ComponentSpec[],
  pending: readonly ComponentMove[],
): ReadonlyMap<string, string> {
  const before = new Set(applied.map((each) => formatAddress({ component: each.name, site: each.site })));
  const wanted = new Set(instances.map(({ name, site }) => formatAddress({ component: name, site })));
  const renamed = new Map<string, string>();
  for (const { name, site, entry } of instances) {
    if (before.has(formatAddress({ component: name, site }))) continue;
    // The rename of an operation that broke off, taken back.
    const undone = pending.find(
      ({ from, to }) => from.component === name && to.component !== name && !wanted.has(formatAddress(to)),
    );
    const component = entry.formerly ?? undone?.to.component;
    if (component === undefined) continue;
    const former = formatAddress({ component, site });
    if (before.has(former)) renamed.set(former, name);
  }
  return renamed;
}

function carryComponent(
  component: ComponentSpec,
  carry: (address: ComponentAddress) => ComponentAddress,
  instances: readonly Instance[],
): ComponentSpec {
  const own = carry({ component: component.name, site: component.site });
  const now = instances.find((each) => each.name === own.component && each.site === own.site);
  const references = Object.entries(component.references).map(([field, value]) => [
    field,
    isList(value) ? value.map(carry) : carry(value),
  ]);
  return {
    ...component,
    name: own.component,
    site: own.site,
    domain: now?.contract.name === component.type ? now.contract.domain : component.domain,
    references: Object.fromEntries(references),
  };
}

/** `<component>@<site>`, perhaps with `/<field>` behind it. */
function carryKey(key: string, carry: (address: ComponentAddress) => ComponentAddress): string {
  const [component = "", site = "", ...field] = key.split(/[@/]/);
  return [formatAddress(carry({ component, site })), ...field].join("/");
}

function isList(value: ComponentSpec["references"][string]): value is readonly ComponentAddress[] {
  return Array.isArray(value);
}

function moveBetween(before: ComponentSpec, after: ComponentSpec | undefined): ComponentMove[] {
  if (after === undefined) throw new TerraneError("internal", `"${before.name}" was lost on the way`);
  const [from, to] = [placeOf(before), placeOf(after)];
  return isSamePlace(from, to) ? [] : [{ from, to }];
}

/** Pending moves as they lead on: to where what stands at their end goes now. */
function compose(pending: readonly ComponentMove[], made: readonly ComponentMove[]): ComponentMove[] {
  return pending.flatMap(({ from, to }) => {
    const end = made.find((move) => isSamePlace(move.from, to))?.to ?? to;
    return isSamePlace(from, end) ? [] : [{ from, to: end }];
  });
}

function placeOf({ name, site, domain }: ComponentSpec): ComponentPlace {
  return { component: name, site, domain };
}

function isSamePlace(left: ComponentPlace, right: ComponentPlace): boolean {
  return left.component === right.component && left.site === right.site && left.domain === right.domain;
}

function mapKeys<T>(record: Readonly<Record<string, T>>, map: (key: string) => string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [map(key), value]));
}
