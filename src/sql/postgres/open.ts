/**
 * A PostgreSQL server as the database: a few connections, made when they are wanted and again when the server has been
 * away. What passes (deadlock, restart, a cut connection) is waited out; a write is done exactly once all the same.
 */
import { TerraneError } from "../../errors.ts";
import { type DatabaseUrl, formatDatabaseUrl } from "../../values/database-url.ts";
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
import { Connection, LostAnswer, type WriteMark } from "./connection.ts";
import { Connections } from "./connections.ts";
import { isLost, isPassing, mayConnectLater, toTerraneError } from "./failure.ts";
import { migrate } from "./migrate.ts";

/** Milliseconds that a server which does not answer at all is given at the start: long enough for a restart. */
const openPatience = 5000;

/** Connects and migrates. Errors as `openDatabase` says. */
export async function openPostgres(options: { readonly url: DatabaseUrl } & OpenOptions): Promise<Database> {
  const { url, patience = defaultPatience } = options;
  const connections = new Connections(() => Connection.open(url));
  try {
    await retryWhile(mayConnectLater, Math.min(patience, openPatience), () =>
      connections.use(({ client }) => migrate(client, formatDatabaseUrl(url), options.migrations)),
    );
  } catch (error) {
    await connections.close();
    throw toTerraneError(error, url);
  }
  return new Postgres(connections, url, patience);
}

class Postgres implements Database {
  readonly clock = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";
  readonly #connections: Connections;
  readonly #url: DatabaseUrl;
  readonly #patience: number;
  #closed = false;

  constructor(connections: Connections, url: DatabaseUrl, patience: number) {
    this.#connections = connections;
    this.#url = url;
    this.#patience = patience;
  }

  async read<R extends object = Row>(
    sql: string,
    parameters: readonly SqlValue[] = [],
  ): Promise<readonly R[]> {
    this.#assertOpen();
    const rows = await this.#insist(() => this.#connections.use((each) => each.read(sql, parameters)));
    return rows as readonly R[];
  }

  async write(statements: readonly Statement[]): Promise<WriteResult> {
    this.#assertOpen();
    assertStorable(statements);
    return await this.#insist(() => this.#writeOnce(statements));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#connections.close();
  }

  async #writeOnce(statements: readonly Statement[]): Promise<WriteResult> {
    try {
      return await this.#connections.use((each) => each.write(statements));
    } catch (error) {
      if (!(error instanceof LostAnswer)) throw error;
      if (!(await this.#stands(error.mark))) throw error.cause;
      return { ok: true, affected: statements.map(({ expect }) => expect) };
    }
  }

  async #stands(mark: WriteMark): Promise<boolean> {
    try {
      return await retryWhile(mayPass, this.#patience, () =>
        this.#connections.use((each) => each.stands(mark)),
      );
    } catch (cause) {
      const name = formatDatabaseUrl(this.#url);
      const what = `the database ${name} was lost while it wrote, and cannot be asked whether it did`;
      throw new TerraneError("database-unavailable", what, { cause, details: { outcome: "unknown" } });
    }
  }

  async #insist<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await retryWhile(mayPass, this.#patience, act);
    } catch (error) {
      throw toTerraneError(error, this.#url);
    }
  }

  #assertOpen(): void {
    if (this.#closed) throw new TerraneError("database-unavailable", "the database is closed");
  }
}

function mayPass(error: unknown): boolean {
  return isPassing(error) || (isLost(error) && mayConnectLater(error));
}
