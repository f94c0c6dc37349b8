/** The audit, whichever database it stands in; the numbers are those of the list of bad input. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { hashOf, writeAudited } from "../../src/ledger/audit.ts";
import { holderSchema, thisProcess } from "../../src/ledger/holder.ts";
import { Ledger } from "../../src/ledger/ledger.ts";
import { ledgerMigrations } from "../../src/ledger/migrations.ts";
import { type Operation, operationSchema, operationStepSchema } from "../../src/model/operation.ts";
import { noChanges } from "../../src/model/plan.ts";
import { type EnvironmentRecord, recordSchema } from "../../src/model/record.ts";
import type { Database, SqlValue } from "../../src/sql/database.ts";
import { openDatabase } from "../../src/sql/open.ts";
import { type DatabaseWorld, databaseKinds, locationOf } from "../support/database-world.ts";

const now = new Date("2026-11-21T10:00:00Z");
const later = "2026-11-21T10:05:00.000Z";
const holder = thisProcess("ada", now);

function recordOf(name: string, status: EnvironmentRecord["status"] = "creating"): EnvironmentRecord {
  return {
    name,
    incarnation: "0badcafe",
    class: "dev",
    target: "simulated",
    blueprint: { name: "aws-platform", version: "1.0.0" },
    roles: { virginia: "primary" },
    addresses: {},
    status,
    updatedAt: now.toISOString(),
  };
}

function operationOf(id: string, environment: string): Operation {
  const step = {
    phase: "converge" as const,
    outcome: "not-started" as const,
    counts: noChanges,
    resources: [],
  };
  return {
    id,
    kind: "up",
    environment,
    planHash: "hash",
    status: "running",
    startedBy: "ada",
    startedAt: now.toISOString(),
    steps: ["network", "data"].map((domain) => ({
      ...step,
      id: `converge:${environment}.virginia.${domain}`,
      stack: `${environment}.virginia.${domain}`,
    })),
  };
}

for (const { kind, isThere, start } of databaseKinds) {
  describe.skipIf(!isThere)(`the audit on ${kind}`, () => {
    let world: DatabaseWorld;
    let place: string;
    let database: Database;
    let ledger: Ledger;

    const run = async (sql: string, parameters: readonly SqlValue[] = []) => {
      await database.write([{ sql, parameters }]);
    };
    /** One operation of an environment, from its begin to its end: two records. */
    const up = async (environment: string, id = `op-${environment}`): Promise<void> => {
      const operation = operationOf(id, environment);
      const begin = { record: recordOf(environment), before: undefined, operation, holder };
      const lease = await ledger.beginOperation(begin);
      for (const step of operation.steps)
        await ledger.saveStep(lease, operation.id, { ...step, outcome: "done", endedAt: later });
      const steps = operation.steps.map((step) => ({ ...step, outcome: "done" as const, endedAt: later }));
      await ledger.endOperation(
        lease,
        { ...operation, steps, status: "succeeded", endedAt: later },
        recordOf(environment, "ready"),
      );
    };
    const addStack = (name: string, serial: number, digest: string) =>
      run(
        `INSERT INTO stacks (id, project, name, serial, digest, resources, pending, version, tags, key, created_at)
         VALUES (?, 'terrane', ?, ?, ?, 0, 0, 0, '{}', '', '')`,
        [name, name, serial, digest],
      );
    const broken = async () => (await ledger.audit.verify()).broken;

    beforeAll(async () => {
      world = await start();
    });
    afterAll(async () => {
      await world[Symbol.asyncDispose]();
    });
    beforeEach(async () => {
      place = await world.make();
      database = await openDatabase({ ...locationOf(place), migrations: ledgerMigrations });
      ledger = new Ledger(database);
    });
    afterEach(() => ledger[Symbol.asyncDispose]());

    it("says who did what, when, to what, and how it ended, newest first", async () => {
      await addStack("shop.virginia.network", 3, "d".repeat(64));
      await up("shop");
      await up("blog");
      const records = await ledger.audit.list({ environment: "shop", limit: 10 });
      expect(records).toMatchObject([
        {
          seq: 2,
          at: later,
          who: "ada",
          what: "operation ended",
          environment: "shop",
          operation: "op-shop",
          facts: { kind: "up", status: "succeeded", create: 0 },
          left: {
            stacks: {
              "terrane/shop.virginia.network": { serial: 3, digest: "d".repeat(64) },
              "terrane/shop.virginia.data": null,
            },
          },
        },
        {
          seq: 1,
          at: holder.since,
          who: "ada",
          what: "operation begun",
          facts: { kind: "up", target: "simulated" },
        },
      ]);
      expect((await ledger.audit.list({ limit: 3 })).map(({ seq }) => seq)).toEqual([4, 3, 2]);
      const [head] = await ledger.audit.list({ limit: 1 });
      expect(await ledger.audit.verify()).toEqual({
        records: 4,
        head: { seq: 4, hash: head?.hash },
        unnamed: 0,
      });
    });

    it("tells of a process that was gone, who took over from it, and what that closed", async () => {
      const gone = { ...holder, host: "elsewhere", machine: "another boot", user: "bob" };
      const operation = operationOf("op-1", "shop");
      await ledger.beginOperation({ record: recordOf("shop"), before: undefined, operation, holder: gone });
      await run("UPDATE leases SET renewed_at = renewed_at - 20000");
      await using held = await ledger.holdEnvironment("shop", "op-2", holder);
      await ledger.interruptOperation(held.lease, { ...operation, status: "interrupted", endedAt: later });
      expect(await ledger.audit.list({ limit: 2 })).toMatchObject([
        { seq: 3, who: "ada", what: "operation interrupted", operation: "op-1" },
        {
          seq: 2,
          who: "ada",
          what: "lease taken over",
          operation: "op-2",
          facts: { from: `bob on elsewhere (process ${process.pid})`, its: "op-1", state: "expired" },
        },
      ]);
      expect(await broken()).toBeUndefined();
    });

    it("tells who asked a holder to stop, and who took an environment away from one that lives", async () => {
      const mine = { ...holder, user: "bob" };
      await using held = await ledger.holdEnvironment("shop", "op-1", mine);
      expect(await ledger.leases.ask(held.lease, { who: "ada", at: now })).toBe(true);
      await using _taken = await ledger.holdEnvironment("shop", "unlock-2", holder, "op-1");
      expect(await ledger.leases.ask(held.lease, { who: "ada", at: now })).toBe(false);
      expect(await ledger.audit.list({ limit: 9 })).toMatchObject([
        {
          who: "ada",
          what: "lease taken over",
          environment: "shop",
          operation: "unlock-2",
          facts: { from: expect.stringMatching(/^bob on /), its: "op-1", state: "alive" },
        },
        { who: "ada", what: "asked to stop", environment: "shop", operation: "op-1" },
      ]);
      expect(await broken()).toBeUndefined();
    });

    it("stays one chain, however many write to it at once", async () => {
      await using other = await Ledger.open(locationOf(place));
      const ledgers = [ledger, other];
      await Promise.all(
        Array.from({ length: 8 }, async (_, index) => {
          const operation = operationOf(`op-${index}`, `shop-${index}`);
          const begin = { record: recordOf(operation.environment), before: undefined, operation, holder };
          await ledgers[index % 2]?.beginOperation(begin);
        }),
      );
      expect(await ledger.audit.verify()).toMatchObject({ records: 8, head: { seq: 8 } });
    });

    it("leaves no record of a write whose guard failed", async () => {
      const entry = { at: later, who: "ada", what: "nothing" };
      const never = { sql: "DELETE FROM environments WHERE name = 'none'", expect: 1 };
      expect(await writeAudited(database, [never], [entry])).toEqual({ ok: false, failed: 0, affected: 0 });
      expect(await ledger.audit.list({ limit: 1 })).toEqual([]);
    });

    const swap = [
      "UPDATE audit SET seq = 100 WHERE seq = 2",
      "UPDATE audit SET seq = 2 WHERE seq = 3",
      "UPDATE audit SET seq = 3 WHERE seq = 100",
    ];
    const cutTo = (seq: number) => [
      `UPDATE audit_head SET seq = ${seq}, hash = (SELECT hash FROM audit WHERE seq = ${seq})`,
      `DELETE FROM audit WHERE seq > ${seq}`,
    ];
    const sabotages = [
      ["a record changed", ["UPDATE audit SET who = 'eve' WHERE seq = 2"], 2, "record 2 was changed"],
      [
        "a detail changed",
        [`UPDATE audit SET details = replace(details, 'succeeded', 'failed') WHERE seq = 2`],
        2,
        "record 2 was changed",
      ],
      ["one taken out", ["DELETE FROM audit WHERE seq = 2"], 2, "record 2 is missing"],
      ["the first one taken out", ["DELETE FROM audit WHERE seq = 1"], 1, "record 1 is missing"],
      ["two changed places", swap, 2, "record 2 was changed"],
      ["the last one taken out", ["DELETE FROM audit WHERE seq = 4"], 4, "record 4 is missing"],
      [
        "the end cut off, head and all",
        cutTo(3),
        3,
        "the environment blog is not as record 3 (operation begun) left it",
      ],
      [
        "all of it cut off",
        ["DELETE FROM audit", `UPDATE audit_head SET seq = 0, hash = '${"0".repeat(64)}'`],
        1,
        "record 1 is missing: the environment blog stands in no record",
      ],
      [
        "a record of an environment changed",
        [`UPDATE environments SET record = replace(record, 'simulated', 'live') WHERE name = 'shop'`],
        2,
        "the environment shop is not as record 2 (operation ended) left it",
      ],
      [
        "an environment taken out",
        ["DELETE FROM environments WHERE name = 'blog'"],
        4,
        "the environment blog, which record 4 (operation ended) left, is gone",
      ],
      [
        "an environment put in",
        [
          "INSERT INTO environments (name, record) SELECT 'copy', record FROM environments WHERE name = 'shop'",
        ],
        5,
        "record 5 is missing: the environment copy stands in no record",
      ],
      [
        "an operation changed",
        [`UPDATE operations SET operation = replace(operation, 'ada', 'eve') WHERE id = 'op-shop'`],
        2,
        "the operation op-shop is not as record 2 (operation ended) left it",
      ],
      [
        "an operation taken out",
        [
          "DELETE FROM operation_steps WHERE operation = 'op-shop'",
          "DELETE FROM operations WHERE id = 'op-shop'",
        ],
        2,
        "the operation op-shop, which record 2 (operation ended) left, is gone",
      ],
      [
        "a step changed",
        [
          `UPDATE operation_steps SET step = replace(step, 'done', 'failed') WHERE operation = 'op-shop' AND position = 1`,
        ],
        2,
        "the steps of operation op-shop are not as record 2 (operation ended) left them",
      ],
      [
        "a stack's digest changed",
        [`UPDATE stacks SET digest = '${"e".repeat(64)}'`],
        2,
        "the stack terrane/shop.virginia.network is not as record 2 (operation ended) left it",
      ],
      [
        "a stack that went on without a record",
        ["UPDATE stacks SET serial = 4"],
        2,
        "the stack terrane/shop.virginia.network is not as record 2 (operation ended) left it",
      ],
      [
        "a stack rolled back",
        ["UPDATE stacks SET serial = 2"],
        2,
        "the stack terrane/shop.virginia.network is not as record 2 (operation ended) left it",
      ],
      [
        "a stack taken out",
        ["DELETE FROM stacks"],
        2,
        "the stack terrane/shop.virginia.network, which record 2 (operation ended) left, is gone",
      ],
    ] as const;
    // What is found does not hang on the database: some of them are enough for the second one.
    it.each(kind === "SQLite" ? sabotages : sabotages.slice(0, 3))(
      "91: finds %s, and names the first record that does not fit",
      async (_what, sabotage, seq, fault) => {
        await addStack("shop.virginia.network", 3, "d".repeat(64));
        await up("shop");
        await up("blog");
        await database.write(sabotage.map((sql) => ({ sql })));
        expect(await ledger.audit.verify()).toMatchObject({ records: seq - 1, broken: { seq, fault } });
      },
    );

    it("91: finds that the whole chain was made anew by the head that somebody had noted", async () => {
      await up("shop");
      const noted = (await ledger.audit.verify()).head;
      const rows = await database.read<Parameters<typeof hashOf>[0]>("SELECT * FROM audit ORDER BY seq");
      let previous = "0".repeat(64);
      for (const row of rows) {
        const forged = { ...row, who: "eve", previous };
        previous = hashOf(forged);
        await run("UPDATE audit SET who = 'eve', previous = ?, hash = ? WHERE seq = ?", [
          forged.previous,
          previous,
          forged.seq,
        ]);
      }
      await run("UPDATE audit_head SET hash = ?", [previous]);
      expect((await ledger.audit.verify()).broken).toBeUndefined();
      expect((await ledger.audit.verify(noted)).broken).toMatchObject({
        seq: 2,
        fault: "record 2 is not the one that was noted",
      });
      await database.write([...cutTo(1), "DELETE FROM environments"].map((sql) => ({ sql })));
      expect((await ledger.audit.verify(noted)).broken).toMatchObject({
        seq: 2,
        fault: "record 2, which was noted, is missing",
      });
    });

    it("vouches for nothing that was there before it, and says how much that is", async () => {
      place = await world.make();
      const before = ledgerMigrations.findIndex((script) => script.includes("CREATE TABLE audit "));
      const old = await openDatabase({ ...locationOf(place), migrations: ledgerMigrations.slice(0, before) });
      const operation = operationOf("op-1", "shop");
      await old.write([
        {
          sql: "INSERT INTO environments (name, record) VALUES (?, ?)",
          parameters: ["shop", JSON.stringify(recordOf("shop"))],
        },
        {
          sql: "INSERT INTO operations (id, environment, started_at, operation) VALUES (?, ?, ?, ?)",
          parameters: ["op-1", "shop", operation.startedAt, JSON.stringify({ ...operation, steps: [] })],
        },
      ]);
      await old.close();
      await using upgraded = await Ledger.open(locationOf(place));
      expect(await upgraded.audit.verify()).toMatchObject({ records: 0, unnamed: 2 });
    });

    it.each([
      ["environments", "record", `"recovery": {"rto": "5m"}, `],
      ["operations", "operation", `"approval": "a-1", `],
    ])(
      "91: what a newer release added to %s is refused, and stays as it is",
      async (table, column, added) => {
        await up("shop");
        await run(`UPDATE ${table} SET ${column} = '{${added}' || substr(${column}, 2)`);
        const [row] = await database.read<Record<string, string>>(`SELECT ${column} FROM ${table}`);
        const newer = {
          code: "newer-than-me",
          message: expect.stringContaining("what this release does not know"),
        };
        const next = operationOf("op-2", "shop");
        const begin = {
          record: recordOf("shop"),
          before: recordOf("shop", "ready"),
          operation: next,
          holder,
        };
        const reading =
          table === "environments" ? ledger.findEnvironment("shop") : ledger.latestOperation("shop");
        await expect(reading).rejects.toMatchObject(newer);
        if (table === "environments") await expect(ledger.beginOperation(begin)).rejects.toMatchObject(newer);
        expect(await database.read(`SELECT ${column} FROM ${table}`)).toEqual([row]);
      },
    );
  });
}

describe("91: what the ledger's rows hold", () => {
  it.each([
    ["a record", recordSchema],
    ["an operation", operationSchema],
    ["a step", operationStepSchema],
    ["a holder", holderSchema],
  ])("is never dropped unseen: every object of %s is strict", (_, schema) => {
    const loose: string[] = [];
    const walk = (value: unknown, path: string, seen: Set<unknown>): void => {
      if (typeof value !== "object" || value === null || seen.has(value)) return;
      seen.add(value);
      if (value instanceof z.ZodObject && !(value.def.catchall instanceof z.ZodNever)) loose.push(path);
      const def = value instanceof z.ZodType ? value.def : value;
      for (const [key, part] of Object.entries(def as object)) walk(part, `${path}.${key}`, seen);
    };
    walk(schema, "", new Set());
    expect(loose).toEqual([]);
  });
});
