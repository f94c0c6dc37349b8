/**
 * References between the resources of one state, mended after resources went away or were renamed. Pure: resources that
 * need no mending come back as they are, the others as copies.
 */
import { TerraneError } from "../../errors.ts";
import type { DeployedResource, Deployment } from "./deployment.ts";
import { partsOf, urnUnder } from "./urns.ts";

type Renaming = (urn: string) => string;
type Editable = { -readonly [field in keyof DeployedResource]: DeployedResource[field] };

/**
 * Drops references to what no longer stands before the resource that makes them: a refresh forgets what the cloud has
 * lost, whoever still depends on it.
 *
 * The engine's replayer leaves such a URN in `replaceWith` and adds an empty one, mostly to another resource; a state
 * like that does not pass its own integrity check, so here it is dropped like any other.
 */
export function dropDangling(resources: readonly DeployedResource[]): readonly DeployedResource[] {
  const seen = new Set<string>();
  const dropped = resources.map((resource) => {
    const mended = withoutDangling(resource, seen);
    seen.add(resource.urn);
    return mended;
  });
  return dropped.map((resource) => {
    const { parent } = resource;
    // What is gone left no trace of whose child it was.
    return parent && !seen.has(parent) ? edit(resource, (copy) => delete copy.parent) : resource;
  });
}

function withoutDangling(resource: DeployedResource, seen: ReadonlySet<string>): DeployedResource {
  const dangles = (urn: string) => !seen.has(urn);
  const { dependencies, propertyDependencies, replaceWith, deletedWith } = resource;
  const needsMending =
    dependencies?.some(dangles) ||
    replaceWith?.some(dangles) ||
    (deletedWith ? dangles(deletedWith) : false) ||
    Object.values(propertyDependencies ?? {}).some((urns) => !urns?.length || urns.some(dangles));
  if (!needsMending) return resource;
  return edit(resource, (copy) => {
    if (dependencies) setList(copy, "dependencies", dependencies.filter(keeps));
    if (replaceWith) setList(copy, "replaceWith", replaceWith.filter(keeps));
    if (deletedWith && dangles(deletedWith)) delete copy.deletedWith;
    if (propertyDependencies) {
      const kept = Object.entries(propertyDependencies)
        .map(([property, urns]) => [property, urns?.filter(keeps) ?? []] as const)
        .filter(([, urns]) => urns.length > 0);
      if (kept.length > 0) copy.propertyDependencies = Object.fromEntries(kept);
      else delete copy.propertyDependencies;
    }
  });

  function keeps(urn: string): boolean {
    return seen.has(urn);
  }
}

/**
 * Lets every reference follow the resources that this update renamed, and forgets the names they had.
 *
 * The engine's replayer does not look at `replaceWith` and leaves a name there that nothing has any more; here it
 * follows like the others.
 * @throws TerraneError `state-corrupt` when two resources claim one former name
 */
export function followAliases(deployment: Deployment): Deployment {
  const renamed = renamedUrns(deployment.resources ?? []);
  if (renamed.size === 0) return deployment;
  const rename: Renaming = (urn) => renamed.get(urn) ?? urn;
  return {
    ...deployment,
    ...(deployment.resources
      ? { resources: deployment.resources.map((each) => renameIn(each, rename)) }
      : {}),
    ...(deployment.snippets
      ? {
          snippets: deployment.snippets.map((snippet) =>
            snippet.references ? { ...snippet, references: mapValues(snippet.references, rename) } : snippet,
          ),
        }
      : {}),
  };
}

/** Former → present URN: of those that name their aliases, and of their descendants, whose URNs hold their types. */
function renamedUrns(resources: readonly DeployedResource[]): ReadonlyMap<string, string> {
  const renamed = new Map<string, string>();
  for (const { urn, aliases, parent } of resources) {
    for (const alias of aliases ?? []) {
      const other = renamed.get(alias);
      if (other !== undefined && other !== urn) {
        throw new TerraneError("state-corrupt", `both ${other} and ${urn} say that they were ${alias}`);
      }
      renamed.set(alias, urn);
    }
    const newParent = parent ? renamed.get(parent) : undefined;
    if (newParent !== undefined && partsOf(newParent)?.qualifiedType !== "pulumi:pulumi:Stack") {
      renamed.set(urn, urnUnder(newParent, urn));
    }
  }
  return renamed;
}

function renameIn(resource: DeployedResource, rename: Renaming): DeployedResource {
  return edit(resource, (copy) => {
    copy.urn = rename(resource.urn);
    if (resource.parent) copy.parent = rename(resource.parent);
    if (resource.provider) copy.provider = renameProvider(resource.provider, rename);
    if (resource.dependencies) copy.dependencies = resource.dependencies.map(rename);
    if (resource.replaceWith) copy.replaceWith = resource.replaceWith.map(rename);
    if (resource.deletedWith) copy.deletedWith = rename(resource.deletedWith);
    if (resource.viewOf) copy.viewOf = rename(resource.viewOf);
    if (resource.propertyDependencies) {
      copy.propertyDependencies = mapValues(resource.propertyDependencies, (urns) => urns?.map(rename));
    }
    delete copy.aliases;
  });
}

/** `<URN>::<id>` */
function renameProvider(provider: string, rename: Renaming): string {
  const end = provider.lastIndexOf("::");
  return end < 0 ? provider : `${rename(provider.slice(0, end))}${provider.slice(end)}`;
}

function setList(copy: Editable, field: "dependencies" | "replaceWith", urns: string[]): void {
  if (urns.length > 0) copy[field] = urns;
  else delete copy[field];
}

function edit(resource: DeployedResource, change: (copy: Editable) => void): DeployedResource {
  const copy = { ...resource };
  change(copy);
  return copy;
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, change: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
