/**
 * The record of environments, address blocks, operations and outputs. Every change is one guarded transaction; rows
 * that come back are parsed, so that a damaged or foreign ledger is refused and never misread.
 */
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { TerraneError } from "../errors.ts";
import type { AuditEntry } from "../model/audit.ts";
import type { Operation, OperationStep } from "../model/operation.ts";
import { type EnvironmentRecord, recordSchema } from "../model/record.ts";
import { valueSchema } from "../model/resource.ts";
import type { StackGround } from "../model/stack-ground.ts";
import { trace } from "../model/trace-points.ts";
import type { Database, DatabaseLocation, Statement } from "../sql/database.ts";
import { openDatabase } from "../sql/open.ts";
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
import { writeAudited } from "./audit.ts";
import { AuditLog } from "./audit-log.ts";
import { EnvironmentBriefs } from "./environment-briefs.ts";
import { forget, neverHolds, replaceRecord, saveRecord } from "./environment-rows.ts";
import { keepGrounds, StackGrounds } from "./grounds.ts";
import { OperationHistory } from "./history.ts";
import type { Holder } from "./holder.ts";
import {
  environmentScope,
  heldBy,
  type Lease,
  type LeaseRow,
  Leases,
  leaseHeld,
  leaseLost,
  releaseLease,
} from "./lease.ts";
import { ledgerMigrations } from "./migrations.ts";
import { begunEntry, endedEntry, interruptedEntry, takenOverEntry } from "./operation-entries.ts";
import { closeOperation, openOperation, saveStep } from "./operation-rows.ts";
import { RebuiltRecords } from "./rebuilt-records.ts";
import { parseRow } from "./row.ts";
import { stackTraces } from "./stack-traces.ts";

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

/** An environment that nobody else changes until this is disposed of. */
export interface HeldEnvironment extends AsyncDisposable {
  readonly lease: Lease;
  /** Whose process was gone when the lease was taken, and whose work may be half done; absent when it was free. */
  readonly left?: LeaseRow;
}

export class Ledger implements AsyncDisposable {
  readonly #database: Database;
  readonly history: OperationHistory;
  readonly briefs: EnvironmentBriefs;
  readonly grounds: StackGrounds;
  readonly leases: Leases;
  readonly audit: AuditLog;
  readonly rebuilt: RebuiltRecords;

  constructor(database: Database) {
    this.#database = database;
    this.audit = new AuditLog(database);
    this.rebuilt = new RebuiltRecords(database);
    this.history = new OperationHistory(database);
    this.briefs = new EnvironmentBriefs(database);
    this.grounds = new StackGrounds(database);
    this.leases = new Leases(database);
  }

