/** What writes the rows of an operation. */
import type { Operation, OperationStep } from "../model/operation.ts";
import type { Statement } from "../sql/database.ts";

/** Its steps have rows of their own. */
export function saveOperation(operation: Operation): Statement {
  return {
    sql: "UPDATE operations SET operation = ? WHERE id = ?",
    parameters: [JSON.stringify({ ...operation, steps: [] }), operation.id],
  };
}

export function saveStep(operation: string, step: OperationStep, position: number): Statement {
  return {
    sql: "INSERT INTO operation_steps (operation, id, position, step) VALUES (?, ?, ?, ?)",
    parameters: [operation, step.id, position, JSON.stringify(step)],
  };
}
