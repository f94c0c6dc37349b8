/**
 * What stands open in an exported deployment: creates that were begun, what their providers are, and how the deployment
 * reads once it is known what became of them. Pure.
 */
import { z } from "zod";
import { toProperties } from "../model/wire-properties.ts";
import type { Properties } from "../values/value.ts";
import type { Adopted } from "./request.ts";

/** The parts that are touched; the rest goes back as it came. Source: `sdk/go/common/apitype/core.go` of 3.250.0. */
const resourceSchema = z.looseObject({
  urn: z.string(),
  type: z.string(),
  custom: z.boolean().default(false),
  id: z.string().optional(),
  inputs: z.record(z.string(), z.unknown()).nullish(),
  /** `<URN>::<id>` */
  provider: z.string().optional(),
  /** Replaced already, and still to be deleted. */
  delete: z.boolean().optional(),
  /** Deleted already, and its successor still to be made. */
  pendingReplacement: z.boolean().optional(),
});
export type DeploymentResource = z.infer<typeof resourceSchema>;

const begunSchema = z.looseObject({ type: z.string(), resource: resourceSchema });

const deploymentSchema = z.looseObject({
  resources: z.array(resourceSchema).nullish(),
  pending_operations: z.array(begunSchema).nullish(),
});
export type Deployment = z.infer<typeof deploymentSchema>;

const exportSchema = z.looseObject({ deployment: deploymentSchema });
export type StateExport = z.infer<typeof exportSchema>;

export function parseExport(text: string): StateExport {
  return exportSchema.parse(JSON.parse(text));
}

/**
 * The deployment with what the creates have made, and with no create left open. What was made in place of something
 * takes its place; the predecessor is still to be deleted, unless that was done first.
 */
export function withCreates(deployment: Deployment, creates: readonly Adopted[]): Deployment {
  const ids = new Map(creates.map(({ urn, id }) => [urn, id]));
  const pending = deployment.pending_operations ?? [];
  const made = new Map(
    pending.flatMap(({ type, resource }) => {
      const id = type === "creating" ? ids.get(resource.urn) : undefined;
      return id === undefined ? [] : [[resource.urn, { ...resource, id }] as const];
    }),
  );
  const resources = (deployment.resources ?? []).flatMap((each) => {
    const successor = each.delete === true ? undefined : made.get(each.urn);
    if (successor === undefined) return [each];
    made.delete(each.urn);
    return each.pendingReplacement === true ? [successor] : [successor, { ...each, delete: true }];
  });
  return {
    ...deployment,
    // Behind all others: what it depends on was there before it was begun.
    resources: [...resources, ...made.values()],
    pending_operations: pending.filter(({ type }) => type !== "creating"),
  };
}

/** Whether it is something that a cloud makes: components and providers are not. */
export function isObject({ type, custom }: DeploymentResource): boolean {
  return custom && !type.startsWith("pulumi:");
}

export function providerOf(
  resource: DeploymentResource,
  deployment: Deployment,
): DeploymentResource | undefined {
  const urn = resource.provider?.slice(0, resource.provider.lastIndexOf("::"));
  return (deployment.resources ?? []).find((each) => each.urn === urn);
}

/** Ids of the type that stand for something that is there. */
export function knownIds({ type }: DeploymentResource, { resources }: Deployment): ReadonlySet<string> {
  const known = (resources ?? []).filter((each) => each.type === type && each.pendingReplacement !== true);
  return new Set(known.flatMap(({ id }) => (id === undefined ? [] : [id])));
}

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

export function holdsSecrets(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsSecrets);
  if (typeof value !== "object" || value === null) return false;
  const object = value as Readonly<Record<string, unknown>>;
  return object[signatureKey] === secretSignature || Object.values(object).some(holdsSecrets);
}

/** Inputs in plain values. A secret that was not revealed becomes a marker. */
export function toPlain(inputs: DeploymentResource["inputs"]): Properties {
  return toProperties(revealed(inputs ?? {}) as Readonly<Record<string, unknown>>);
}

function revealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  const object = value as Readonly<Record<string, unknown>>;
  const { plaintext } = object;
  if (object[signatureKey] === secretSignature && typeof plaintext === "string") {
    return revealed(JSON.parse(plaintext) as unknown);
  }
  return Object.fromEntries(Object.entries(object).map(([key, each]) => [key, revealed(each)]));
}
