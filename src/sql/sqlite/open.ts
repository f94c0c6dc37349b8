/**
 * The embedded database: one SQLite file for several processes, in WAL mode, synced to disk before a write is
 * acknowledged. Nobody waits for a lock or for the disk inside SQLite, because that would freeze the event loop.
 */
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { TerraneError } from "../../errors.ts";
import { trace } from "../../model/trace-points.ts";
import {
  assertStorable,
  type Database,
  type OpenOptions,
  type Row,
  type SqlValue,
  type Statement,
  type WriteResult,
} from "../database.ts";
import { defaultPatience, retryWhile } from "../patience.ts";
import { isBusy, toTerraneError } from "./failure.ts";
import { migrate } from "./migrate.ts";
import { WalSync } from "./wal-sync.ts";

/** What a transaction body may do. All of it is synchronous. */
export interface Transaction {
  all(sql: string, parameters?: readonly SqlValue[]): readonly Row[];
  get(sql: string, parameters?: readonly SqlValue[]): Row | undefined;
  run(sql: string, parameters?: readonly SqlValue[]): { readonly affected: number; readonly lastId: number };
}

/** What only the embedded database can do, on top of the port. */
export interface EmbeddedDatabase extends Database {
  /**
   * Runs a synchronous body in an immediate transaction, within one tick; resolves when its effects are durable.
   * Bodies that arrive close together share one commit. A body that throws undoes its own effects only.
   */
  transact<T>(body: (transaction: Transaction) => T): Promise<T>;
}

interface Job {
  readonly body: (transaction: Transaction) => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (reason: unknown) => void;
}

const memoryPath = ":memory:";
/** Bodies that share a commit at most: bounds how long one tick takes. */
const groupSize = 64;

/**
 * Opens the embedded database, makes it where it is missing, and migrates it in one transaction.
 * @throws TerraneError `ledger-newer` when a newer release wrote it, `state-corrupt` when it is no database,
 *   `permission-denied`, `database-unavailable`.
 */
