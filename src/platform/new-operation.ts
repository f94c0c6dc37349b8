/** A new operation, as it stands in the ledger before anything has begun. */
import { randomUUID } from "node:crypto";
import type { Operation, OperationStep } from "../model/operation.ts";
import type { Plan } from "../model/plan.ts";

export interface NewOperation {
  readonly kind: Operation["kind"];
  readonly plan: Plan;
  readonly startedBy: string;
  readonly now: Date;
  readonly steps: readonly OperationStep[];
}

export function newOperation({ kind, plan, startedBy, now, steps }: NewOperation): Operation {
  return {
    id: `op-${randomUUID()}`,
    kind,
    environment: plan.environment,
    planHash: plan.hash,
    status: "running",
    startedBy,
    startedAt: now.toISOString(),
    steps: [...steps],
  };
}
