/**
 * The port to a SQL database. A write is a value (a list of guarded statements), so nothing is ever awaited inside a
 * transaction, and the same code runs on SQLite and on PostgreSQL. Knows nothing of what the tables mean.
 *
 * SQL is the common subset of both: types TEXT, INTEGER (64 bits) and BLOB, `?` placeholders, `ON CONFLICT`; no
 * RETURNING, no AUTOINCREMENT, no rowid; JSON as text that the caller reads. Text sorts by its bytes.
 */
import { TerraneError } from "../errors.ts";
import type { DatabaseUrl } from "../values/database-url.ts";

export type SqlValue = null | number | bigint | string | Uint8Array;

export type Row = { readonly [column: string]: SqlValue };

/** One SQL statement with `?` placeholders. */
export interface Statement {
  readonly sql: string;
  readonly parameters?: readonly SqlValue[];
  /** Number of rows that it must affect; another number undoes the whole write. */
  readonly expect?: number;
}

export type WriteResult =
  | {
      readonly ok: true;
      /**
       * Rows affected, one number per statement. Undefined for a statement without guard where the server's answer was
       * lost and only that the write stands could be found out.
       */
      readonly affected: readonly (number | undefined)[];
    }
  | {
      readonly ok: false;
      /** Index of the statement whose guard failed. Nothing was written. */
      readonly failed: number;
      /** Rows that it would have affected. */
      readonly affected: number;
    };

export interface Database {
  /** SQL expression: milliseconds since 1970 by the database's own clock, which all its clients share. */
  readonly clock: string;
  /**
   * Rows of one query, seen at one moment. A reader never waits for a writer. The row type is the caller's word:
   * parse what may be damaged.
   */
  read<R extends object = Row>(sql: string, parameters?: readonly SqlValue[]): Promise<readonly R[]>;
  /**
   * Runs all statements in one transaction, exactly once; durable when the promise resolves. A failed guard is an
   * answer, not an error.
   *
   * Isolation is READ COMMITTED: a write that a row authorises begins with a guarded `UPDATE` of that row. It locks the
   * row, so whoever takes the authority away does so before or after the whole write, never between.
   * @throws TerraneError `database-unavailable` when the database stays locked, is full or is gone. Nothing was written,
   *   unless `details.outcome` is `unknown`: the server was lost after the commit was sent, and could not be asked.
   */
  write(statements: readonly Statement[]): Promise<WriteResult>;
  /** Waits for what is under way, then lets go of the database. */
  close(): Promise<void>;
}

/** A SQLite file (or `:memory:`), or a PostgreSQL server. */
export type DatabaseLocation = { readonly path: string } | { readonly url: DatabaseUrl };

export interface OpenOptions {
  /** SQL scripts; the n-th brings the schema from version n - 1 to n. A released one never changes. */
  readonly migrations: readonly string[];
  /** Longest time to keep trying while the database is locked or away, milliseconds. Default 30,000. */
  readonly patience?: number;
}

export type DatabaseOptions = DatabaseLocation & OpenOptions;

/**
 * PostgreSQL's text holds no NUL, so SQLite's takes none either: what works in one works in the other.
 * @throws TerraneError `internal`
 */
export function assertStorable(statements: readonly Statement[]): void {
  for (const { sql, parameters = [] } of statements) {
    if (parameters.some((value) => typeof value === "string" && value.includes("\0")))
      throw new TerraneError("internal", `a text with NUL cannot be stored: ${sql}`);
  }
}
