/**
 * Lets secrets that did not change stay sealed as they were. An engine seals every secret anew whenever it writes a
 * resource, so that a state in which nothing changed would be another one each time. Pure.
 */

import { isSealed } from "../backends/reseal.ts";
import type { DeployedResource, VersionedDeployment } from "./deployment.ts";

/** Whether two sealed texts hold the same secret; false where nobody knows. */
export type IsSameSecret = (one: string, other: string) => boolean;

export function keepSealed(
  base: VersionedDeployment,
  next: VersionedDeployment,
  isSame: IsSameSecret,
): VersionedDeployment {
  if (!base.deployment.secrets_providers) return next;
  const before = new Map<string, DeployedResource>();
  for (const resource of base.deployment.resources ?? []) {
    // What is replaced stands behind its successor, and has secrets of its own.
    if (!resource.delete) before.set(resource.urn, resource);
  }
  const resources = (next.deployment.resources ?? []).map((resource) =>
    resource.delete ? resource : (keep(before.get(resource.urn), resource, isSame) as DeployedResource),
  );
  return { ...next, deployment: { ...next.deployment, resources } };
}

function keep(old: unknown, value: unknown, isSame: IsSameSecret): unknown {
  if (typeof old !== "object" || old === null || typeof value !== "object" || value === null) return value;
  if (isSealed(value)) return isSealed(old) && isSame(old.ciphertext, value.ciphertext) ? old : value;
  if (Array.isArray(value)) {
    return Array.isArray(old) ? value.map((each, index) => keep(old[index], each, isSame)) : value;
  }
  const known = old as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, keep(known[key], each, isSame)]),
  );
}
