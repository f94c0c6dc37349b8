/**
 * The record of environments, address blocks, operations and outputs. Every change is one guarded transaction; rows
 * that come back are parsed, so that a damaged or foreign ledger is refused and never misread.
 */
import { z } from "zod";
import { TerraneError } from "../errors.ts";
import type { Operation, OperationStep } from "../model/operation.ts";
import { type EnvironmentRecord, recordSchema, type TakenBlock } from "../model/record.ts";
import { valueSchema } from "../model/resource.ts";
import { type Database, openDatabase, type Statement } from "../sql/database.ts";
import type { Value } from "../values/value.ts";
import { OperationHistory } from "./history.ts";
import { type Holder, holderSchema, isAlive } from "./lease.ts";
import { ledgerMigrations } from "./migrations.ts";
import { parseRow } from "./row.ts";

/** Component → output → value, secrets as markers. */
export type RecordedOutputs = { readonly [component: string]: { readonly [output: string]: Value } };

const outputsSchema = z.record(z.string(), z.record(z.string(), valueSchema));

/** What the address blocks were when somebody looked; a reservation on this ground fails once they have moved. */
export interface AddressSnapshot {
  readonly blocks: readonly TakenBlock[];
  readonly version: number;
}

export class Ledger implements AsyncDisposable {
  readonly #database: Database;
  readonly history: OperationHistory;

  private constructor(database: Database) {
    this.#database = database;
    this.history = new OperationHistory(database);
  }

  /** @throws TerraneError `ledger-newer`, `database-unavailable` */
  static async open(path: string): Promise<Ledger> {
    return new Ledger(await openDatabase({ path, migrations: ledgerMigrations }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#database.close();
  }

  async findEnvironment(name: string): Promise<EnvironmentRecord | undefined> {
    const [row] = await this.#database.read<{ record: string }>(
      "SELECT record FROM environments WHERE name = ?",
      [name],
    );
    return row === undefined ? undefined : parseRow(recordSchema, row.record, `environment ${name}`);
  }

  async listEnvironments(): Promise<readonly EnvironmentRecord[]> {
    const rows = await this.#database.read<{ name: string; record: string }>(
      "SELECT name, record FROM environments ORDER BY name",
      [],
    );
    return rows.map((row) => parseRow(recordSchema, row.record, `environment ${row.name}`));
  }

