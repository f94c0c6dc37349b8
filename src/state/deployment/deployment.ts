/**
 * What a stack's state says, in the shape in which Pulumi exports it. Fields that this release does not know are kept as
 * they came: schemas look at a value, and never make another one of it.
 * Source: `DeploymentV3`, `ResourceV3`, `OperationV2` of `sdk/go/common/apitype/core.go`, 3.250.0 (read 2026-11-21).
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { TerraneError } from "../../errors.ts";

const urns = z.array(z.string()).nullish();
const flag = z.boolean().nullish();
const text = z.string().nullish();
/** What is in them is nobody's business here, so nobody looks. */
const properties = z.custom<Record<string, unknown>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "expected an object",
);

export const deployedResourceSchema = z.looseObject({
  urn: z.string(),
  type: z.string(),
  custom: flag,
  /** Replaced already, and still to be deleted. */
  delete: flag,
  id: text,
  parent: text,
  /** `<URN>::<id>` */
  provider: text,
  protect: flag,
  taint: flag,
  dependencies: urns,
  propertyDependencies: z.record(z.string(), urns).nullish(),
  /** Deleted already, and still to be made anew. */
  pendingReplacement: flag,
  aliases: urns,
  deletedWith: text,
  replaceWith: urns,
  refreshBeforeUpdate: flag,
  viewOf: text,
  resourceHooks: properties.nullish(),
  extensionRef: text,
  inputs: properties.nullish(),
  outputs: properties.nullish(),
});
/** One resource of a state, as JSON has it. */
export type DeployedResource = Readonly<z.infer<typeof deployedResourceSchema>>;

export const begunOperationSchema = z.looseObject({ resource: deployedResourceSchema, type: z.string() });
/** A change of one resource that was begun, and whose end nobody recorded. */
export type BegunOperation = Readonly<z.infer<typeof begunOperationSchema>>;

export const secretsProviderSchema = z.looseObject({ type: z.string(), state: z.unknown().optional() });

export const snippetSchema = z.looseObject({
  uuid: text,
  references: z.record(z.string(), z.string()).nullish(),
});

export const deploymentSchema = z.looseObject({
  manifest: z.looseObject({ time: text, magic: text, version: text }).nullish(),
  secrets_providers: secretsProviderSchema.nullish(),
  resources: z.array(deployedResourceSchema).nullish(),
  pending_operations: z.array(begunOperationSchema).nullish(),
  metadata: z.looseObject({}).nullish(),
  snippets: z.array(snippetSchema).nullish(),
  extensions: z.record(z.string(), z.unknown()).nullish(),
});
/** The state itself. */
export type Deployment = Readonly<z.infer<typeof deploymentSchema>>;

/** A state with what a reader must understand to read it: Pulumi's `UntypedDeployment`, which `stack export` writes. */
export interface VersionedDeployment {
  /** Version of the schema. */
  readonly version: number;
  /** Names of what the state uses that older readers do not know. */
  readonly features?: readonly string[];
  readonly deployment: Deployment;
}

/** What is looked at before anything else. */
export interface VersionedHead {
  readonly version: number;
  readonly features?: readonly string[] | null | undefined;
}

/** Version of the schema that a state has when it uses no feature, and the one it has when it does. */
export const plainSchemaVersion = 3;
export const featureSchemaVersion = 4;

/** Source: `supportedFeatures` of `pkg/resource/stack/deployment.go`, 3.250.0. */
export const knownFeatures: readonly string[] = [
  "extensionParameterization",
  "hooks",
  "refreshBeforeUpdate",
  "replaceWith",
  "snippets-prototype",
  "taint",
  "views",
];

/** The state of a stack in which nothing was ever made. */
export const emptyDeployment: Deployment = Object.freeze({});

const envelopeSchema = z.looseObject({
  version: z.int(),
  features: z.array(z.string()).nullish(),
  deployment: z.unknown().optional(),
});

/**
 * A state as `pulumi stack export` writes it.
 * @param name of whose state it is, for the message
 * @throws TerraneError `state-corrupt`; `state-newer` for a schema or a feature that this release does not know
 */
export function parseDeployment(name: string, bytes: Uint8Array | string): VersionedDeployment {
  return toDeployment(name, parseJson(name, bytes));
}

/** The same for JSON that is parsed already. */
export function toDeployment(name: string, json: unknown): VersionedDeployment {
  const envelope = envelopeSchema.safeParse(json);
  if (!envelope.success) {
    throw corrupt(name, `is not a state as \`stack export\` writes it: ${whereOf(envelope.error)}`);
  }
  assertReadable(name, envelope.data);
  const deployment = deploymentSchema.safeParse(envelope.data.deployment);
  if (!deployment.success)
    throw corrupt(name, `does not have the shape of one: ${whereOf(deployment.error)}`);
  return json as VersionedDeployment;
}

function parseJson(name: string, bytes: Uint8Array | string): unknown {
  if (bytes.length === 0) throw corrupt(name, "is empty");
  try {
    return JSON.parse(typeof bytes === "string" ? bytes : Buffer.from(bytes).toString("utf8"));
  } catch (cause) {
    throw corrupt(name, "is not JSON; it may be cut short", cause);
  }
}

/** @throws TerraneError `state-newer` for a schema or a feature that this release does not know; `state-corrupt` */
export function assertReadable(name: string, { version, features }: VersionedHead): void {
  if (version > featureSchemaVersion) {
    throw newer(name, `has schema version ${version}; this release reads up to ${featureSchemaVersion}`);
  }
  if (version < plainSchemaVersion) {
    throw corrupt(name, `has schema version ${version}, which only engines before 1.0 wrote`);
  }
  const unknown = features?.filter((feature) => !knownFeatures.includes(feature)) ?? [];
  if (unknown.length > 0) {
    throw newer(name, `needs ${unknown.join(", ")}; this release knows ${knownFeatures.join(", ")}`);
  }
}

/** What an engine of that version writes at the head of each state. */
export function manifestOf(engine: string, now: Date) {
  return { time: now.toISOString(), magic: magicOf(engine), version: engine };
}

/** The engine takes a state whose magic does not fit its version for tampered with. */
export function magicOf(engine: string): string {
  return engine === "" ? "" : createHash("sha256").update(engine).digest("hex");
}

function corrupt(name: string, what: string, cause?: unknown): TerraneError {
  return new TerraneError("state-corrupt", `the state of ${name} ${what}`, { cause });
}

function newer(name: string, what: string): TerraneError {
  return new TerraneError("state-newer", `the state of ${name} ${what}`);
}

/** The first thing that is wrong, with its place. */
function whereOf(error: z.ZodError): string {
  const [issue] = error.issues;
  const place = issue?.path.join(".") ?? "";
  return place === "" ? (issue?.message ?? "") : `${place}: ${issue?.message}`;
}
