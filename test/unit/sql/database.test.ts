import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../../../src/sql/database.ts";

const migrations = ["CREATE TABLE counter (value INTEGER NOT NULL); INSERT INTO counter VALUES (0)"];
const writer = join(import.meta.dirname, "writer.ts");

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "terrane-sql-"));
  path = join(folder, "deep", "a.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start(task: string, amount = 0): ChildProcess {
  return spawn(process.execPath, [writer, task, path, String(amount)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

async function exit(child: ChildProcess): Promise<number | null> {
  const [code] = (await once(child, "exit")) as [number | null];
  return code;
}

async function counter(): Promise<unknown> {
  const database = await openDatabase({ path, migrations });
  try {
    return (await database.read("SELECT value FROM counter"))[0]?.["value"];
  } finally {
    await database.close();
  }
}

describe("the embedded database", () => {
  it("makes a missing file and its folder, readable by the owner only", async () => {
    await counter();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "deep")).mode & 0o777).toBe(0o700);
  });

  it("answers the rows affected by each statement of a write", async () => {
    const database = await openDatabase({ path, migrations });
    const result = await database.write([
      { sql: "INSERT INTO counter VALUES (?), (?)", parameters: [1, 2] },
      { sql: "UPDATE counter SET value = 9 WHERE value > ?", parameters: [0], expect: 2 },
    ]);
    expect(result).toEqual({ ok: true, affected: [2, 2] });
    await database.close();
  });

  it("undoes the whole write when a guard fails, and says which statement it was", async () => {
    const database = await openDatabase({ path, migrations });
    const result = await database.write([
      { sql: "UPDATE counter SET value = 7" },
      { sql: "UPDATE counter SET value = 8 WHERE value = 100", expect: 1 },
    ]);
    expect(result).toEqual({ ok: false, failed: 1, affected: 0 });
    expect(await database.read("SELECT value FROM counter")).toMatchObject([{ value: 0 }]);
    await database.close();
  });

  it("undoes only the transaction that threw when several share a commit", async () => {
    const database = await openDatabase({ path, migrations });
    const add = (amount: number) =>
      database.write([{ sql: "UPDATE counter SET value = value + ?", parameters: [amount] }]);
    const outcomes = await Promise.allSettled([
      add(1),
      database.transact((transaction) => {
        transaction.run("UPDATE counter SET value = 1000");
        throw new Error("changed my mind");
      }),
      add(2),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await database.read("SELECT value FROM counter")).toMatchObject([{ value: 3 }]);
    await database.close();
  });

  it("refuses a transaction body that is asynchronous", async () => {
    const database = await openDatabase({ path, migrations });
    await expect(database.transact(async () => 1)).rejects.toMatchObject({ code: "internal" });
    await database.close();
  });

  it("refuses a file that a newer release migrated", async () => {
    const newer = await openDatabase({ path, migrations: [...migrations, "CREATE TABLE later (a)"] });
    await newer.close();
    await expect(openDatabase({ path, migrations })).rejects.toMatchObject({ code: "ledger-newer" });
  });

  it("applies only the migrations that are missing, and none of them when one fails", async () => {
    await counter();
    const bad = [...migrations, "CREATE TABLE later (a)", "CREATE TABLE later (a)"];
    await expect(openDatabase({ path, migrations: bad })).rejects.toThrow(/already exists/);
    const database = await openDatabase({ path, migrations: bad.slice(0, 2) });
    expect(await database.read("SELECT * FROM later")).toEqual([]);
    expect(await database.read("SELECT count(*) AS n FROM counter")).toMatchObject([{ n: 1 }]);
    await database.close();
  });

  it("says state-corrupt of a file that is no database", async () => {
    path = join(folder, "text.db");
    writeFileSync(path, "not a database at all, but long enough to be looked at".repeat(50));
    await expect(openDatabase({ path, migrations })).rejects.toMatchObject({ code: "state-corrupt" });
  });

  it("loses no write of two processes at once, and both migrate an empty file together", async () => {
    const codes = await Promise.all([exit(start("count", 150)), exit(start("count", 150))]);
    expect(codes).toEqual([0, 0]);
    expect(await counter()).toBe(300);
  });

  it("keeps the event loop turning while another process holds the lock, then gives up in the end", async () => {
    await counter();
    const holder = start("hold");
    await once(holder.stdout as Readable, "data");
    const database = await openDatabase({ path, migrations, patience: 300 });
    let longest = 0;
    let last = performance.now();
    const beat = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    const refused = database.write([{ sql: "UPDATE counter SET value = 5" }]);
    await expect(refused).rejects.toMatchObject({ code: "database-unavailable" });
    clearInterval(beat);
    expect(longest).toBeLessThan(250);
    expect(await database.read("SELECT value FROM counter")).toMatchObject([{ value: 0 }]);
    await database.close();
    holder.kill("SIGKILL");
    await exit(holder);
  });

  it("shows the old state after a writer was killed half way", async () => {
    await counter();
    const holder = start("hold");
    await once(holder.stdout as Readable, "data");
    holder.kill("SIGKILL");
    await exit(holder);
    expect(await counter()).toBe(0);
    const database = await openDatabase({ path, migrations });
    expect(await database.write([{ sql: "UPDATE counter SET value = 1", expect: 1 }])).toEqual({
      ok: true,
      affected: [1],
    });
    await database.close();
  });
});
