/** An operation: recorded idempotent steps, one per stack and phase, and the truth about how each ended. */
import { z } from "zod";
import { changeCountsSchema, stepActions } from "./plan.ts";
import { targets } from "./words.ts";

export const operationKinds = ["up", "destroy", "refresh"] as const;
export type OperationKind = (typeof operationKinds)[number];

/** `unknown`: it was begun and nobody can say how it ended. */
export const outcomes = ["done", "failed", "not-started", "unknown"] as const;
export type Outcome = (typeof outcomes)[number];

/** A resource that did not end as it should. */
export const resourceOutcomeSchema = z.strictObject({
  urn: z.string(),
  action: z.enum(stepActions),
  outcome: z.enum(["failed", "not-started", "unknown"]),
  message: z.string().optional(),
});
export type ResourceOutcome = z.infer<typeof resourceOutcomeSchema>;

/** How long a kind of resource took, the median where there were several. */
export const resourceTimingSchema = z.strictObject({
  type: z.string(),
  action: z.enum(stepActions),
  milliseconds: z.int(),
});
export type ResourceTiming = z.infer<typeof resourceTimingSchema>;

export const operationStepSchema = z.strictObject({
  /** `<phase>:<stack>` */
  id: z.string(),
  /** A move is one step over all stacks and carries the environment's name. */
  stack: z.string(),
  phase: z.enum(["move", "converge", "prune", "destroy", "refresh"]),
  outcome: z.enum(outcomes),
  counts: changeCountsSchema,
  resources: z.array(resourceOutcomeSchema),
  message: z.string().optional(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
  /** What later operations on the same target can expect; absent where nothing was measured. */
  timings: z.strictObject({ target: z.enum(targets), resources: z.array(resourceTimingSchema) }).optional(),
});
export type OperationStep = z.infer<typeof operationStepSchema>;

export const operationSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(operationKinds),
  environment: z.string(),
  planHash: z.string(),
  /** What it applied or removed. Absent in operations that an earlier release recorded. */
  blueprint: z.strictObject({ name: z.string(), version: z.string() }).optional(),
  status: z.enum(["running", "succeeded", "failed", "cancelled", "interrupted"]),
  startedBy: z.string(),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  steps: z.array(operationStepSchema),
  message: z.string().optional(),
});
/** One up, destroy or refresh as the ledger has it: its steps and how each ended. */
export type Operation = z.infer<typeof operationSchema>;
export type OperationStatus = Operation["status"];
