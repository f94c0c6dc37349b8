/** What is PostgreSQL's own; what it shares with SQLite is in test/contract/database.test.ts. */
import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "../../../src/sql/database.ts";
import { openDatabase } from "../../../src/sql/open.ts";
import { toPostgresQuery, toPostgresScript } from "../../../src/sql/postgres/statement.ts";
import { type CuttingProxy, startCuttingProxy } from "../../support/cutting-proxy.ts";
import { counterMigrations as migrations } from "../../support/database-world.ts";
import {
  databaseUrl,
  hasPostgres,
  type PostgresServer,
  postgresPassword,
  startPostgres,
} from "../../support/postgres.ts";

const guarded = { sql: "UPDATE counter SET value = value + 1", expect: 1 };
const free = { sql: "UPDATE counter SET value = value + 1" };

describe("statements for PostgreSQL", () => {
  it("number their placeholders, and leave alone what only looks like one", () => {
    const sql = `SELECT '?', 'it''s ?', "a?" /* ? */ FROM t -- ?\n WHERE a = ? AND b = ?`;
    expect(toPostgresQuery(sql, [1, 2])).toEqual({
      text: `SELECT '?', 'it''s ?', "a?" /* ? */ FROM t -- ?\n WHERE a = $1 AND b = $2`,
      values: [1, 2],
    });
  });

  it("have its types in scripts, and text that sorts by its bytes", () => {
    expect(toPostgresScript("CREATE TABLE t (a TEXT, b INTEGER, c BLOB, d TEXT DEFAULT 'TEXT')")).toBe(
      `CREATE TABLE t (a TEXT COLLATE "C", b BIGINT, c BYTEA, d TEXT COLLATE "C" DEFAULT 'TEXT')`,
    );
  });
});

describe.skipIf(!hasPostgres)("a database on a PostgreSQL server", () => {
  let server: PostgresServer;
  let proxy: CuttingProxy;
  let url: string;
  const opened: Database[] = [];
  const open = async (text: string, patience = 10_000): Promise<Database> => {
    const database = await openDatabase({ url: databaseUrl(text), migrations, patience });
    opened.push(database);
    return database;
  };
  const valueIn = async (database: Database) =>
    (await database.read("SELECT value FROM counter"))[0]?.["value"];
  const refusalOf = async (text: string) => {
    const error = await open(text, 300).catch((failure: unknown) => failure);
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(postgresPassword);
    expect(inspect(error, { depth: 20 })).not.toContain(encodeURIComponent(postgresPassword));
    return error;
  };

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    url = await server.createDatabase();
    proxy = await startCuttingProxy(server.port);
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((database) => database.close()));
    await proxy[Symbol.asyncDispose]();
  });

  it("does a write once whose answer was lost", async () => {
    const database = await open(proxy.through(url));
    for (const before of [0, 2]) {
      proxy.cut("after");
      expect(await database.write([guarded, free])).toEqual({ ok: true, affected: [1, undefined] });
      expect(await valueIn(database)).toBe(before + 2);
    }
  });

  it("does a write once that was lost on its way", async () => {
    const database = await open(proxy.through(url));
    for (const before of [0, 2]) {
      proxy.cut("before");
      expect(await database.write([guarded, free])).toEqual({ ok: true, affected: [1, 1] });
      expect(await valueIn(database)).toBe(before + 2);
    }
  });

  it("says that nobody knows when it cannot ask whether a write stands", async () => {
    const database = await open(proxy.through(url), 200);
    proxy.cut("after");
    const write = database.write([guarded]);
    proxy.refuse();
    await expect(write).rejects.toMatchObject({
      code: "database-unavailable",
      details: { outcome: "unknown" },
    });
    expect(await valueIn(await open(url))).toBe(1);
  });

  it("goes on after a crash of the server, with writes under way, and loses none of them", async () => {
    // A server that recovers first syncs all its files.
    const database = await open(url, 60_000);
    await Promise.all(Array.from({ length: 8 }, () => valueIn(database)));
    const writes = Array.from({ length: 40 }, () => database.write([guarded]));
    await writes[4];
    await server.crash();
    expect((await Promise.all(writes)).every(({ ok }) => ok)).toBe(true);
    expect(await valueIn(database)).toBe(40);
  });

  it("waits at the start for a server that is being restarted", async () => {
    await server.stop();
    const opening = open(url);
    await server.start();
    expect(await valueIn(await opening)).toBe(0);
  });

  it("refuses what passes when its patience is over, and says that nothing was written", async () => {
    const database = await open(url, 200);
    await server.stop();
    const refused = await database.write([guarded]).catch((error: unknown) => error);
    await server.start();
    expect(refused).toMatchObject({
      code: "database-unavailable",
      message: expect.stringContaining("ECONNREFUSED"),
    });
    expect(await valueIn(database)).toBe(0);
  });

  it("holds few connections, however much is asked at once, and leaves none of its rows behind", async () => {
    const database = await open(url);
    const count = { sql: "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database()" };
    await Promise.all(
      Array.from({ length: 60 }, (_, index) => database.write([index % 2 === 0 ? guarded : free])),
    );
    const [row] = await database.read<{ n: number }>(count.sql);
    expect(row?.n).toBeLessThanOrEqual(8);
    await database.close();
    expect(await (await open(url)).read("SELECT count(*) AS n FROM terrane_writers")).toEqual([{ n: 0 }]);
  });

  it("commits to disk, also where the server is set to answer sooner", async () => {
    const name = url.slice(url.lastIndexOf("/") + 1);
    await (await open(url)).write([{ sql: `ALTER DATABASE ${name} SET synchronous_commit = off` }]);
    expect(await (await open(url)).read("SHOW synchronous_commit")).toEqual([{ synchronous_commit: "on" }]);
  });

  it("tells time by the clock of the server", async () => {
    const database = await open(url);
    const [row] = await database.read<{ now: number }>(`SELECT ${database.clock} AS now`);
    expect(Math.abs((row?.now ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it("refuses a database that is not there, a wrong password and TLS that the server lacks, and tells no password", async () => {
    expect(await refusalOf(url.replace(/\/[^/]*$/, "/nowhere"))).toMatchObject({
      code: "bad-url",
      message: expect.stringMatching(
        /^the database postgresql:\/\/terrane@127\.0\.0\.1:\d+\/nowhere\S* does not exist$/,
      ),
      next: "Make it: createdb nowhere",
    });
    expect(await refusalOf(url.replace("canary", "wrong"))).toMatchObject({ code: "permission-denied" });
    expect(await refusalOf(`${url}?sslmode=require`)).toMatchObject({ code: "bad-url" });
    expect(await refusalOf(url.replace(/:\d+\//, ":1/"))).toMatchObject({ code: "database-unavailable" });
  });
});
