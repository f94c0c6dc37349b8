/** What the ledger promises, whichever database it stands on. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { AddressPlan } from "../../src/blueprint/addresses.ts";
import type { AddressHold } from "../../src/ledger/addresses.ts";
import { type Holder, thisProcess } from "../../src/ledger/holder.ts";
import { environmentScope } from "../../src/ledger/lease.ts";
import { Ledger } from "../../src/ledger/ledger.ts";
import { ledgerMigrations } from "../../src/ledger/migrations.ts";
import type { Operation } from "../../src/model/operation.ts";
import { noChanges } from "../../src/model/plan.ts";
import type { EnvironmentRecord } from "../../src/model/record.ts";
import type { Database } from "../../src/sql/database.ts";
import { openDatabase } from "../../src/sql/open.ts";
import { formatCidr } from "../../src/values/cidr.ts";
import { type DatabaseWorld, databaseKinds, locationOf } from "../support/database-world.ts";

const now = new Date("2026-11-21T10:00:00Z");

function recordOf(name: string, addresses: Record<string, string> = {}): EnvironmentRecord {
  return {
    name,
    incarnation: "0badcafe",
    class: "dev",
    target: "simulated",
    blueprint: { name: "aws-platform", version: "1.0.0" },
    roles: { virginia: "primary" },
    addresses,
    status: "creating",
    updatedAt: now.toISOString(),
  };
}

function operationOf(id: string, environment: string): Operation {
  return {
    id,
    kind: "up",
    environment,
    planHash: "hash",
    status: "running",
    startedBy: "tester",
    startedAt: now.toISOString(),
    steps: ["converge:a", "converge:b"].map((step) => ({
      id: step,
      stack: step.slice(9),
      phase: "converge" as const,
      outcome: "not-started" as const,
      counts: noChanges,
      resources: [],
    })),
  };
}

for (const { kind, isThere, start } of databaseKinds) {
  describe.skipIf(!isThere)(`the ledger on ${kind}`, () => {
    let world: DatabaseWorld;
    let place: string;
    let ledger: Ledger;

    beforeAll(async () => {
      world = await start();
    });
    afterAll(async () => {
      await world[Symbol.asyncDispose]();
    });
    beforeEach(async () => {
      place = await world.make();
      ledger = await Ledger.open(locationOf(place));
    });
    afterEach(async () => {
      await ledger[Symbol.asyncDispose]();
    });

    describe("operations and records", () => {
      const holder = thisProcess("tester", now);

      it("gives back the environment and the operation that were begun, steps in their order", async () => {
        const operation = operationOf("op-1", "demo");
        await ledger.beginOperation({ record: recordOf("demo"), before: undefined, operation, holder });
        expect(await ledger.findEnvironment("demo")).toEqual(recordOf("demo"));
        expect(await ledger.latestOperation("demo")).toEqual(operation);
      });

      it("refuses a second operation on the same environment and says who is at work", async () => {
        await ledger.beginOperation({
          record: recordOf("demo"),
          before: undefined,
          operation: operationOf("op-1", "demo"),
          holder,
        });
        const second = ledger.beginOperation({
          record: recordOf("demo"),
          before: recordOf("demo"),
          operation: operationOf("op-2", "demo"),
          holder,
        });
        await expect(second).rejects.toMatchObject({
          code: "lease-held",
          message: expect.stringContaining(`process ${process.pid}`),
        });
        expect((await ledger.latestOperation("demo"))?.id).toBe("op-1");
      });

      it("holds an environment without an operation until it is let go of", async () => {
        {
          await using _held = await ledger.holdEnvironment("demo", "key-1", holder);
          await expect(ledger.holdEnvironment("demo", "key-2", holder)).rejects.toMatchObject({
            code: "lease-held",
          });
        }
        await using _again = await ledger.holdEnvironment("demo", "key-2", holder);
        expect(await ledger.latestOperation("demo")).toBeUndefined();
      });

      it("gives the lease back when the operation ends", async () => {
        const operation = operationOf("op-1", "demo");
        const begin = { record: recordOf("demo"), before: undefined, operation, holder };
        const lease = await ledger.beginOperation(begin);
        await ledger.endOperation(
          lease,
          { ...operation, status: "succeeded", endedAt: now.toISOString() },
          { ...recordOf("demo"), status: "ready" },
        );
        expect((await ledger.findEnvironment("demo"))?.status).toBe("ready");
        await ledger.beginOperation({
          record: recordOf("demo"),
          before: { ...recordOf("demo"), status: "ready" },
          operation: operationOf("op-2", "demo"),
          holder,
        });
        expect((await ledger.latestOperation("demo"))?.id).toBe("op-2");
      });

      it("plans nothing on what a process that is gone has left, until somebody has held the environment", async () => {
        const begin = (id: string, before: EnvironmentRecord | undefined, from: Holder) =>
          ledger.beginOperation({
            record: recordOf("demo"),
            before,
            operation: operationOf(id, "demo"),
            holder: from,
          });
        await begin("op-1", undefined, { ...holder, pid: await endedProcess(), processStart: "1" });
        await expect(begin("op-2", recordOf("demo"), holder)).rejects.toMatchObject({ code: "plan-stale" });
        {
          await using held = await ledger.holdEnvironment("demo", "op-2", holder);
          expect(held.left).toMatchObject({ operation: "op-1", state: "dead" });
          await ledger.interruptOperation(held.lease, {
            ...operationOf("op-1", "demo"),
            status: "interrupted",
          });
        }
        expect((await ledger.latestOperation("demo"))?.status).toBe("interrupted");
        await begin("op-1", recordOf("demo"), holder);
        expect(await ledger.latestOperation("demo")).toEqual(operationOf("op-1", "demo"));
        expect(await ledger.history.list({ limit: 10 })).toHaveLength(1);
      });

      it("refuses every write of a holder that somebody has taken over from", async () => {
        const operation = operationOf("op-1", "demo");
        const record = recordOf("demo");
        const gone = { ...holder, pid: await endedProcess(), processStart: "1" };
        const lease = await ledger.beginOperation({ record, before: undefined, operation, holder: gone });
        await using _held = await ledger.holdEnvironment("demo", "op-2", holder);
        const [step] = operation.steps;
        if (step === undefined) throw new Error("the operation has steps");
        for (const late of [
          () => ledger.saveStep(lease, "op-1", { ...step, outcome: "done" }),
          () => ledger.saveOutputs(lease, "demo", "demo.virginia.network", {}),
          () => ledger.removeOutputs(lease, "demo", "demo.virginia.network"),
          () => ledger.endOperation(lease, { ...operation, status: "succeeded" }, "gone"),
        ]) {
          await expect(late()).rejects.toMatchObject({ code: "lease-lost" });
        }
        expect(await ledger.latestOperation("demo")).toEqual(operation);
        expect(await ledger.findEnvironment("demo")).toEqual(record);
      });

      it("refuses a plan that was made from an older record, and leaves nothing behind", async () => {
        const operation = operationOf("op-1", "demo");
        const begin = { record: recordOf("demo"), before: undefined, operation, holder };
        const ready = { ...recordOf("demo"), status: "ready" as const };
        await ledger.endOperation(await ledger.beginOperation(begin), operation, ready);
        for (const before of [undefined, recordOf("demo")]) {
          const late = ledger.beginOperation({
            record: recordOf("demo"),
            before,
            operation: operationOf("op-2", "demo"),
            holder,
          });
          await expect(late).rejects.toMatchObject({ code: "plan-stale" });
        }
        expect(await ledger.findEnvironment("demo")).toEqual(ready);
        expect((await ledger.latestOperation("demo"))?.id).toBe("op-1");
      });

      it("forgets an environment, its blocks and outputs, and keeps its operations", async () => {
        const operation = operationOf("op-1", "demo");
        const addresses = { "vpc@virginia": "10.1.0.0/16" };
        await ledger.holdAddresses(holdOf("hold-1", "demo", addresses), await ledger.readAddresses());
        const lease = await ledger.beginOperation({
          record: recordOf("demo", addresses),
          before: undefined,
          operation,
          holder,
          hold: "hold-1",
        });
        expect((await ledger.readAddresses()).blocks).toHaveLength(1);
        await ledger.saveOutputs(lease, "demo", "demo.virginia.network", { vpc: { networkId: "vpc-1" } });
        await ledger.endOperation(lease, operation, "gone");
        expect(await ledger.findEnvironment("demo")).toBeUndefined();
        expect((await ledger.readAddresses()).blocks).toEqual([]);
        expect((await ledger.readOutputs("demo")).size).toBe(0);
        expect(await ledger.latestOperation("demo")).toEqual(operation);
      });

      it("records how a step ended", async () => {
        const operation = operationOf("op-1", "demo");
        const begin = { record: recordOf("demo"), before: undefined, operation, holder };
        const lease = await ledger.beginOperation(begin);
        const [first] = operation.steps;
        if (first === undefined) throw new Error("the operation has steps");
        await ledger.saveStep(lease, "op-1", { ...first, outcome: "done", endedAt: now.toISOString() });
        expect((await ledger.latestOperation("demo"))?.steps.map((step) => step.outcome)).toEqual([
          "done",
          "not-started",
        ]);
      });

      it("lists operations newest first, of one environment or all, also of those that are gone", async () => {
        for (const [id, environment, at] of [
          ["op-1", "dev", "2026-11-21T10:00:00Z"],
          ["op-2", "shop", "2026-11-21T11:00:00Z"],
          ["op-3", "dev", "2026-11-21T12:00:00Z"],
        ] as const) {
          const operation = { ...operationOf(id, environment), startedAt: at };
          const before = id === "op-3" ? recordOf(environment) : undefined;
          const begin = { record: recordOf(environment), before, operation, holder };
          await ledger.endOperation(
            await ledger.beginOperation(begin),
            { ...operation, status: "succeeded" },
            id === "op-3" ? "gone" : recordOf(environment),
          );
        }
        const ids = async (filter: Parameters<typeof ledger.history.list>[0]) =>
          (await ledger.history.list(filter)).map((operation) => operation.id);
        expect(await ids({ limit: 10 })).toEqual(["op-3", "op-2", "op-1"]);
        expect(await ids({ environment: "dev", limit: 10 })).toEqual(["op-3", "op-1"]);
        expect(await ids({ limit: 1 })).toEqual(["op-3"]);
        expect(await ids({ id: "op-2", limit: 10 })).toEqual(["op-2"]);
        expect(await ids({ id: "op-%", limit: 10 })).toEqual([]);
        const [newest] = await ledger.history.list({ limit: 1 });
        expect(newest?.steps.map((step) => step.id)).toEqual(["converge:a", "converge:b"]);
        const listed = await ledger.briefs.list();
        expect(listed.map(({ name, operation: own }) => [name, own?.id])).toEqual([["shop", "op-2"]]);
      });
    });

    describe("a list of environments", () => {
      const holder = thisProcess("tester", now);
      const keep = async (record: EnvironmentRecord, id: string) => {
        const operation = operationOf(id, record.name);
        const lease = await ledger.beginOperation({ record, before: undefined, operation, holder });
        await ledger.endOperation(lease, { ...operation, status: "succeeded" }, record);
      };

      it("comes in pages, tells what is on record of each, and forgets those that are gone", async () => {
        for (const name of ["c", "a", "b"]) await keep(recordOf(name), `op-${name}`);
        const names = async (page: Parameters<typeof ledger.briefs.list>[0]) =>
          (await ledger.briefs.list(page)).map(({ name }) => name);
        expect(await names({})).toEqual(["a", "b", "c"]);
        expect(await names({ limit: 2 })).toEqual(["a", "b"]);
        expect(await names({ after: "a", limit: 1 })).toEqual(["b"]);
        expect(await names({ after: "c" })).toEqual([]);
        expect((await ledger.briefs.list({ limit: 1 }))[0]).toMatchObject({
          name: "a",
          class: "dev",
          target: "simulated",
          blueprint: { name: "aws-platform", version: "1.0.0" },
          stacks: [],
          operation: { id: "op-a", status: "succeeded" },
        });
        const operation = operationOf("op-gone", "a");
        const before = recordOf("a");
        const lease = await ledger.beginOperation({ record: before, before, operation, holder });
        await ledger.endOperation(lease, { ...operation, status: "succeeded" }, "gone");
        expect(await names({})).toEqual(["b", "c"]);
        expect([...(await ledger.briefs.existing(["a", "b"]))]).toEqual(["b"]);
      });
    });

    describe("grounds of stacks", () => {
      const holder = thisProcess("tester", now);
      const ground = { key: "k", state: "s", findings: [], dated: [] };

      it("are kept with the end of an operation, and none is told while another one is not closed", async () => {
        const operation = operationOf("op-1", "shop");
        const record = recordOf("shop");
        const lease = await ledger.beginOperation({ record, before: undefined, operation, holder });
        const grounds = new Map([["shop.virginia.data", ground]]);
        await ledger.endOperation(lease, { ...operation, status: "succeeded" }, record, grounds);
        expect(await ledger.grounds.read("shop")).toEqual(grounds);

        const next = operationOf("op-2", "shop");
        const again = await ledger.beginOperation({ record, before: record, operation: next, holder });
        expect(await ledger.grounds.read("shop")).toEqual(new Map());
        await ledger.endOperation(again, { ...next, status: "failed" }, record);
        expect(await ledger.grounds.read("shop")).toEqual(grounds);
      });
    });

    describe("leases", () => {
      const holder = thisProcess("tester", now);
      const scope = environmentScope("demo");

      it("are won by exactly one of two that start at the same moment, round after round", async () => {
        await using other = await Ledger.open(locationOf(place));
        for (let round = 0; round < 15; round += 1) {
          const rivals = [ledger, other].map((each, index) =>
            each.holdEnvironment("demo", `op-${round}-${index}`, holder),
          );
          const ends = await Promise.allSettled(rivals);
          const won = ends.flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
          expect(won).toHaveLength(1);
          expect(ends.find((end) => end.status === "rejected")).toMatchObject({
            reason: { code: "lease-held", details: { operation: won[0]?.lease.operation } },
          });
          await won[0]?.[Symbol.asyncDispose]();
        }
      });

      it("refuse the writes of a holder that was frozen while another took over", async () => {
        const frozen = { ...holder, host: "elsewhere", machine: "another boot" };
        const operation = operationOf("op-1", "demo");
        const lease = await ledger.beginOperation({
          record: recordOf("demo"),
          before: undefined,
          operation,
          holder: frozen,
        });
        await using database = await openPlain(place);
        const age = "UPDATE leases SET renewed_at = renewed_at - 20000 WHERE scope = ?";
        await database.write([{ sql: age, parameters: [scope] }]);
        await using held = await ledger.holdEnvironment("demo", "op-2", holder);
        expect(held.left).toMatchObject({ operation: "op-1", state: "expired", holder: frozen });
        await expect(ledger.endOperation(lease, operation, "gone")).rejects.toMatchObject({
          code: "lease-lost",
        });
        expect(await ledger.leases.renew(lease)).toBe("lost");
        expect(await ledger.findEnvironment("demo")).toEqual(recordOf("demo"));
      });
    });

    describe("address blocks", () => {
      const vpc = { "vpc@virginia": "10.1.0.0/16" };

      it("are held once: a hold on old ground is refused and leaves nothing behind", async () => {
        const ground = await ledger.readAddresses();
        expect(await ledger.holdAddresses(holdOf("hold-1", "one", vpc), ground)).toBe(true);
        expect(await ledger.holdAddresses(holdOf("hold-2", "two", vpc), ground)).toBe(false);
        expect((await ledger.readAddresses()).blocks).toEqual([
          { owner: "one/vpc@virginia", block: "10.1.0.0/16", purpose: "network" },
        ]);
      });

      it("are free again when they are let go", async () => {
        await ledger.holdAddresses(holdOf("hold-1", "one", vpc), await ledger.readAddresses());
        await ledger.releaseAddresses("hold-1");
        expect((await ledger.readAddresses()).blocks).toEqual([]);
      });

      it("are not kept by a process that is gone", async () => {
        const gone = { ...thisProcess("tester", now), pid: await endedProcess() };
        const dead = { ...holdOf("hold-1", "one", vpc), holder: gone };
        await ledger.holdAddresses(dead, await ledger.readAddresses());
        expect((await ledger.readAddresses()).blocks).toEqual([]);
        expect(await ledger.holdAddresses(holdOf("hold-2", "two", vpc), await ledger.readAddresses())).toBe(
          true,
        );
        expect((await ledger.readAddresses()).blocks.map((block) => block.owner)).toEqual([
          "two/vpc@virginia",
        ]);
      });

      it("never overlap, however many choose at once", async () => {
        const others = await Promise.all(Array.from({ length: 3 }, () => Ledger.open(locationOf(place))));
        const ledgers = [ledger, ...others];
        const chosen = await Promise.all(
          Array.from({ length: 24 }, (_, at) => chooseBlock(ledgers[at % 4] ?? ledger, `environment-${at}`)),
        );
        expect([...chosen].sort()).toEqual(
          Array.from({ length: 24 }, (_, at) => `10.${at + 1}.0.0/16`).sort(),
        );
        for (const other of others) await other[Symbol.asyncDispose]();
      });
    });
  });
}

/** What an `up` does: looks, takes the lowest free block, and chooses again where somebody was quicker. */
async function chooseBlock(ledger: Ledger, environment: string): Promise<string> {
  for (;;) {
    const ground = await ledger.readAddresses();
    const plan = new AddressPlan([], ground.blocks);
    const want = { environmentClass: "dev", region: "us-east-1", purpose: "network", prefix: 16 } as const;
    const free = plan.nextFree(want);
    if (free === undefined) throw new Error("the pool is exhausted");
    const block = formatCidr(free);
    const hold = holdOf(`hold-${environment}`, environment, { "vpc@virginia": block });
    if (await ledger.holdAddresses(hold, ground)) return block;
  }
}

function holdOf(hold: string, environment: string, addresses: Readonly<Record<string, string>>): AddressHold {
  const blocks = Object.entries(addresses).map(([key, block]) => ({
    key,
    block,
    purpose: "network" as const,
  }));
  return { hold, environment, blocks, holder: thisProcess("tester", now) };
}

async function openPlain(place: string): Promise<Database & AsyncDisposable> {
  const database = await openDatabase({ ...locationOf(place), migrations: ledgerMigrations });
  return Object.assign(database, { [Symbol.asyncDispose]: () => database.close() });
}

async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ["-e", "0"]);
  await once(child, "exit");
  if (child.pid === undefined) throw new Error("the process did not start");
  return child.pid;
}
