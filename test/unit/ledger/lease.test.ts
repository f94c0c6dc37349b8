import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Holder, identityOf, livenessOf, thisProcess } from "../../../src/ledger/holder.ts";
import { keepLease } from "../../../src/ledger/keep-lease.ts";
import { environmentScope, heldBy, Leases, leaseTerm, scopeOfStack } from "../../../src/ledger/lease.ts";
import { ledgerMigrations } from "../../../src/ledger/migrations.ts";
import type { Database } from "../../../src/sql/database.ts";
import { openDatabase } from "../../../src/sql/open.ts";

const now = new Date("2026-11-21T10:00:00Z");
const self = thisProcess("tester", now);
const elsewhere: Holder = { ...self, host: "elsewhere", machine: "another boot" };
const scope = environmentScope("demo");

let folder: string;
let database: Database;
let leases: Leases;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lease-"));
  database = await openDatabase({ path: join(folder, "ledger.sqlite"), migrations: ledgerMigrations });
  leases = new Leases(database);
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

async function take(operation: string, holder: Holder = self, of = leases) {
  const { lease, statements } = of.take(scope, operation, holder, await of.look(scope));
  const { ok } = await database.write(statements);
  return { lease, ok };
}

/** As if the holder had not been heard of for so long. */
async function age(milliseconds: number): Promise<void> {
  const sql = "UPDATE leases SET renewed_at = renewed_at - ?";
  await database.write([{ sql, parameters: [milliseconds] }]);
}

describe("a lease", () => {
  it("is held by one, and says to others who holds it and for which operation", async () => {
    await take("op-1");
    await expect(take("op-2")).rejects.toMatchObject({
      code: "lease-held",
      message: expect.stringMatching(
        /^tester on .* \(process \d+, since .*\) is at work on environment demo with op-1/,
      ),
      details: expect.objectContaining({ operation: "op-1", holder: self }),
    });
  });

  it("can be taken again once it is let go, under a higher number", async () => {
    const first = await take("op-1");
    await leases.release(first.lease);
    expect(await leases.read(scope)).toBeUndefined();
    const second = await take("op-2");
    expect([first.lease.number, second.lease.number]).toEqual([1, 2]);
  });

  it("is one of several that see it free at the same moment: exactly one has it, always", async () => {
    for (let round = 1; round <= 20; round++) {
      const ground = await leases.look(scope);
      const takings = Array.from({ length: 5 }, (_, at) =>
        leases.take(scope, `op-${round}-${at}`, self, ground),
      );
      const results = await Promise.all(takings.map(({ statements }) => database.write(statements)));
      expect(results.filter(({ ok }) => ok)).toHaveLength(1);
      const won = takings[results.findIndex(({ ok }) => ok)];
      if (won === undefined) throw new Error("somebody won");
      expect(await leases.read(scope)).toMatchObject({ operation: won.lease.operation, number: round });
      await leases.release(won.lease);
    }
  });

  it("of a process of this machine that is gone can be taken at once", async () => {
    await take("op-1", { ...self, pid: await endedProcess(), processStart: "1" });
    expect(await leases.read(scope)).toMatchObject({ state: "dead", freeIn: 0 });
    expect((await take("op-2")).lease.number).toBe(2);
  });

  it("of a process elsewhere can be taken when it has been silent for its term, not before", async () => {
    await take("op-1", elsewhere);
    await age(leaseTerm - 5_000);
    expect(await leases.read(scope)).toMatchObject({ state: "alive" });
    await expect(take("op-2")).rejects.toMatchObject({ code: "lease-held" });
    await age(5_000);
    expect(await leases.read(scope)).toMatchObject({ state: "expired", freeIn: 0 });
    expect((await take("op-2")).ok).toBe(true);
  });

  it("of a process that is frozen can be taken when its term is over, though the process is there", async () => {
    await take("op-1");
    await age(leaseTerm);
    expect((await take("op-2")).ok).toBe(true);
  });

  it("keeps writes of an earlier holder out, and those of nobody", async () => {
    const first = await take("op-1");
    const written = () => database.write([heldBy(first.lease)]);
    expect((await written()).ok).toBe(true);
    await age(leaseTerm);
    const second = await take("op-2");
    expect(await written()).toMatchObject({ ok: false, failed: 0 });
    expect(await leases.renew(first.lease)).toBe("lost");
    expect(await leases.ask(first.lease, { who: "ada", at: new Date() })).toBe(false);
    await leases.release(first.lease);
    expect((await leases.read(scope))?.operation).toBe("op-2");
    await leases.release(second.lease);
    expect((await written()).ok).toBe(false);
  });

  it("knows the engines of earlier holders until the new one has ended them", async () => {
    const first = await take("op-1");
    const engine = identityOf(process.pid);
    expect(await leases.addEngine(first.lease, "demo.virginia.network", engine)).toBe(true);
    await age(leaseTerm);
    const second = await take("op-2");
    expect(await leases.addEngine(first.lease, "demo.virginia.data", engine)).toBe(false);
    expect(await leases.enginesBefore(second.lease)).toEqual([
      { stack: "demo.virginia.network", process: engine },
    ]);
    await leases.forgetEnginesBefore(second.lease);
    expect(await leases.enginesBefore(second.lease)).toEqual([]);
  });

  it("is the environment's for every stack of it, and a stack's own for any other", () => {
    expect(scopeOfStack("terrane", "demo.virginia.network")).toBe("environment/demo");
    expect(scopeOfStack("terrane", "demo")).toBe("stack/terrane/demo");
    expect(scopeOfStack("website", "demo.virginia.network")).toBe("stack/website/demo.virginia.network");
  });
});

