/** Reads operations that are on record, newest first. What writes them is `ledger.ts`. */
import { type Operation, operationSchema, operationStepSchema } from "../model/operation.ts";
import type { Database } from "../sql/database.ts";
import { parseRow } from "./row.ts";

export interface HistoryFilter {
  /** Default: of every environment, also of those that are gone. */
  readonly environment?: string;
  /** Operations whose id begins so. */
  readonly id?: string;
  /** Largest number of operations. */
  readonly limit: number;
}

interface OperationRow {
  readonly id: string;
  readonly operation: string;
}

/** Operations among which a refresh is looked for. */
const lookedThrough = 100;

export class OperationHistory {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Operations with their steps, newest first. */
  async list(filter: HistoryFilter): Promise<readonly Operation[]> {
    const conditions = [
      ...(filter.environment === undefined ? [] : [{ sql: "environment = ?", values: [filter.environment] }]),
      // Not LIKE: an id from outside may hold its wildcards.
      ...(filter.id === undefined
        ? []
        : [{ sql: "substr(id, 1, length(?)) = ?", values: [filter.id, filter.id] }]),
    ];
    const where = conditions.length === 0 ? "" : `WHERE ${conditions.map(({ sql }) => sql).join(" AND ")}`;
    const rows = await this.#database.read<OperationRow>(
      `SELECT id, operation FROM operations ${where} ORDER BY started_at DESC, number DESC LIMIT ?`,
      [...conditions.flatMap(({ values }) => values), filter.limit],
    );
    const steps = await this.#readSteps(rows.map((row) => row.id));
    return rows.map((row) => ({ ...parseOperation(row), steps: [...(steps.get(row.id) ?? [])] }));
  }

  /** When a refresh of the environment last went through; undefined where none has, among its newest operations. */
  async lastRefresh(environment: string): Promise<string | undefined> {
    const rows = await this.#database.read<OperationRow>(
      "SELECT id, operation FROM operations WHERE environment = ? ORDER BY started_at DESC, number DESC LIMIT ?",
      [environment, lookedThrough],
    );
    const operations = rows.map(parseOperation);
    return operations.find(({ kind, status }) => kind === "refresh" && status === "succeeded")?.endedAt;
  }

  async #readSteps(operations: readonly string[]): Promise<ReadonlyMap<string, Operation["steps"]>> {
    if (operations.length === 0) return new Map();
    const rows = await this.#database.read<{ operation: string; step: string }>(
      `SELECT operation, step FROM operation_steps
        WHERE operation IN (${operations.map(() => "?").join(", ")}) ORDER BY operation, position`,
      operations,
    );
    const steps = new Map<string, Operation["steps"]>();
    for (const { operation, step } of rows) {
      const parsed = parseRow(operationStepSchema, step, `a step of operation ${operation}`);
      const own = steps.get(operation);
      if (own === undefined) steps.set(operation, [parsed]);
      else own.push(parsed);
    }
    return steps;
  }
}

function parseOperation(row: OperationRow): Operation {
  return parseRow(operationSchema, row.operation, `operation ${row.id}`);
}
