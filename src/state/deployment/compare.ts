/**
 * Two states of one stack side by side: which resources came, went and changed, and in which properties. Secrets stay
 * hidden: of them it says only that they changed. Pure.
 */
import { isDeepStrictEqual } from "node:util";
import type { PropertyChange, ResourceDifference, StateDifference } from "../../model/saved-state.ts";
import { secret, type Value } from "../../values/value.ts";
import type { DeployedResource, Deployment } from "./deployment.ts";

/** Moments and places in sources: they change without anything having changed. */
const silent: ReadonlySet<string> = new Set(["modified", "sourcePosition", "stackTrace"]);

export function compareStates(before: Deployment, after: Deployment): StateDifference {
  const earlier = keyed(before.resources ?? []);
  const later = keyed(after.resources ?? []);
  const changed = [...later].flatMap(([key, resource]) => {
    const previous = earlier.get(key);
    if (previous === undefined) return [toDifference("added", resource, [])];
    const properties = changesOf(loudFields(previous), loudFields(resource));
    return properties.length === 0 ? [] : [toDifference("changed", resource, properties)];
  });
  const removed = [...earlier]
    .filter(([key]) => !later.has(key))
    .map(([, resource]) => toDifference("removed", resource, []));
  return { resources: [...changed, ...removed], others: changesOf(othersOf(before), othersOf(after)) };
}

export function isSame({ resources, others }: StateDifference): boolean {
  return resources.length === 0 && others.length === 0;
}

function toDifference(
  kind: ResourceDifference["kind"],
  resource: DeployedResource,
  properties: readonly PropertyChange[],
): ResourceDifference {
  return { kind, urn: resource.urn, type: resource.type, replaced: resource.delete ?? false, properties };
}

/** Under one URN stands one resource, and beside it those that it replaced: these are told apart by their ids. */
function keyed(resources: readonly DeployedResource[]): Map<string, DeployedResource> {
  const found = new Map<string, DeployedResource>();
  for (const resource of resources) {
    const key = resource.delete ? `${resource.urn} ${resource.id ?? ""}` : resource.urn;
    // A state that does not hold together may say one thing twice.
    for (let again = 0; ; again++) {
      const unique = again === 0 ? key : `${key} #${again}`;
      if (found.has(unique)) continue;
      found.set(unique, resource);
      break;
    }
  }
  return found;
}

function loudFields(resource: DeployedResource): object {
  return Object.fromEntries(Object.entries(resource).filter(([field]) => !silent.has(field)));
}

function othersOf(deployment: Deployment): object {
  const { resources: _, manifest: __, ...others } = deployment;
  return others;
}

function changesOf(before: unknown, after: unknown): readonly PropertyChange[] {
  const changes: PropertyChange[] = [];
  collect("", before, after, changes);
  return changes.sort((one, other) => (one.path < other.path ? -1 : 1));
}

function collect(path: string, before: unknown, after: unknown, changes: PropertyChange[]): void {
  if (isNothing(before) ? isNothing(after) : isDeepStrictEqual(before, after)) return;
  if (isBranch(before) && isBranch(after) && Array.isArray(before) === Array.isArray(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    for (const key of keys) collect(join(path, key, before), before[key], after[key], changes);
    return;
  }
  changes.push({
    path,
    ...(before === undefined ? {} : { before: hideSecrets(before) }),
    ...(after === undefined ? {} : { after: hideSecrets(after) }),
  });
}

/** The engine leaves out what is empty, or writes it: that is no difference. */
function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

type Branch = Readonly<Record<string, unknown>>;

function isBranch(value: unknown): value is Branch {
  return typeof value === "object" && value !== null && !isSealed(value);
}

function join(path: string, key: string, parent: Branch): string {
  if (Array.isArray(parent)) return `${path}[${key}]`;
  if (!/^[^.[\]"]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

/** Source: `sdk/go/common/resource/sig` of 3.250.0. */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

function isSealed(value: object): boolean {
  return (value as Branch)[signatureKey] === secretSignature;
}

/** A value as it may be shown: each secret is a marker. */
export function hideSecrets(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map(hideSecrets);
  if (typeof value !== "object") return value as Value;
  if (isSealed(value)) return secret;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, hideSecrets(each)]));
}
