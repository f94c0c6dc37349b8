/**
 * A state on its way from one backend to another: its secrets in clear, in this process's memory only. What belongs to a
 * backend rather than to the stack is not part of it. Pure.
 */
import { isDeepStrictEqual } from "node:util";
import { type Deployment, parseDeployment, type VersionedDeployment } from "../deployment/deployment.ts";

/** @param text as `stack export --show-secrets` gives it. @throws TerraneError `state-corrupt`, `state-newer` */
export function parsePortable(stack: string, text: string): VersionedDeployment {
  const json: unknown = JSON.parse(text);
  // A stack in which nothing was ever done has no deployment.
  const filled =
    typeof json === "object" && json !== null && "deployment" in json && json.deployment === null
      ? { ...json, deployment: {} }
      : json;
  return parseDeployment(stack, JSON.stringify(filled));
}

/** Whether the stack holds anything. */
export function isEmptyState({ deployment }: VersionedDeployment): boolean {
  return (deployment.resources ?? []).length === 0 && (deployment.pending_operations ?? []).length === 0;
}

/** The state with the secrets provider of another backend: it seals the secrets when it takes the state in. */
export function withProvider(
  state: VersionedDeployment,
  provider: Deployment["secrets_providers"],
): VersionedDeployment {
  const { secrets_providers: _, ...deployment } = state.deployment;
  return { ...state, deployment: { ...deployment, ...(provider ? { secrets_providers: provider } : {}) } };
}

/** Whether two states say the same of the same resources, wherever they are kept. */
export function isSameState(one: VersionedDeployment, other: VersionedDeployment): boolean {
  return isDeepStrictEqual(essence(one), essence(other));
}

function essence({ deployment }: VersionedDeployment): unknown {
  const { resources, pending_operations } = deployment;
  return normal({ resources: resources ?? [], pending_operations: pending_operations ?? [] }, 0);
}

/** Depth at which a resource's own fields stand: state, list, resource. */
const fieldDepth = 2;

/** Without what one writer leaves out and another writes as nothing. Within properties everything counts. */
function normal(value: unknown, depth: number): unknown {
  if (Array.isArray(value)) return value.map((each) => normal(each, depth + 1));
  if (typeof value !== "object" || value === null || depth > fieldDepth) return value;
  const entries = Object.entries(value)
    .map(([key, each]) => [key, normal(each, depth + 1)] as const)
    .filter(([, each]) => depth < fieldDepth || !isNothing(each));
  return Object.fromEntries(entries);
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