  /** What is taken now, and the version to reserve against. */
  async readAddresses(): Promise<AddressSnapshot> {
    const rows = await this.#database.read<{
      environment: string | null;
      component: string | null;
      block: string | null;
      version: number;
    }>(
      `SELECT b.environment, b.component, b.block, c.value AS version
         FROM counters c LEFT JOIN address_blocks b ON 1 = 1
        WHERE c.name = 'address_blocks' ORDER BY b.block`,
      [],
    );
    const blocks = rows.flatMap((row) =>
      row.block === null ? [] : [{ owner: `${row.environment}/${row.component}`, block: row.block }],
    );
    return { blocks, version: rows[0]?.version ?? 0 };
  }

  /**
   * Takes the lease, writes the environment's record, reserves its blocks and opens the operation: all or nothing.
   * @throws TerraneError `lease-held` while a living process works on the environment; `plan-stale` when somebody
   * reserved addresses since the snapshot.
   */
  async beginOperation(begin: {
    readonly record: EnvironmentRecord;
    readonly operation: Operation;
    readonly holder: Holder;
    /** The ground on which new blocks were chosen; absent when the record's blocks are already reserved. */
    readonly addresses?: AddressSnapshot;
  }): Promise<void> {
    const { record, operation } = begin;
    await this.#dropDeadLease(record.name);
    const statements: Statement[] = [
      {
        sql: "INSERT INTO leases (environment, operation, holder) VALUES (?, ?, ?) ON CONFLICT (environment) DO NOTHING",
        parameters: [record.name, operation.id, JSON.stringify(begin.holder)],
        expect: 1,
      },
      ...(begin.addresses === undefined ? [] : reserve(record, begin.addresses)),
      saveRecord(record),
      {
        sql: "INSERT INTO operations (id, environment, started_at, operation) VALUES (?, ?, ?, ?)",
        parameters: [
          operation.id,
          record.name,
          operation.startedAt,
          JSON.stringify({ ...operation, steps: [] }),
        ],
      },
      ...operation.steps.map((step, position) => saveStep(operation.id, step, position)),
    ];
    const result = await this.#database.write(statements);
    if (result.ok) return;
    if (result.failed === 0) throw await this.#leaseHeld(record.name);
    throw new TerraneError("plan-stale", "another environment took address blocks since the plan was made");
  }

  async saveStep(operation: string, step: OperationStep): Promise<void> {
    await this.#database.write([
      {
        sql: "UPDATE operation_steps SET step = ? WHERE operation = ? AND id = ?",
        parameters: [JSON.stringify(step), operation, step.id],
      },
    ]);
  }

  /** Closes the operation, leaves the environment's record as given or forgets it, and gives the lease back. */
  async endOperation(operation: Operation, record: EnvironmentRecord | "gone"): Promise<void> {
    await this.#database.write([
      ...(record === "gone" ? forget(operation.environment) : [saveRecord(record)]),
      {
        sql: "UPDATE operations SET operation = ? WHERE id = ?",
        parameters: [JSON.stringify({ ...operation, steps: [] }), operation.id],
      },
      {
        sql: "DELETE FROM leases WHERE environment = ? AND operation = ?",
        parameters: [operation.environment, operation.id],
      },
    ]);
  }

  async latestOperation(environment: string): Promise<Operation | undefined> {
    const [newest] = await this.history.list({ environment, limit: 1 });
    return newest;
  }

  async saveOutputs(environment: string, stack: string, outputs: RecordedOutputs): Promise<void> {
    await this.#database.write([
      {
        sql: `INSERT INTO stack_outputs (environment, stack, outputs) VALUES (?, ?, ?)
              ON CONFLICT (environment, stack) DO UPDATE SET outputs = excluded.outputs`,
        parameters: [environment, stack, JSON.stringify(outputs)],
      },
    ]);
  }

  async removeOutputs(environment: string, stack: string): Promise<void> {
    await this.#database.write([
      {
        sql: "DELETE FROM stack_outputs WHERE environment = ? AND stack = ?",
        parameters: [environment, stack],
      },
    ]);
  }

  /** Stack → outputs, as the last change of each stack left them. */
  async readOutputs(environment: string): Promise<ReadonlyMap<string, RecordedOutputs>> {
    const rows = await this.#database.read<{ stack: string; outputs: string }>(
      "SELECT stack, outputs FROM stack_outputs WHERE environment = ? ORDER BY stack",
      [environment],
    );
    return new Map(
      rows.map((row) => [row.stack, parseRow(outputsSchema, row.outputs, `the outputs of ${row.stack}`)]),
    );
  }

  async #readLease(
    environment: string,
  ): Promise<{ operation: string; text: string; holder: Holder } | undefined> {
    const [row] = await this.#database.read<{ operation: string; holder: string }>(
      "SELECT operation, holder FROM leases WHERE environment = ?",
      [environment],
    );
    if (row === undefined) return undefined;
    return {
      operation: row.operation,
      text: row.holder,
      holder: parseRow(holderSchema, row.holder, `the lease of ${environment}`),
    };
  }

  async #dropDeadLease(environment: string): Promise<void> {
    const lease = await this.#readLease(environment);
    if (lease === undefined || isAlive(lease.holder)) return;
    await this.#database.write([
      {
        sql: "DELETE FROM leases WHERE environment = ? AND holder = ?",
        parameters: [environment, lease.text],
      },
    ]);
  }

  async #leaseHeld(environment: string): Promise<TerraneError> {
    const lease = await this.#readLease(environment);
    const who =
      lease === undefined
        ? "another process"
        : `${lease.holder.user} on ${lease.holder.host} (process ${lease.holder.pid}, since ${lease.holder.since})`;
    return new TerraneError("lease-held", `${who} is at work on environment ${environment}`, {
      details: lease === undefined ? {} : { operation: lease.operation, holder: lease.holder },
    });
  }
}

function saveRecord(record: EnvironmentRecord): Statement {
  return {
    sql: "INSERT INTO environments (name, record) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET record = excluded.record",
    parameters: [record.name, JSON.stringify(record)],
  };
}

/** Its operations stay: they are history. */
function forget(environment: string): Statement[] {
  return [
    { sql: "DELETE FROM environments WHERE name = ?", parameters: [environment] },
    { sql: "DELETE FROM address_blocks WHERE environment = ?", parameters: [environment] },
    { sql: "DELETE FROM stack_outputs WHERE environment = ?", parameters: [environment] },
  ];
}

function saveStep(operation: string, step: OperationStep, position: number): Statement {
  return {
    sql: "INSERT INTO operation_steps (operation, id, position, step) VALUES (?, ?, ?, ?)",
    parameters: [operation, step.id, position, JSON.stringify(step)],
  };
}

function reserve(record: EnvironmentRecord, ground: AddressSnapshot): Statement[] {
  return [
    {
      sql: "UPDATE counters SET value = value + 1 WHERE name = 'address_blocks' AND value = ?",
      parameters: [ground.version],
      expect: 1,
    },
    { sql: "DELETE FROM address_blocks WHERE environment = ?", parameters: [record.name] },
    ...Object.entries(record.addresses).map(([component, block]) => ({
      sql: "INSERT INTO address_blocks (environment, component, block) VALUES (?, ?, ?)",
      parameters: [record.name, component, block],
    })),
  ];
}
