/** States and journal entries for tests, as short as they can be written. */
import type { DeployedResource, Deployment } from "../../src/state/deployment/deployment.ts";
import { entryKinds, type JournalEntry } from "../../src/state/deployment/journal-entry.ts";

export const engine = "v3.250.0";
export const now = new Date("2026-11-21T12:00:00.000Z");

export function urn(name: string, type = "toy:index:Thing"): string {
  return `urn:pulumi:dev::terrane::${type}::${name}`;
}

/** A custom resource of that name; its id is its name. */
export function thing(name: string, more: Partial<DeployedResource> = {}): DeployedResource {
  return { urn: urn(name), type: "toy:index:Thing", custom: true, id: name, ...more };
}

export const providerUrn = urn("cloud", "pulumi:providers:toy");

export function provider(id = "p1"): DeployedResource {
  return { urn: providerUrn, type: "pulumi:providers:toy", custom: true, id };
}

export function state(...resources: readonly DeployedResource[]): Deployment {
  return { resources: [...resources] };
}

type Kind = keyof typeof entryKinds;

/** Numbers entries as an engine does. */
export function journal(
  ...entries: readonly (readonly [kind: Kind, operation: number, more?: Partial<JournalEntry>])[]
): readonly JournalEntry[] {
  return entries.map(([kind, operationID, more], index) => ({
    version: 1,
    kind: entryKinds[kind],
    sequenceID: index + 1,
    operationID,
    removeOld: null,
    removeNew: null,
    ...more,
  }));
}