  /**
   * @param location a path alone means a SQLite file
   * @throws TerraneError `ledger-newer`, `database-unavailable`
   */
  static async open(location: string | DatabaseLocation): Promise<Ledger> {
    const place = typeof location === "string" ? { path: location } : location;
    return new Ledger(await openDatabase({ ...place, migrations: ledgerMigrations }));
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
  readAddresses(): Promise<AddressSnapshot> {
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
   * Takes the lease, writes the environment's record, makes the blocks held its own and opens the operation, or opens it
   * again where it is on record already: all or nothing.
   * @throws TerraneError `lease-held` while a living process works on the environment; `plan-stale` when the
   * environment is no longer what `before` says, or another operation on it has broken off meanwhile.
   */
  async beginOperation(begin: BeginOperation): Promise<Lease> {
    const { record, operation, hold } = begin;
    const scope = environmentScope(record.name);
    trace("lease:asked", { scope, operation: operation.id });
    const ground = await this.leases.look(scope);
    const taking = this.leases.take(scope, operation.id, begin.holder, ground);
    // What a dead holder has left open is put in order before anything is planned on it.
    if (ground.row !== undefined) throw this.#stale(record.name);
    const found = await this.#readRecord(record.name);
    const isAsPlanned = isDeepStrictEqual(found?.record, begin.before);
    const statements: Statement[] = [
      ...taking.statements,
      ...(isAsPlanned ? replaceRecord(record, found?.text) : [neverHolds]),
      ...(hold === undefined ? [] : useHold(record, hold)),
      ...openOperation(operation),
    ];
    const entry = begunEntry(operation, record, begin.holder);
    const result = await writeAudited(this.#database, statements, [entry]);
    if (result.ok) {
      trace("lease:taken", taking.lease);
      return taking.lease;
    }
    const row = result.failed === 0 ? await this.leases.read(scope) : undefined;
    throw row === undefined ? this.#stale(record.name) : leaseHeld(row);
  }

  #stale(environment: string): TerraneError {
    return new TerraneError("plan-stale", `environment ${environment} has changed since the plan was made`);
  }

  /**
   * Keeps everybody else from changing the environment until disposed of, under the id of an operation that need not be
   * on record. Takes over from a holder that is gone.
   * @param from operation that it is taken from by force, although its process lives
   * @throws TerraneError `lease-held`
   */
  holdEnvironment(
    environment: string,
    operation: string,
    holder: Holder,
    from?: string,
  ): Promise<HeldEnvironment> {
    return this.holdScope(environmentScope(environment), operation, holder, from);
  }

  /** The same for any scope. @throws TerraneError `lease-held` */
  async holdScope(scope: string, operation: string, holder: Holder, from?: string): Promise<HeldEnvironment> {
    trace("lease:asked", { scope, operation });
    for (;;) {
      const ground = await this.leases.look(scope);
      const { lease, statements } = this.leases.take(scope, operation, holder, ground, from);
      const entries = ground.row === undefined ? [] : [takenOverEntry(scope, operation, holder, ground.row)];
      // Somebody else was quicker: what they left is looked at anew.
      if (!(await writeAudited(this.#database, statements, entries)).ok) continue;
      trace("lease:taken", lease);
      return {
        lease,
        ...(ground.row === undefined ? {} : { left: ground.row }),
        [Symbol.asyncDispose]: () => this.leases.release(lease),
      };
    }
  }

  /**
   * Closes an operation whose process is gone.
   * @throws TerraneError `lease-lost`
   */
  async interruptOperation(lease: Lease, operation: Operation): Promise<void> {
    const row = await this.leases.read(lease.scope);
    const entry = interruptedEntry(operation, row?.holder.user ?? operation.startedBy);
    await this.#writeUnder(lease, closeOperation(operation), [entry]);
  }

  /** @throws TerraneError `lease-lost` */
  async saveStep(lease: Lease, operation: string, step: OperationStep): Promise<void> {
    await this.#writeUnder(lease, [saveStep(operation, step)]);
  }

  /**
   * Closes the operation, leaves the environment's record as given or forgets it, and gives the lease back.
   * @throws TerraneError `lease-lost`
   */
  async endOperation(
    lease: Lease,
    operation: Operation,
    record: EnvironmentRecord | "gone",
    grounds: ReadonlyMap<string, StackGround> = new Map(),
  ): Promise<void> {
    const stacks = await stackTraces(this.#database, operation);
    const kept =
      record === "gone"
        ? forget(operation.environment)
        : [...saveRecord(record), ...keepGrounds(record.name, grounds)];
    await this.#writeUnder(
      lease,
      [...kept, ...closeOperation(operation), ...releaseLease(lease)],
      [endedEntry(operation, record, stacks)],
    );
  }

  async latestOperation(environment: string): Promise<Operation | undefined> {
    const [newest] = await this.history.list({ environment, limit: 1 });
    return newest;
  }

  /** @throws TerraneError `lease-lost` */
  async saveOutputs(
    lease: Lease,
    environment: string,
    stack: string,
    outputs: RecordedOutputs,
  ): Promise<void> {
    await this.#writeUnder(lease, [
      {
        sql: `INSERT INTO stack_outputs (environment, stack, outputs) VALUES (?, ?, ?)
              ON CONFLICT (environment, stack) DO UPDATE SET outputs = excluded.outputs`,
        parameters: [environment, stack, JSON.stringify(outputs)],
      },
    ]);
  }

  /** @throws TerraneError `lease-lost` */
  async removeOutputs(lease: Lease, environment: string, stack: string): Promise<void> {
    await this.#writeUnder(lease, [
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

  async #writeUnder(
    lease: Lease,
    statements: readonly Statement[],
    entries: readonly AuditEntry[] = [],
  ): Promise<void> {
    const result = await writeAudited(this.#database, [heldBy(lease), ...statements], entries);
    if (!result.ok) throw leaseLost(lease);
  }
}
