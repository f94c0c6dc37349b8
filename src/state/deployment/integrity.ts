/**
 * Whether a state holds together: what the engine checks before it uses one, all faults at once and each with its place.
 * Says nothing of whether the state is true; only the clouds know that. Pure.
 * Source: `Snapshot.VerifyIntegrity` of `pkg/resource/deploy/snapshot.go`, 3.250.0 (read 2026-11-21); the differential
 * test under test/engine holds the verdicts against each other.
 */
import type { IntegrityFault } from "../../model/saved-state.ts";
import { type DeployedResource, type Deployment, magicOf, type VersionedDeployment } from "./deployment.ts";
import { isProviderType, parseProvider, partsOf } from "./urns.ts";

/** Empty when the engine would take it. */
export function faultsOf(deployment: Deployment): readonly IntegrityFault[] {
  const resources = deployment.resources ?? [];
  const { faults, see } = newCheck(resources);
  if (
    deployment.manifest &&
    (deployment.manifest.magic ?? "") !== magicOf(deployment.manifest.version ?? "")
  ) {
    faults.push({ path: "/manifest/magic", message: "the magic number does not fit the engine's version" });
  }
  resources.forEach(see);
  faults.push(...duplicatesIn(resources), ...snippetFaults(deployment));
  return faults;
}

/**
 * The state with what is wrong with it noted where the engine notes it, so that it tells where the damage came from; a
 * sound state loses the note.
 */
export function noteIntegrity(state: VersionedDeployment): VersionedDeployment {
  const [fault] = faultsOf(state.deployment);
  const { integrity_error: _, ...metadata } = (state.deployment.metadata ?? {}) as Record<string, unknown>;
  const noted =
    fault === undefined
      ? metadata
      : {
          ...metadata,
          integrity_error: { version: `${state.version}`, error: `${fault.path}: ${fault.message}` },
        };
  return { ...state, deployment: { ...state.deployment, metadata: noted } };
}

function newCheck(resources: readonly DeployedResource[]) {
  const faults: IntegrityFault[] = [];
  const seen = new Set<string>();
  const providers = new Set<string>();
  const all = new Set(resources.map(({ urn }) => urn));

  const see = (resource: DeployedResource, index: number) => {
    const path = `/resources/${index}`;
    const tell = (field: string, message: string) => faults.push({ path: `${path}/${field}`, message });
    for (const [field, message] of ownFaults(resource)) tell(field, message);
    if (isProviderType(resource.type) && partsOf(resource.urn) !== undefined) {
      providers.add(`${resource.urn}::${resource.id || unknownId}`);
    }
    const provider = resource.provider ? providerFault(resource, resource.provider, providers) : undefined;
    if (provider !== undefined) tell("provider", provider);
    for (const { field, urn } of referencesOf(resource)) {
      if (seen.has(urn)) continue;
      const what = all.has(urn) ? "comes after it" : "is not in the state";
      tell(field, `${resource.urn} refers to ${urn}, which ${what}`);
    }
    seen.add(resource.urn);
  };
  return { faults, see };
}

/** The engine's id of a provider that has none. Source: `UnknownID` of `sdk/go/common/providers`, 3.250.0. */
const unknownId = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function* ownFaults({ urn, type, custom, id }: DeployedResource): Iterable<readonly [string, string]> {
  if (urn === "") yield ["urn", "a resource has no URN"];
  if (type === "") yield ["type", `${urn} has no type`];
  if (!custom && id) yield ["id", `${urn} has an id, and is no resource of a provider`];
  if (isProviderType(type) && !isProviderType(partsOf(urn)?.type ?? "")) {
    yield ["urn", `${urn} is a provider that nothing can refer to`];
  }
}

function providerFault(
  { urn, pendingReplacement }: DeployedResource,
  provider: string,
  known: ReadonlySet<string>,
): string | undefined {
  if (parseProvider(provider) === undefined) return `${urn} has ${provider}, which names no provider`;
  // Its provider may be replaced already, and itself not yet.
  if (known.has(provider) || pendingReplacement) return undefined;
  return `${urn} needs the provider ${provider}, which does not stand before it`;
}

interface Reference {
  readonly field: string;
  readonly urn: string;
}

/** What must stand before a resource, but for its provider. */
function referencesOf(resource: DeployedResource): readonly Reference[] {
  const list = (field: string, urns: readonly string[] | null | undefined) =>
    (urns ?? []).map((urn, index) => ({ field: `${field}/${index}`, urn }));
  const one = (field: string, urn: string | null | undefined) => ({ field, urn: urn ?? "" });
  return [
    one("parent", resource.parent),
    ...list("dependencies", resource.dependencies),
    ...Object.entries(resource.propertyDependencies ?? {}).flatMap(([property, urns]) =>
      list(`propertyDependencies/${escape(property)}`, urns),
    ),
    one("deletedWith", resource.deletedWith),
    ...list("replaceWith", resource.replaceWith),
  ].filter(({ urn }) => urn !== "");
}

/** Of one URN, at most one may stand that is not to be deleted. */
function duplicatesIn(resources: readonly DeployedResource[]): readonly IntegrityFault[] {
  const standing = new Set<string>();
  return resources.flatMap((resource, index) => {
    if (resource.delete) return [];
    if (!standing.has(resource.urn)) {
      standing.add(resource.urn);
      return [];
    }
    return [{ path: `/resources/${index}/urn`, message: `${resource.urn} stands there twice` }];
  });
}

function snippetFaults({ snippets }: Deployment): readonly IntegrityFault[] {
  const known = new Set<string>();
  return (snippets ?? []).flatMap(({ uuid }, index) => {
    const path = `/snippets/${index}/uuid`;
    if (!uuid) return [{ path, message: "a snippet has no uuid" }];
    if (known.has(uuid)) return [{ path, message: `the snippet ${uuid} stands there twice` }];
    known.add(uuid);
    return [];
  });
}

/** RFC 6901. */
function escape(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