export async function openSqlite(
  options: { readonly path: string } & OpenOptions,
): Promise<EmbeddedDatabase> {
  const { path, patience = defaultPatience } = options;
  const describe = (error: unknown) => toTerraneError(error, path);
  let connection: DatabaseSync;
  try {
    if (path !== memoryPath) makeFile(path);
    connection = new DatabaseSync(path, { timeout: 0 });
  } catch (error) {
    throw describe(error);
  }
  try {
    await untilFree(patience, () => {
      if (path !== memoryPath) connection.exec("PRAGMA journal_mode = WAL");
      // `WalSync` does what FULL would do.
      connection.exec("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
    });
    await untilFree(patience, () => migrate(connection, path, options.migrations));
  } catch (error) {
    connection.close();
    throw describe(error);
  }
  return new Sqlite(connection, patience, path === memoryPath ? undefined : new WalSync(path), describe);
}

class Sqlite implements EmbeddedDatabase {
  readonly clock = "CAST(unixepoch('subsec') * 1000 AS INTEGER)";
  readonly #connection: DatabaseSync;
  readonly #patience: number;
  /** Absent where there is no disk. */
  readonly #wal: WalSync | undefined;
  readonly #describe: (error: unknown) => unknown;
  readonly #schedule: (flush: () => void) => void;
  readonly #statements = new Map<string, StatementSync>();
  readonly #transaction: Transaction;
  #queue: Job[] = [];
  #flushing: Promise<void> | undefined;
  #closed = false;

  constructor(
    connection: DatabaseSync,
    patience: number,
    wal: WalSync | undefined,
    describe: (error: unknown) => unknown,
  ) {
    this.#connection = connection;
    this.#patience = patience;
    this.#wal = wal;
    this.#describe = describe;
    this.#schedule = wal === undefined ? queueMicrotask : setImmediate;
    this.#transaction = {
      all: (sql, parameters = []) => this.#prepare(sql).all(...parameters) as Row[],
      get: (sql, parameters = []) => this.#prepare(sql).get(...parameters) as Row | undefined,
      run: (sql, parameters = []) => {
        const { changes, lastInsertRowid } = this.#prepare(sql).run(...parameters);
        return { affected: Number(changes), lastId: Number(lastInsertRowid) };
      },
    };
  }

  async read<R extends object = Row>(
    sql: string,
    parameters: readonly SqlValue[] = [],
  ): Promise<readonly R[]> {
    this.#assertOpen();
    try {
      return await untilFree(
        this.#patience,
        () => this.#transaction.all(sql, parameters) as readonly object[] as readonly R[],
      );
    } catch (error) {
      throw this.#describe(error);
    }
  }

  async write(statements: readonly Statement[]): Promise<WriteResult> {
    assertStorable(statements);
    try {
      return await this.transact((transaction) => runGuarded(transaction, statements));
    } catch (error) {
      if (error instanceof GuardFailure) return { ok: false, failed: error.index, affected: error.affected };
      throw error;
    }
  }

  transact<T>(body: (transaction: Transaction) => T): Promise<T> {
    this.#assertOpen();
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ body, resolve: resolve as (value: never) => void, reject });
      this.#flushing ??= new Promise((done) => {
        this.#schedule(() => void this.#flush().then(done));
      });
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#flushing;
    await this.#wal?.close();
    this.#statements.clear();
    this.#connection.close();
  }

  #assertOpen(): void {
    if (this.#closed) throw new TerraneError("database-unavailable", "the database is closed");
  }

  async #flush(): Promise<void> {
    while (this.#queue.length > 0) {
      try {
        await untilFree(this.#patience, () => this.#connection.exec("BEGIN IMMEDIATE"));
      } catch (error) {
        for (const job of this.#queue.splice(0)) job.reject(this.#describe(error));
        break;
      }
      const group = this.#queue.splice(0, groupSize);
      const settle = group.map((job) => this.#runJob(job));
      try {
        trace("write:committing", { writes: group.length });
        this.#connection.exec("COMMIT");
        this.#acknowledge(group, settle);
      } catch (error) {
        if (this.#connection.isTransaction) this.#connection.exec("ROLLBACK");
        for (const job of group) job.reject(this.#describe(error));
      }
    }
    this.#flushing = undefined;
  }

  /** Once the group is durable; the next one may be committed meanwhile. */
  #acknowledge(group: readonly Job[], settle: readonly (() => void)[]): void {
    const settleAll = () => {
      for (const each of settle) each();
    };
    if (this.#wal === undefined) settleAll();
    else
      this.#wal.reach().then(settleAll, (error: unknown) => {
        for (const job of group) job.reject(this.#describe(error));
      });
  }

  /** Answers what to do with the job once its group is durable. */
  #runJob(job: Job): () => void {
    this.#connection.exec("SAVEPOINT job");
    try {
      const value = job.body(this.#transaction);
      if (value instanceof Promise)
        throw new TerraneError("internal", "a transaction body must not be asynchronous");
      this.#connection.exec("RELEASE job");
      return () => job.resolve(value as never);
    } catch (error) {
      // A full disk may have ended the whole transaction already; then COMMIT reports it for everybody.
      if (this.#connection.isTransaction) this.#connection.exec("ROLLBACK TO job; RELEASE job");
      return () => job.reject(this.#describe(error));
    }
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#connection.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

class GuardFailure extends Error {
  readonly index: number;
  readonly affected: number;

  constructor(index: number, affected: number) {
    super(`guard of statement ${index} failed`);
    this.index = index;
    this.affected = affected;
  }
}

function runGuarded(transaction: Transaction, statements: readonly Statement[]): WriteResult {
  const affected = statements.map((statement, index) => {
    const rows = transaction.run(statement.sql, statement.parameters).affected;
    if (statement.expect !== undefined && rows !== statement.expect) throw new GuardFailure(index, rows);
    return rows;
  });
  return { ok: true, affected };
}

function makeFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, "a", 0o600));
}

/** Repeats while another process holds the lock: SQLite itself never waits, and with it the event loop. */
function untilFree<T>(patience: number, act: () => T): Promise<T> {
  return retryWhile(isBusy, patience, act);
}
