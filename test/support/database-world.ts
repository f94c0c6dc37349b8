/** The databases that everything must run on alike: where each is had, and a second process at work on it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { DatabaseLocation } from "../../src/sql/database.ts";
import { databaseUrl, hasPostgres, type PostgresServer, startPostgres } from "./postgres.ts";

/** One table with one row. */
export const counterMigrations = [
  "CREATE TABLE counter (value INTEGER NOT NULL); INSERT INTO counter VALUES (0)",
];

export interface DatabaseWorld extends AsyncDisposable {
  /** Path or URL of a new, empty database. */
  make(): Promise<string>;
}

/** For `describe.skipIf(!isThere).each`: what is not installed is skipped, and setup says so. */
export const databaseKinds = [
  { kind: "SQLite", isThere: true, start: startSqlite },
  { kind: "PostgreSQL", isThere: hasPostgres, start: startPostgresWorld },
] as const;

export function locationOf(place: string): DatabaseLocation {
  return place.startsWith("postgresql:") ? { url: databaseUrl(place) } : { path: place };
}

async function startSqlite(): Promise<DatabaseWorld> {
  const folder = mkdtempSync(join(tmpdir(), "terrane-sqlite-"));
  let count = 0;
  return {
    make: async () => {
      count += 1;
      return join(folder, `${count}.sqlite`);
    },
    [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function startPostgresWorld(): Promise<DatabaseWorld & { readonly server: PostgresServer }> {
  const server = await startPostgres();
  return {
    server,
    make: () => server.createDatabase(),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const writer = join(import.meta.dirname, "..", "contract", "database-writer.ts");

export interface OtherProcess {
  readonly process: ChildProcess;
  /** Lines as they are printed. */
  readonly lines: readonly string[];
  /** Resolves once that many lines are printed. */
  printed(lines: number): Promise<void>;
  /** Exit code, once it has ended. */
  ended(): Promise<number | null>;
  /** Ends it as `kill -9` does. */
  kill(): Promise<void>;
}

export function startWriter(task: "count" | "hold" | "open", place: string, amount = 0): OtherProcess {
  const child = spawn(process.execPath, [writer, task, place, String(amount)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines: string[] = [];
  const reader = createInterface(child.stdout);
  reader.on("line", (line) => lines.push(line));
  const exit = once(child, "exit") as Promise<[number | null]>;
  return {
    process: child,
    lines,
    printed: async (count) => {
      while (lines.length < count) await once(reader, "line");
    },
    ended: async () => (await exit)[0],
    kill: async () => {
      child.kill("SIGKILL");
      await exit;
    },
  };
}