describe("keeping a lease", () => {
  it("gives signs of life for as long as it is kept", async () => {
    const { lease } = await take("op-1");
    await age(10_000);
    await using kept = keepLease(leases, lease, { every: 1 });
    await vi.waitFor(async () => expect((await leases.read(scope))?.silence).toBeLessThan(5_000));
    expect(kept.lost.aborted).toBe(false);
  });

  it("notices that somebody wants its holder to stop, and the next holder is not asked", async () => {
    const { lease } = await take("op-1");
    {
      await using kept = keepLease(leases, lease, { every: 1 });
      expect(await leases.ask(lease, { who: "ada on laptop", at: new Date() })).toBe(true);
      await vi.waitFor(() => expect(kept.asked.aborted).toBe(true));
      expect(kept.lost.aborted).toBe(false);
      expect(await leases.read(scope)).toMatchObject({ asked: "ada on laptop" });
    }
    await leases.release(lease);
    await take("op-2");
    expect((await leases.read(scope))?.asked).toBeUndefined();
  });

  it("notices that somebody has taken over", async () => {
    const { lease } = await take("op-1");
    await age(leaseTerm);
    await take("op-2");
    await using kept = keepLease(leases, lease, { every: 1 });
    await vi.waitFor(() => expect(kept.lost.reason).toMatchObject({ code: "lease-lost" }));
  });

  it("gives up before anybody may take over when the database cannot be reached", async () => {
    const { lease } = await take("op-1");
    let time = 0;
    const unreachable = new Leases({
      ...{ clock: database.clock, read: () => Promise.reject(new Error("cut")), close: async () => {} },
      write: async () => {
        time += 1_000;
        throw new Error("the connection is cut");
      },
    });
    await using kept = keepLease(unreachable, lease, { every: 1, clock: () => time });
    await vi.waitFor(() => expect(kept.lost.aborted).toBe(true));
    expect(kept.lost.reason).toMatchObject({
      code: "lease-lost",
      message: expect.stringContaining("the connection is cut"),
    });
    expect(time).toBeLessThan(leaseTerm - 3_000);
  });
});

describe("a holder", () => {
  it("is alive while its process runs", () => {
    expect(livenessOf(self)).toBe("alive");
  });

  it("is dead once its process is gone", async () => {
    expect(livenessOf({ ...self, pid: await endedProcess() })).toBe("dead");
  });

  it("is dead when its pid now belongs to another process", () => {
    expect(livenessOf({ ...self, processStart: "1" })).toBe("dead");
  });

  it("cannot be told on another host, on another boot or in another container", () => {
    expect(livenessOf({ ...self, host: "elsewhere" })).toBe("elsewhere");
    expect(livenessOf({ ...self, machine: "another boot" })).toBe("elsewhere");
  });
});

async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ["-e", "0"]);
  await once(child, "exit");
  if (child.pid === undefined) throw new Error("the process did not start");
  return child.pid;
}
