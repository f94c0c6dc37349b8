/**
 * A state as one canonical text, so that equal states have equal digests. Which service opens its secrets is not part of
 * it: that changes with every process, and is put in where a state is exported.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { TerraneError } from "../../errors.ts";
import {
  type Deployment,
  emptyDeployment,
  plainSchemaVersion,
  type VersionedDeployment,
} from "./deployment.ts";
import type { JournalEntry } from "./journal-entry.ts";

/** What a stack holds that was never written. */
export const emptyState: VersionedDeployment = { version: plainSchemaVersion, deployment: emptyDeployment };

export function countsOf({ deployment }: VersionedDeployment): { resources: number; pending: number } {
  return {
    resources: deployment.resources?.length ?? 0,
    pending: deployment.pending_operations?.length ?? 0,
  };
}

/** Resources written at once; between two lots others get their turn. */
const lotSize = 250;

export async function formatState(state: VersionedDeployment): Promise<Buffer> {
  return Buffer.concat([formatHead(state, state.deployment.manifest), await formatBody(state)]);
}

/** All before the resources. */
export function formatHead(
  { version, features, deployment }: VersionedDeployment,
  manifest: Deployment["manifest"],
): Buffer {
  const provider = deployment.secrets_providers;
  const parts = [
    `{"version":${version},`,
    features?.length ? `"features":${JSON.stringify(features)},` : "",
    '"deployment":{',
    // First of all, so that `exportedBy` finds it without reading the rest.
    provider ? `"secrets_providers":${JSON.stringify(canonicalProvider(provider))},` : "",
    `"manifest":${JSON.stringify(manifest ?? {})}`,
  ];
  return Buffer.from(parts.join(""), "utf8");
}

/** The resources and all behind them: the same text whenever it was saved. */
export async function formatBody({ deployment }: VersionedDeployment): Promise<Buffer> {
  const { secrets_providers: _, manifest: __, resources, ...others } = deployment;
  const parts: Buffer[] = [];
  const write = (text: string) => parts.push(Buffer.from(text, "utf8"));
  const present = resources ?? [];
  if (present.length > 0) write(',"resources":[');
  for (let first = 0; first < present.length; first += lotSize) {
    if (first > 0) await nextTurn();
    const lot = JSON.stringify(present.slice(first, first + lotSize));
    write(`${first === 0 ? "" : ","}${lot.slice(1, -1)}`);
  }
  if (present.length > 0) write("]");
  for (const [key, value] of Object.entries(others)) {
    if (!isNothing(value)) write(`,${JSON.stringify(key)}:${JSON.stringify(value)}`);
  }
  write("}}");
  return Buffer.concat(parts);
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

/**
 * A state whose text is its own: what formatState wrote, and whose digest fits.
 * @throws TerraneError `state-corrupt`
 */
export function parseCanonical(stack: string, text: Uint8Array): VersionedDeployment {
  try {
    return JSON.parse(Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString("utf8"));
  } catch (cause) {
    throw new TerraneError("state-corrupt", `the state of ${stack} is not JSON`, { cause });
  }
}

/** The engine's name for secrets that the state's service keeps. Source: `pkg/secrets/service/manager.go` of 3.250.0. */
const serviceType = "service";

type SecretsProvider = NonNullable<Deployment["secrets_providers"]>;

/** Without the address of the service. */
function canonicalProvider(provider: SecretsProvider): SecretsProvider {
  const { state } = provider;
  if (provider.type !== serviceType || typeof state !== "object" || state === null) return provider;
  const { url: _, ...rest } = state as { readonly url?: unknown };
  return { ...provider, state: rest };
}

/** The state of another stack's name: under it, the service keeps its secrets. */
export function ownedBy(deployment: Deployment, project: string, stack: string): Deployment {
  if (deployment.secrets_providers?.type !== serviceType) return deployment;
  const state = { owner: organization, project, stack };
  return { ...deployment, secrets_providers: { type: serviceType, state } };
}

/** Owner of every stack, in the words of Pulumi's service and of its folders alike. */
export const organization = "organization";

/** An entry whose state can be saved as it is. */
export function canonicalEntry(entry: JournalEntry): JournalEntry {
  const { secretsProvider, newSnapshot } = entry;
  if (!secretsProvider && !newSnapshot?.secrets_providers) return entry;
  return {
    ...entry,
    ...(secretsProvider ? { secretsProvider: canonicalProvider(secretsProvider) } : {}),
    ...(newSnapshot?.secrets_providers
      ? {
          newSnapshot: {
            ...newSnapshot,
            secrets_providers: canonicalProvider(newSnapshot.secrets_providers),
          },
        }
      : {}),
  };
}

const head =
  /^\{"version":\d+,(?:"features":\[[^\]]*\],)?"deployment":\{"secrets_providers":\{"type":"service","state":\{/;
const headBytes = 4096;

/** The canonical text as a service at `url` exports it: the engine looks for the stack's key there. */
export function exportedBy(url: string, text: Buffer): Buffer {
  const found = head.exec(text.subarray(0, headBytes).toString("latin1"));
  if (found === null) return text;
  const end = found[0].length;
  const address = Buffer.from(`"url":${JSON.stringify(url)},`, "utf8");
  return Buffer.concat([text.subarray(0, end), address, text.subarray(end)]);
}
