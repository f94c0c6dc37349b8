/** A new operation, as it stands in the ledger before anything has begun. */
import { randomUUID } from "node:crypto";
import type { Operation, OperationStep } from "../model/operation.ts";
import { noChanges, type Plan } from "../model/plan.ts";

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
}

export function newOperation({ id, kind, plan, startedBy, now, steps }: NewOperation): Operation {
  return {
    id,
    kind,
    environment: plan.environment,
    planHash: plan.hash,
    blueprint: plan.blueprint,
    status: "running",
    startedBy,
    startedAt: now.toISOString(),
    steps: [...steps],
  };
}

export function stepId(phase: OperationStep["phase"], stack: string): string {
  return `${phase}:${stack}`;
}

export function newStep(stack: string, phase: OperationStep["phase"]): OperationStep {
  return { id: stepId(phase, stack), stack, phase, outcome: "not-started", counts: noChanges, resources: [] };
}
