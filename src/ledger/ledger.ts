/**
 * The record of environments, address blocks, operations and outputs. Every change is one guarded transaction; rows
 * that come back are parsed, so that a damaged or foreign ledger is refused and never misread.
 */
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { TerraneError } from "../errors.ts";
import type { Operation, OperationStep } from "../model/operation.ts";
import { type EnvironmentRecord, recordSchema } from "../model/record.ts";
import { valueSchema } from "../model/resource.ts";
import { type Database, openDatabase, type Statement } from "../sql/database.ts";
import type { Value } from "../values/value.ts";
import {
  type AddressHold,
  type AddressSnapshot,
  deadHolds,
  dropHold,
  readAddresses,
  takeHold,
  useHold,
} from "./addresses.ts";
import { OperationHistory } from "./history.ts";
import { type Holder, holderSchema, isAlive } from "./lease.ts";
import { ledgerMigrations } from "./migrations.ts";
import { parseRow } from "./row.ts";

/** Component → output → value, secrets as markers. */
export type RecordedOutputs = { readonly [component: string]: { readonly [output: string]: Value } };

const outputsSchema = z.record(z.string(), z.record(z.string(), valueSchema));

export interface BeginOperation {
  readonly record: EnvironmentRecord;
  /** The record that the plan was made from; undefined where the environment did not exist. */
  readonly before: EnvironmentRecord | undefined;
  readonly operation: Operation;
  readonly holder: Holder;
  /** The hold whose blocks the record names; absent when all of them are its own already. */
  readonly hold?: string;
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
    return (await this.#readRecord(name))?.record;
  }

  async listEnvironments(): Promise<readonly EnvironmentRecord[]> {
    const rows = await this.#database.read<{ name: string; record: string }>(
      "SELECT name, record FROM environments ORDER BY name",
      [],
    );
    return rows.map((row) => parseRow(recordSchema, row.record, `environment ${row.name}`));
  }

  /** What is taken now, what living processes hold for an `up` included, and the version to hold against. */
  async readAddresses(): Promise<AddressSnapshot> {
    return readAddresses(this.#database);
  }

  /**
   * Keeps blocks for an `up` that is being planned, until it begins or lets go; the hold of a process that is gone
   * counts for nothing. False when somebody else took addresses since the snapshot: choose again.
   */
  async holdAddresses(hold: AddressHold, ground: AddressSnapshot): Promise<boolean> {
    const dead = await deadHolds(this.#database);
    return (await this.#database.write([...takeHold(hold, ground), ...dead.map(dropHold)])).ok;
  }

  async releaseAddresses(hold: string): Promise<void> {
    await this.#database.write([dropHold(hold)]);
  }

  /**
   * Takes the lease, writes the environment's record, makes the blocks held its own and opens the operation: all or
   * nothing.
   * @throws TerraneError `lease-held` while a living process works on the environment; `plan-stale` when the
   * environment is no longer what `before` says.
   */
  async beginOperation(begin: BeginOperation): Promise<void> {
    const { record, operation, hold } = begin;
    await this.#dropDeadLease(record.name);
    const found = await this.#readRecord(record.name);
    const isAsPlanned = isDeepStrictEqual(found?.record, begin.before);
    const statements: Statement[] = [
      takeLease(record.name, operation.id, begin.holder),
      isAsPlanned ? replaceRecord(record, found?.text) : neverHolds,
      ...(hold === undefined ? [] : useHold(record, hold)),
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
    throw new TerraneError("plan-stale", `environment ${record.name} has changed since the plan was made`);
  }

  /**
   * Keeps everybody else from changing the environment until disposed of, without an operation on record.
   * @throws TerraneError `lease-held`
   */
  async holdEnvironment(environment: string, key: string, holder: Holder): Promise<AsyncDisposable> {
    await this.#dropDeadLease(environment);
    const taken = await this.#database.write([takeLease(environment, key, holder)]);
    if (!taken.ok) throw await this.#leaseHeld(environment);
    return {
      [Symbol.asyncDispose]: async () => {
        await this.#database.write([dropLease(environment, key)]);
      },
    };
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
      dropLease(operation.environment, operation.id),
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

  async #readRecord(name: string): Promise<{ text: string; record: EnvironmentRecord } | undefined> {
    const [row] = await this.#database.read<{ record: string }>(
      "SELECT record FROM environments WHERE name = ?",
      [name],
    );
    if (row === undefined) return undefined;
    return { text: row.record, record: parseRow(recordSchema, row.record, `environment ${name}`) };
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

function takeLease(environment: string, operation: string, holder: Holder): Statement {
  return {
    sql: "INSERT INTO leases (environment, operation, holder) VALUES (?, ?, ?) ON CONFLICT (environment) DO NOTHING",
    parameters: [environment, operation, JSON.stringify(holder)],
    expect: 1,
  };
}

function dropLease(environment: string, operation: string): Statement {
  return {
    sql: "DELETE FROM leases WHERE environment = ? AND operation = ?",
    parameters: [environment, operation],
  };
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

/** Writes the record where what is there is still this text, or nothing where there was none. */
function replaceRecord(record: EnvironmentRecord, before: string | undefined): Statement {
  const text = JSON.stringify(record);
  return before === undefined
    ? {
        sql: "INSERT INTO environments (name, record) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
        parameters: [record.name, text],
        expect: 1,
      }
    : {
        sql: "UPDATE environments SET record = ? WHERE name = ? AND record = ?",
        parameters: [text, record.name, before],
        expect: 1,
      };
}

/** A guard that fails, so that a lease held by somebody else is still told first. */
const neverHolds: Statement = { sql: "DELETE FROM environments WHERE 1 = 0", expect: 1 };
