/**
 * One connection to a PostgreSQL server. A write goes out whole (begin, guarded statements, commit) and takes one round
 * trip. Each leaves the connection's own number behind, so that one whose answer was lost can be asked for afterwards.
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import type { ConnectionOptions } from "node:tls";
import pg, { type Client, type QueryResult } from "pg";
import type { DatabaseUrl } from "../../values/database-url.ts";
import type { SqlValue, Statement, WriteResult } from "../database.ts";
import { isLost, stateOf } from "./failure.ts";
import { guardFailed, type PostgresQuery, toGuardedQuery, toPostgresQuery } from "./statement.ts";

/** Milliseconds. The server gives up first, so that it is the one to say why. */
const limits = { connect: 5000, lock: 10_000, statement: 15_000, answer: 20_000 } as const;

/**
 * What a session needs, whatever the server's configuration says: durable commits, and nobody who was cut off keeps rows
 * locked. A stronger `synchronous_commit` (`remote_apply`) stays.
 */
const session = `
  SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE;
  SELECT set_config('synchronous_commit', 'on', false)
    WHERE current_setting('synchronous_commit') IN ('off', 'local');
  SET lock_timeout = ${limits.lock};
  SET statement_timeout = ${limits.statement};
  SET idle_in_transaction_session_timeout = ${limits.answer}`;

/** Leaves the number of this write; affects no row where the number before it is another one. */
const leaveNumber = `INSERT INTO terrane_writers (writer, number) VALUES (?, ?)
  ON CONFLICT (writer) DO UPDATE SET number = excluded.number, seen = now()
  WHERE terrane_writers.number = excluded.number - 1`;

/**
 * Takes the number away from a write, so that it never can stand; affects no row where it stands already. Waits for the
 * write where the server is still at it.
 */
const takeNumber = `INSERT INTO terrane_writers (writer, number) VALUES (?, -1)
  ON CONFLICT (writer) DO UPDATE SET number = -1, seen = now() WHERE terrane_writers.number <> ?`;

/** Connections of processes that were killed leave their row; nothing is asked of it after so long. */
const forgetOld = "DELETE FROM terrane_writers WHERE seen < now() - interval '7 days'";

/** Which write it was whose answer was lost. */
export interface WriteMark {
  readonly writer: string;
  readonly number: number;
}

/** The server was lost after a write had been sent: it stands, or it does not. */
export class LostAnswer extends Error {
  readonly mark: WriteMark;

  constructor(mark: WriteMark, cause: unknown) {
    super("the answer to a write was lost", { cause });
    this.mark = mark;
  }
}

export class Connection {
  readonly client: Client;
  readonly #writer = randomUUID();
  #written = 0;
  #isLost = false;

  private constructor(client: Client) {
    this.client = client;
    client.on("end", () => {
      this.#isLost = true;
    });
    // Without a listener an idle connection that the server ends would end the process.
    client.on("error", () => {
      this.#isLost = true;
    });
  }

  static async open(url: DatabaseUrl): Promise<Connection> {
    const client = new pg.Client({
      host: url.host,
      port: url.port,
      user: url.user ?? userInfo().username,
      password: () => url.password?.reveal() ?? "",
      database: url.database,
      ssl: tlsOptions(url),
      application_name: "terrane",
      pipeline: true,
      keepAlive: true,
      keepAliveInitialDelayMillis: limits.connect,
      connectionTimeoutMillis: limits.connect,
      query_timeout: limits.answer,
      types: { getTypeParser },
    });
    const connection = new Connection(client);
    try {
      await client.connect();
      await client.query(session);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    return connection;
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  async read(sql: string, parameters: readonly SqlValue[]): Promise<readonly object[]> {
    return (await this.#send(toPostgresQuery(sql, parameters))).rows;
  }

  /** @throws LostAnswer when nobody knows whether it stands; another error when it does not */
  async write(statements: readonly Statement[]): Promise<WriteResult> {
    const mark = { writer: this.#writer, number: this.#written + 1 };
    const number: Statement = { sql: leaveNumber, parameters: [mark.writer, mark.number], expect: 1 };
    const answers = await Promise.allSettled([
      this.#send({ text: "BEGIN", values: [] }),
      ...[number, ...statements].map((statement) => this.#send(toGuardedQuery(statement))),
      this.#send({ text: "COMMIT", values: [] }),
    ]);
    const bad = answers.findIndex((answer) => answer.status === "rejected");
    const failure = answers[bad];
    if (failure === undefined || failure.status === "fulfilled") {
      this.#written = mark.number;
      return { ok: true, affected: affectedBy(statements, answers.slice(2, -1)) };
    }
    const error: unknown = failure.reason;
    if (isLost(error)) {
      this.#isLost = true;
      throw new LostAnswer(mark, error);
    }
    // The connection's own number comes first, so a guard of the caller's is the third query or a later one.
    if (stateOf(error) !== guardFailed || bad < 2) throw error;
    return { ok: false, failed: bad - 2, affected: Number((error as pg.DatabaseError).detail) };
  }

  /** Whether that write stands; where it does not, it never will. */
  async stands(mark: WriteMark): Promise<boolean> {
    const { rowCount } = await this.#send(toPostgresQuery(takeNumber, [mark.writer, mark.number]));
    return rowCount === 0;
  }

  /** Says goodbye to a server that is there; lets go of one that is not. */
  async close(): Promise<void> {
    if (!this.#isLost && this.#written > 0) {
      const forget = toPostgresQuery("DELETE FROM terrane_writers WHERE writer = ?", [this.#writer]);
      await Promise.allSettled([this.#send(forget), this.#send({ text: forgetOld, values: [] })]);
    }
    await this.client.end().catch(() => undefined);
  }

  #send({ text, values }: PostgresQuery): Promise<QueryResult<object>> {
    return this.client.query(text, values.length === 0 ? undefined : [...values]);
  }
}

type Answers = readonly PromiseSettledResult<QueryResult<object>>[];

/** A guarded statement did what its guard says, or there would be no answer. */
function affectedBy(statements: readonly Statement[], answers: Answers): readonly number[] {
  return statements.map(({ expect }, index) => {
    const answer = answers[index];
    return expect ?? (answer?.status === "fulfilled" ? (answer.value.rowCount ?? 0) : 0);
  });
}

function tlsOptions({ tls, rootCertificate }: DatabaseUrl): false | ConnectionOptions {
  if (tls === "disable") return false;
  const ca = rootCertificate === undefined ? {} : { ca: readFileSync(rootCertificate, "utf8") };
  if (tls === "require") return { rejectUnauthorized: false };
  return tls === "verify-ca" ? { ...ca, checkServerIdentity: () => undefined } : ca;
}

/** Types of answers by their number: https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
const types = { bool: 16, bytea: 17, int8: 20, int2: 21, int4: 23, float4: 700, float8: 701, numeric: 1700 };

/** Values as SQLite gives them: whole numbers and truth values are numbers, bytes are bytes, all else is text. */
function getTypeParser(type: number): (text: string) => SqlValue {
  switch (type) {
    case types.bool:
      return (text) => (text === "t" ? 1 : 0);
    case types.bytea:
      return (text) => new Uint8Array(Buffer.from(text.slice(2), "hex"));
    case types.int8:
      return toInteger;
    case types.int2:
    case types.int4:
    case types.float4:
    case types.float8:
    case types.numeric:
      return Number;
    default:
      return (text) => text;
  }
}

function toInteger(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}
