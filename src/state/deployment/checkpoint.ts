/** Pulumi's checkpoint as far as terrane reads and rewrites it; everything else passes through untouched. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { TerraneError } from "../../errors.ts";
import type { StateSummary } from "../store.ts";
import type { Deployment } from "./deployment.ts";

const entrySchema = z.looseObject({
  urn: z.string(),
  type: z.string(),
  custom: z.boolean().default(false),
  /** Replaced already, and still to be deleted. */
  delete: z.boolean().default(false),
  id: z.string().optional(),
  parent: z.string().optional(),
  protect: z.boolean().default(false),
  outputs: z.record(z.string(), z.unknown()).nullish(),
  /** `<URN>::<id>` */
  provider: z.string().optional(),
  dependencies: z.array(z.string()).nullish(),
  propertyDependencies: z.record(z.string(), z.array(z.string()).nullish()).nullish(),
  deletedWith: z.string().optional(),
  replaceWith: z.array(z.string()).nullish(),
});
/** One resource of a state. Source: `sdk/go/common/apitype/core.go` of 3.250.0, `ResourceV3`. */
export type StateEntry = z.infer<typeof entrySchema>;

const pendingOperationSchema = z.looseObject({ resource: entrySchema, type: z.string() });
export type PendingOperation = z.infer<typeof pendingOperationSchema>;

const deploymentSchema = z.looseObject({
  secrets_providers: z
    .looseObject({ type: z.string(), state: z.looseObject({ salt: z.string().optional() }).nullish() })
    .optional(),
  resources: z.array(entrySchema).nullish(),
  pending_operations: z.array(pendingOperationSchema).nullish(),
});

export const checkpointSchema = z.looseObject({
  checkpoint: z.looseObject({ stack: z.string().optional(), latest: deploymentSchema.nullish() }),
});
export type Checkpoint = z.infer<typeof checkpointSchema>;

/** @throws TerraneError `state-corrupt` */
export function parseCheckpoint(stack: string, text: Buffer | string): Checkpoint {
  let json: unknown;
  try {
    json = JSON.parse(text.toString());
  } catch (cause) {
    throw new TerraneError("state-corrupt", `the state of ${stack} is not JSON`, { cause });
  }
  const parsed = checkpointSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new TerraneError("state-corrupt", `the state of ${stack} is not a Pulumi checkpoint`, {
    cause: parsed.error,
  });
}

/** Names that the clouds' SDKs have for one and the same: the cloud refuses to delete it. */
const protections = ["deletionProtection", "deletionProtectionEnabled", "enableDeletionProtection"] as const;

/** @throws TerraneError `state-corrupt` */
export function summarize(stack: string, text: Buffer): StateSummary {
  const { latest } = parseCheckpoint(stack, text).checkpoint;
  return summarizeDeployment(createHash("sha256").update(text).digest("hex"), latest ?? {});
}

export function summarizeDeployment(
  digest: string,
  { resources, pending_operations }: Pick<Deployment, "resources" | "pending_operations">,
): StateSummary {
  return {
    digest,
    resources: (resources ?? []).map((entry) => ({
      urn: entry.urn,
      type: entry.type,
      custom: entry.custom ?? false,
      protect: entry.protect ?? false,
      deletionProtected: protections.some((name) => entry.outputs?.[name] === true),
      replaced: entry.delete ?? false,
      ...(entry.id ? { id: entry.id } : {}),
      ...(entry.parent ? { parent: entry.parent } : {}),
    })),
    pending: (pending_operations ?? []).map((each) => ({ urn: each.resource.urn, operation: each.type })),
  };
}
