/** What every caller may rely on, whichever database it is. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "../../src/sql/database.ts";
import { openDatabase } from "../../src/sql/open.ts";
import {
  type DatabaseWorld,
  databaseKinds,
  locationOf,
  counterMigrations as migrations,
  startWriter,
} from "../support/database-world.ts";

const shelf = "CREATE TABLE shelf (name TEXT PRIMARY KEY, size INTEGER, bytes BLOB)";

for (const { kind, isThere, start } of databaseKinds) {
  describe.skipIf(!isThere)(`a database on ${kind}`, () => {
    let world: DatabaseWorld;
    let place: string;
    const opened: Database[] = [];
    const open = async (scripts: readonly string[] = migrations, patience?: number): Promise<Database> => {
      const database = await openDatabase({
        ...locationOf(place),
        migrations: scripts,
        ...(patience === undefined ? {} : { patience }),
      });
      opened.push(database);
      return database;
    };
    const valueIn = async (database: Database) =>
      (await database.read<{ value: number }>("SELECT value FROM counter"))[0]?.value;

    beforeAll(async () => {
      world = await start();
    });
    afterAll(async () => {
      await world[Symbol.asyncDispose]();
    });
    beforeEach(async () => {
      place = await world.make();
    });
    afterEach(async () => {
      for (const database of opened.splice(0)) await database.close();
    });

    it("answers the rows affected by each statement of a write", async () => {
      const database = await open();
      const result = await database.write([
        { sql: "INSERT INTO counter VALUES (?), (?)", parameters: [1, 2] },
        { sql: "UPDATE counter SET value = 9 WHERE value > ?", parameters: [0], expect: 2 },
      ]);
      expect(result).toEqual({ ok: true, affected: [2, 2] });
    });

    it("undoes the whole write when a guard fails, and says which statement it was and what it would have done", async () => {
      const database = await open();
      const change = { sql: "UPDATE counter SET value = value + 7" };
      expect(
        await database.write([
          change,
          { sql: "UPDATE counter SET value = 8 WHERE value = 100", expect: 1 },
          change,
        ]),
      ).toEqual({ ok: false, failed: 1, affected: 0 });
      expect(await database.write([change, { ...change, expect: 0 }])).toEqual({
        ok: false,
        failed: 1,
        affected: 1,
      });
      expect(await valueIn(database)).toBe(0);
    });

    it("counts as affected what ON CONFLICT inserted or updated, not what it left alone", async () => {
      const database = await open([shelf]);
      const add = (end: string, size: number) => ({
        sql: `INSERT INTO shelf (name, size) VALUES ('a', ?) ON CONFLICT (name) DO ${end}`,
        parameters: [size],
        expect: 1,
      });
      expect(await database.write([add("NOTHING", 1)])).toMatchObject({ ok: true });
      expect(await database.write([add("NOTHING", 2)])).toEqual({ ok: false, failed: 0, affected: 0 });
      expect(await database.write([add("UPDATE SET size = excluded.size", 3)])).toMatchObject({ ok: true });
      expect(await database.read("SELECT name, size FROM shelf")).toEqual([{ name: "a", size: 3 }]);
    });

    it("gives back what it was given: numbers, texts, bytes with NUL, nothing at all", async () => {
      const database = await open([shelf]);
      const rows = [
        { name: "", size: 0, bytes: new Uint8Array([0, 1, 0, 255, 92, 120, 0]) },
        { name: 'it\'s ? -- "ä" 🐘 \\u0000', size: Number.MAX_SAFE_INTEGER, bytes: new Uint8Array() },
        { name: "z", size: -1, bytes: null },
      ];
      await database.write(
        rows.map(({ name, size, bytes }) => ({
          sql: "INSERT INTO shelf (name, size, bytes) VALUES (?, ?, ?) /* is it ? */",
          parameters: [name, size, bytes],
        })),
      );
      expect(await database.read("SELECT name, size, bytes FROM shelf ORDER BY name")).toEqual(rows);
      expect(
        await database.read(
          "SELECT sum(size) AS sum, count(bytes) AS n, max(size) > 1 AS big, '?' AS mark FROM shelf",
        ),
      ).toEqual([{ sum: Number.MAX_SAFE_INTEGER - 1, n: 2, big: 1, mark: "?" }]);
    });

    it("refuses a text with NUL, before anything is written", async () => {
      const database = await open([shelf]);
      const refused = database.write([
        { sql: "INSERT INTO shelf (name) VALUES ('fine')" },
        { sql: "INSERT INTO shelf (name) VALUES (?)", parameters: ["a\0b"] },
      ]);
      await expect(refused).rejects.toMatchObject({ code: "internal" });
      expect(await database.read("SELECT name FROM shelf")).toEqual([]);
    });

    it("sorts text by its bytes, whatever the language of the machine", async () => {
      const database = await open([shelf]);
      const names = ["b", "ä", "B", "a-b", "aa", "a_b", "Z"];
      await database.write(
        names.map((name) => ({ sql: "INSERT INTO shelf (name) VALUES (?)", parameters: [name] })),
      );
      const rows = await database.read<{ name: string }>("SELECT name FROM shelf ORDER BY name");
      expect(rows.map(({ name }) => name)).toEqual(["B", "Z", "a-b", "a_b", "aa", "b", "ä"]);
    });

    it("loses no update, however many compare and set at once over two connections", async () => {
      const databases = [await open(), await open()];
      const add = async (database: Database): Promise<void> => {
        for (;;) {
          const seen = (await valueIn(database)) ?? 0;
          const set = {
            sql: "UPDATE counter SET value = ? WHERE value = ?",
            parameters: [seen + 1, seen],
            expect: 1,
          };
          if ((await database.write([set])).ok) return;
        }
      };
      await Promise.all(Array.from({ length: 30 }, (_, index) => add(databases[index % 2] as Database)));
      expect(await valueIn(await open())).toBe(30);
    });

    it("lets nothing through behind a take-over: what a row authorises comes wholly before or is refused", async () => {
      const scripts = [`CREATE TABLE lease (number INTEGER); INSERT INTO lease VALUES (1); ${shelf}`];
      const holder = await open(scripts);
      const other = await open(scripts);
      const save = (name: string) =>
        holder.write([
          { sql: "UPDATE lease SET number = number WHERE number = 1", expect: 1 },
          { sql: "INSERT INTO shelf (name) VALUES (?)", parameters: [name] },
        ]);
      const saves = Array.from({ length: 40 }, (_, index) => save(`${index}`));
      await saves[3];
      await other.write([{ sql: "UPDATE lease SET number = 2 WHERE number = 1", expect: 1 }]);
      const atTakeOver = await other.read("SELECT name FROM shelf ORDER BY name");
      const results = await Promise.all(saves);
      expect(await other.read("SELECT name FROM shelf ORDER BY name")).toEqual(atTakeOver);
      expect(results.filter(({ ok }) => ok)).toHaveLength(atTakeOver.length);
      expect(await save("late")).toEqual({ ok: false, failed: 0, affected: 0 });
    });

    it("does both of two writes that lock the same rows in opposite order", async () => {
      const scripts = [`${shelf}; INSERT INTO shelf (name, size) VALUES ('a', 0), ('b', 0)`];
      const databases = [await open(scripts), await open(scripts)] as const;
      const grow = (name: string) => ({
        sql: "UPDATE shelf SET size = size + 1 WHERE name = ?",
        parameters: [name],
      });
      const both = [grow("a"), grow("b")];
      const rounds = Array.from({ length: 10 }, () => [
        databases[0].write(both),
        databases[1].write(both.toReversed()),
      ]);
      await Promise.all(rounds.flat());
      expect(await databases[0].read("SELECT size FROM shelf")).toEqual([{ size: 20 }, { size: 20 }]);
    });

    it("lets readers pass while another process holds a change half done, and forgets that one when it dies", async () => {
      const database = await open();
      const holder = startWriter("hold", place);
      await holder.printed(1);
      expect(await valueIn(database)).toBe(0);
      await holder.kill();
      expect(await database.write([{ sql: "UPDATE counter SET value = value + 1", expect: 1 }])).toEqual({
        ok: true,
        affected: [1],
      });
      expect(await valueIn(database)).toBe(1);
    });

    it("keeps every write that was acknowledged to a process before it was killed", async () => {
      await open();
      const writer = startWriter("count", place, 100_000);
      await writer.printed(25);
      await writer.kill();
      const value = (await valueIn(await open())) ?? 0;
      expect([0, 1]).toContain(value - writer.lines.length);
    });

    it("loses no write of two processes at once, which migrate an empty database together", async () => {
      const writers = [startWriter("count", place, 100), startWriter("count", place, 100)];
      expect(await Promise.all(writers.map((each) => each.ended()))).toEqual([0, 0]);
      expect(await valueIn(await open())).toBe(200);
    });

    it("is migrated once, however many open it empty at the same moment", async () => {
      const openers = Array.from({ length: 4 }, () => startWriter("open", place));
      await Promise.all(Array.from({ length: 4 }, () => open()));
      expect(await Promise.all(openers.map((each) => each.ended()))).toEqual([0, 0, 0, 0]);
      expect(await (await open()).read("SELECT value FROM counter")).toEqual([{ value: 0 }]);
    });

    it("is refused by a release that is older than the one that migrated it", async () => {
      const later = [...migrations, "CREATE TABLE later (a TEXT)"];
      await open(later);
      await expect(open()).rejects.toMatchObject({
        code: "ledger-newer",
        message: expect.stringContaining("has schema version 2; this release knows 1"),
      });
      expect(await (await open(later)).read("SELECT a FROM later")).toEqual([]);
    });

    it("applies only the migrations that are missing, and none of them when one fails", async () => {
      await open();
      const bad = [...migrations, "CREATE TABLE later (a TEXT)", "CREATE TABLE later (a TEXT)"];
      await expect(open(bad)).rejects.toThrow(/already exists/);
      const database = await open(bad.slice(0, 2));
      expect(await database.read("SELECT a FROM later")).toEqual([]);
      expect(await valueIn(database)).toBe(0);
    });

    it("is refused once it is closed", async () => {
      const database = await open();
      const last = database.write([{ sql: "UPDATE counter SET value = 1", expect: 1 }]);
      await database.close();
      expect(await last).toEqual({ ok: true, affected: [1] });
      await expect(database.read("SELECT value FROM counter")).rejects.toMatchObject({
        code: "database-unavailable",
      });
    });
  });
}
