/** The common SQL of the port in PostgreSQL's words. */
import type { SqlValue, Statement } from "../database.ts";

/** Literals, quoted names and comments, in which nothing is replaced; then what is looked for. */
const quoted = String.raw`'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*[\s\S]*?\*/`;
const placeholders = new RegExp(String.raw`${quoted}|\?`, "g");
const columnTypes = new RegExp(String.raw`${quoted}|\b(?:TEXT|INTEGER|BLOB)\b`, "gi");

/**
 * SQLite's types by their size: https://www.sqlite.org/datatype3.html. Text sorts by its bytes there, whatever the
 * language of the database here.
 */
const typeNames: Readonly<Record<string, string>> = {
  TEXT: 'TEXT COLLATE "C"',
  INTEGER: "BIGINT",
  BLOB: "BYTEA",
};

export interface PostgresQuery {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/** `?` → `$1`, `$2`, … */
export function toPostgresQuery(sql: string, parameters: readonly SqlValue[] = []): PostgresQuery {
  return { text: number(sql), values: parameters };
}

/** Raised by `terrane_guard`: a state of our own class, so that no failure of the server's is taken for it. */
export const guardFailed = "TG001";

/** A statement with a guard fails in the server, and with it everything around it: no answer is waited for in between. */
export function toGuardedQuery({ sql, parameters = [], expect }: Statement): PostgresQuery {
  if (expect === undefined) return toPostgresQuery(sql, parameters);
  return {
    text: `WITH affected AS (${number(sql)} RETURNING 1)
      SELECT terrane_guard(count(*), $${parameters.length + 1}) FROM affected`,
    values: [...parameters, expect],
  };
}

/** A script of `CREATE TABLE` and the like, with PostgreSQL's types. */
export function toPostgresScript(script: string): string {
  return script.replace(columnTypes, (found) => typeNames[found.toUpperCase()] ?? found);
}

const numbered = new Map<string, string>();

function number(sql: string): string {
  let text = numbered.get(sql);
  if (text === undefined) {
    let count = 0;
    text = sql.replace(placeholders, (found) => {
      if (found !== "?") return found;
      count += 1;
      return `$${count}`;
    });
    numbered.set(sql, text);
  }
  return text;
}
