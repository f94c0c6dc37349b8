/** A new operation, as it stands in the ledger before anything has begun. */
import { randomUUID } from "node:crypto";
import type { Operation, OperationStep } from "../../model/operation.ts";
import { hasChanges, noChanges, type Plan } from "../../model/plan.ts";

export function newOperationId(): string {
  return `op-${randomUUID()}`;
}

export interface NewOperation {
  readonly id: string;
  readonly kind: Operation["kind"];
  readonly plan: Pick<Plan, "environment" | "hash" | "blueprint">;
  readonly startedBy: string;
  readonly now: Date;
  readonly steps: readonly OperationStep[];
  /** The one of the same id that broke off and is gone on with. */
  readonly before?: Operation | undefined;
}

export function newOperation(made: NewOperation): Operation {
  const { id, kind, plan, startedBy, now, before } = made;
  return {
    id,
    kind,
    environment: plan.environment,
    planHash: plan.hash,
    blueprint: plan.blueprint,
    status: "running",
    startedBy,
    startedAt: now.toISOString(),
    steps: goingOn(made.steps, before?.id === id ? before : undefined),
  };
}

/** What was done before it broke off counts: in the step that goes on with it, or as a step that is done. */
function goingOn(steps: readonly OperationStep[], before: Operation | undefined): OperationStep[] {
  const earlier = new Map(before?.steps.map((step) => [step.id, step]));
  const again = new Set(steps.map(({ id }) => id));
  const done = [...earlier.values()].filter(({ id, counts }) => !again.has(id) && hasChanges(counts));
  return [
    ...done.map((step) => ({ ...step, outcome: "done" as const, resources: [] })),
    ...steps.map((step) => ({ ...step, counts: earlier.get(step.id)?.counts ?? step.counts })),
  ];
}

export function stepId(phase: OperationStep["phase"], stack: string): string {
  return `${phase}:${stack}`;
}

export function newStep(stack: string, phase: OperationStep["phase"]): OperationStep {
  return { id: stepId(phase, stack), stack, phase, outcome: "not-started", counts: noChanges, resources: [] };
}
