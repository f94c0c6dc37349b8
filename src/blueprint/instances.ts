/**
 * Which components of a blueprint stand in which sites for a class and given roles, and which layer each of their
 * fields comes from. Interpolation is not done here.
 */
import type { Catalog } from "../catalog/catalog.ts";
import { type ComponentContract, referenceFields } from "../catalog/component.ts";
import type { ReferenceInfo } from "../catalog/reference.ts";
import { type Blueprint, type ComponentEntry, componentWords } from "../model/documents.ts";
import type { EnvironmentClass, Role } from "../model/words.ts";
import type { Path } from "./document-source.ts";

/** Where the value of a field comes from, weakest first. */
export const fieldLayers = [
  "default",
  "default by class",
  "default by role",
  "blueprint",
  "blueprint by class",
  "blueprint by role",
] as const;
export type FieldLayer = (typeof fieldLayers)[number];

export interface FieldSetting {
  readonly value: unknown;
  readonly layer: FieldLayer;
  /** The class or role that decided. */
  readonly selector?: string;
  /** Where it stands in the blueprint; absent for the contract's defaults. */
  readonly path?: Path;
}

/** One component in one site, before interpolation. */
export interface Instance {
  readonly name: string;
  readonly site: string;
  readonly entry: ComponentEntry;
  readonly contract: ComponentContract;
  /** Fields that are set; a field left to the contract's schema is not among them. */
  readonly fields: ReadonlyMap<string, FieldSetting>;
}

/** What decides which components there are. */
export interface Situation {
  readonly class: EnvironmentClass;
  readonly roles: ReadonlyMap<string, Role>;
}

/** All instances, sorted by name and site. Components of unknown types and sites are left out. */
export function expandBlueprint(
  blueprint: Blueprint,
  catalog: Catalog,
  situation: Situation,
): readonly Instance[] {
  const instances: Instance[] = [];
  const allSites = Object.keys(blueprint.sites).sort();
  for (const name of Object.keys(blueprint.components).sort()) {
    const entry = blueprint.components[name];
    const contract = entry === undefined ? undefined : catalog.find(entry.type);
    if (entry === undefined || contract === undefined) continue;
    const sites = allSites.filter((site) => entry.sites?.includes(site) ?? true);
    for (const site of sites) {
      const role = situation.roles.get(site) ?? "primary";
      if (!isIncluded(entry, situation.class, role)) continue;
      instances.push({
        name,
        site,
        entry,
        contract,
        fields: layerFields(name, entry, contract, situation.class, role),
      });
    }
  }
  return instances;
}

/** Fields of an entry that belong to its contract: all but the words of the syntax. */
export function ownFields(entry: ComponentEntry): readonly [string, unknown][] {
  const words: readonly string[] = componentWords;
  return Object.entries(entry).filter(([key]) => !words.includes(key));
}

/** First roles of the sites. */
export function blueprintRoles(blueprint: Blueprint): ReadonlyMap<string, Role> {
  return new Map(Object.entries(blueprint.sites).map(([name, site]) => [name, site.role]));
}

/** Reference fields of a contract, found once. */
export function referencesOf(contract: ComponentContract): ReadonlyMap<string, ReferenceInfo> {
  let fields = known.get(contract);
  if (fields === undefined) {
    fields = referenceFields(contract);
    known.set(contract, fields);
  }
  return fields;
}

/** The names a reference field holds. */
export function namesIn(value: unknown): readonly { readonly text: string; readonly path: Path }[] {
  if (typeof value === "string") return [{ text: value, path: [] }];
  if (!Array.isArray(value)) return [];
  return value.flatMap((text, index) => (typeof text === "string" ? [{ text, path: [index] }] : []));
}

const known = new WeakMap<ComponentContract, ReadonlyMap<string, ReferenceInfo>>();

function isIncluded(entry: ComponentEntry, environmentClass: EnvironmentClass, role: Role): boolean {
  const { when } = entry;
  return (when?.class?.includes(environmentClass) ?? true) && (when?.role?.includes(role) ?? true);
}

function layerFields(
  name: string,
  entry: ComponentEntry,
  contract: ComponentContract,
  environmentClass: EnvironmentClass,
  role: Role,
): ReadonlyMap<string, FieldSetting> {
  const fields = new Map<string, FieldSetting>();
  const base: Path = ["components", name];
  const lay = (values: object | undefined, layer: FieldLayer, selector?: string, path?: Path) => {
    for (const [field, value] of Object.entries(values ?? {})) {
      if (!Object.hasOwn(contract.fields.shape, field) || value === undefined) continue;
      fields.set(field, {
        value,
        layer,
        ...(selector === undefined ? {} : { selector }),
        ...(path === undefined ? {} : { path: [...path, field] }),
      });
    }
  };
  // A borrowed component is described by whoever lends it.
  if (entry.use !== undefined) return fields;
  lay(contract.defaults.byClass[environmentClass], "default by class", environmentClass);
  lay(contract.defaults.byRole[role], "default by role", role);
  lay(Object.fromEntries(ownFields(entry)), "blueprint", undefined, base);
  const byClass = entry.byClass?.[environmentClass];
  lay(byClass, "blueprint by class", environmentClass, [...base, "byClass", environmentClass]);
  lay(entry.byRole?.[role], "blueprint by role", role, [...base, "byRole", role]);
  return fields;
}
