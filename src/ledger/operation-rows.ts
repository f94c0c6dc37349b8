/** What writes the rows of an operation, and what the audit says of them. */
import type { OperationTrace } from "../model/audit.ts";
import type { Operation, OperationStep } from "../model/operation.ts";
import type { Statement } from "../sql/database.ts";
import { sha256 } from "../values/digest.ts";

/** Opens the operation, or opens it again where it is on record already. */
export function openOperation(operation: Operation): Statement[] {
  return [
    {
      sql: `INSERT INTO operations (id, environment, started_at, operation, number)
            VALUES (?, ?, ?, ?, (SELECT coalesce(max(number), 0) + 1 FROM operations))
            ON CONFLICT (id) DO UPDATE SET operation = excluded.operation`,
      parameters: [operation.id, operation.environment, operation.startedAt, toRow(operation)],
    },
    ...replaceSteps(operation),
  ];
}

/** Leaves the operation and its steps as they are given. */
export function closeOperation(operation: Operation): Statement[] {
  return [
    {
      sql: "UPDATE operations SET operation = ? WHERE id = ?",
      parameters: [toRow(operation), operation.id],
    },
    ...replaceSteps(operation),
  ];
}

export function saveStep(operation: string, step: OperationStep): Statement {
  return {
    sql: "UPDATE operation_steps SET step = ? WHERE operation = ? AND id = ?",
    parameters: [JSON.stringify(step), operation, step.id],
  };
}

/** Of an operation at work: its steps change without a record of their own. */
export function openTrace(operation: Operation): OperationTrace {
  return { row: sha256(toRow(operation)) };
}

export function closedTrace(operation: Operation): OperationTrace {
  return { ...openTrace(operation), steps: stepsDigest(operation.steps.map((step) => JSON.stringify(step))) };
}

/** @param steps their texts, in their order */
export function stepsDigest(steps: readonly string[]): string {
  return sha256(JSON.stringify(steps));
}

function replaceSteps({ id, steps }: Operation): Statement[] {
  return [
    { sql: "DELETE FROM operation_steps WHERE operation = ?", parameters: [id] },
    ...steps.map((step, position) => ({
      sql: "INSERT INTO operation_steps (operation, id, position, step) VALUES (?, ?, ?, ?)",
      parameters: [id, step.id, position, JSON.stringify(step)],
    })),
  ];
}

/** Steps have rows of their own. */
function toRow(operation: Operation): string {
  return JSON.stringify({ ...operation, steps: [] });
}
