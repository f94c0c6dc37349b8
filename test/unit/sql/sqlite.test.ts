/** What is SQLite's own; what it shares with PostgreSQL is in test/contract/database.test.ts. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type EmbeddedDatabase, openSqlite } from "../../../src/sql/sqlite/open.ts";
import { counterMigrations as migrations, startWriter } from "../../support/database-world.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "terrane-sql-"));
  path = join(folder, "deep", "a.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const add = (database: EmbeddedDatabase) => database.write([{ sql: "UPDATE counter SET value = value + 1" }]);

/** From now on a sync ends only when it is told to. */
async function holdDisk() {
  const probe = await open(path, "r");
  const held: PromiseWithResolvers<void>[] = [];
  const spy = vi.spyOn(Object.getPrototypeOf(probe) as typeof probe, "datasync").mockImplementation(() => {
    const sync = Promise.withResolvers<void>();
    held.push(sync);
    return sync.promise;
  });
  await probe.close();
  return {
    syncs: () => held.length,
    reached: (count: number) => vi.waitFor(() => expect(held).toHaveLength(count)),
    release: (failure?: Error) =>
      failure === undefined ? held.at(-1)?.resolve() : held.at(-1)?.reject(failure),
    letGo: () => spy.mockRestore(),
  };
}

describe("the embedded database", () => {
  it("makes a missing file and its folder, readable by the owner only", async () => {
    const database = await openSqlite({ path, migrations });
    await database.close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "deep")).mode & 0o777).toBe(0o700);
  });

  it("undoes only the transaction that threw when several share a commit", async () => {
    const database = await openSqlite({ path, migrations });
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
    expect(await database.read("SELECT value FROM counter")).toEqual([{ value: 3 }]);
    await database.close();
  });

  it("acknowledges only what is on disk, and goes on committing while the disk is written", async () => {
    const database = await openSqlite({ path, migrations });
    await add(database);
    const disk = await holdDisk();
    const settled: string[] = [];
    const first = add(database).then(() => settled.push("first"));
    await disk.reached(1);
    const others = ["second", "third"].map((name) => add(database).then(() => settled.push(name)));
    // Committed, and to be read by everybody: but should the power fail now, it may be gone.
    await vi.waitFor(async () =>
      expect(await database.read("SELECT value FROM counter")).toEqual([{ value: 4 }]),
    );
    expect(settled).toEqual([]);
    disk.release();
    await first;
    expect(settled).toEqual(["first"]);
    await disk.reached(2);
    disk.release();
    await Promise.all(others);
    expect(disk.syncs()).toBe(2);
    disk.letGo();
    await database.close();
  });

  it("acknowledges nothing any more once the disk has failed", async () => {
    const database = await openSqlite({ path, migrations });
    await add(database);
    const disk = await holdDisk();
    const write = add(database);
    await disk.reached(1);
    const next = add(database);
    disk.release(Object.assign(new Error("EIO: i/o error, fdatasync"), { code: "EIO" }));
    const failure = {
      code: "database-unavailable",
      message: expect.stringContaining("could not be brought to disk"),
    };
    await expect(write).rejects.toMatchObject(failure);
    await expect(next).rejects.toMatchObject(failure);
    await expect(add(database)).rejects.toMatchObject(failure);
    expect(disk.syncs()).toBe(1);
    disk.letGo();
    await database.close();
  });

  it("refuses a transaction body that is asynchronous", async () => {
    const database = await openSqlite({ path, migrations });
    await expect(database.transact(async () => 1)).rejects.toMatchObject({ code: "internal" });
    await database.close();
  });

  it("says state-corrupt of a file that is no database", async () => {
    path = join(folder, "text.db");
    writeFileSync(path, "not a database at all, but long enough to be looked at".repeat(50));
    await expect(openSqlite({ path, migrations })).rejects.toMatchObject({ code: "state-corrupt" });
  });

  it("never holds up the event loop for 20 ms while another process keeps the lock, and gives up in the end", async () => {
    const database = await openSqlite({ path, migrations, patience: 200 });
    const holder = startWriter("hold", path);
    await holder.printed(1);
    const pauses: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const delays = monitorEventLoopDelay({ resolution: 1 });
      delays.enable();
      const refused = database.write([{ sql: "UPDATE counter SET value = 5" }]);
      await expect(refused).rejects.toMatchObject({ code: "database-unavailable" });
      delays.disable();
      pauses.push(delays.max / 1e6);
    }
    // A lock that is waited for inside SQLite shows in every round, a busy machine in some.
    expect(Math.min(...pauses)).toBeLessThan(20);
    expect(await database.read("SELECT value FROM counter")).toEqual([{ value: 0 }]);
    await database.close();
    await holder.kill();
  });
});
