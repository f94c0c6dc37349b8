/**
 * The engine's events as far as they are used here, read leniently: unknown fields and unknown kinds pass. Source:
 * `sdk/go/common/apitype/events.go` of Pulumi 3.250.0.
 */
import { z } from "zod";

const properties = z.record(z.string(), z.unknown());

const stateSchema = z.object({
  parent: z.string().default(""),
  inputs: properties.nullish().transform((value) => value ?? {}),
  outputs: properties.nullish().transform((value) => value ?? {}),
});

const metadataSchema = z.object({
  op: z.string(),
  urn: z.string(),
  type: z.string(),
  old: stateSchema.nullish(),
  new: stateSchema.nullish(),
  /** Top-level properties that force a replacement. */
  keys: z.array(z.string()).nullish(),
  /** Top-level properties that changed. */
  diffs: z.array(z.string()).nullish(),
  detailedDiff: z
    .record(z.string(), z.object({ diffKind: z.string(), inputDiff: z.boolean().default(false) }))
    .nullish(),
});
export type StepMetadata = z.infer<typeof metadataSchema>;

export const engineEventSchema = z.object({
  resourcePreEvent: z.object({ metadata: metadataSchema }).optional(),
  resOutputsEvent: z.object({ metadata: metadataSchema }).optional(),
  resOpFailedEvent: z.object({ metadata: metadataSchema }).optional(),
  diagnosticEvent: z
    .object({
      urn: z.string().nullish(),
      message: z.string(),
      severity: z.string(),
      ephemeral: z.boolean().nullish(),
    })
    .optional(),
  policyEvent: z
    .object({
      resourceUrn: z.string().nullish(),
      message: z.string(),
      policyName: z.string(),
      enforcementLevel: z.string(),
    })
    .optional(),
  summaryEvent: z.object({}).optional(),
});
export type EngineEvent = z.infer<typeof engineEventSchema>;
