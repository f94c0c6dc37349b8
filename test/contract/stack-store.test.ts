/** What a store of stacks promises, over every database that can hold one. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AuditLog } from "../../src/ledger/audit-log.ts";
import type { Lease } from "../../src/ledger/lease.ts";
import { ledgerMigrations } from "../../src/ledger/migrations.ts";
import { openDatabase } from "../../src/sql/open.ts";
import { parseEntry } from "../../src/state/deployment/journal-entry.ts";
import type { StackStore } from "../../src/state/stacks/stack-store.ts";
import { StateArchive } from "../../src/state/stacks/state-archive.ts";
import { type DatabaseWorld, databaseKinds, locationOf } from "../support/database-world.ts";
import { makeStackWorld, type StackWorld, stateOf } from "../support/stack-world.ts";

const ref = { project: "terrane", name: "pay.virginia.network" };
const rootUrn = `urn:pulumi:${ref.name}::terrane::pulumi:pulumi:Stack::terrane-${ref.name}`;

function begin(operation: number, name: string, type = "creating") {
  const resource = { urn: urnOf(name), type: "aws:s3/bucket:Bucket", custom: true, inputs: { name } };
  return parseEntry({
    version: 1,
    kind: 0,
    sequenceID: operation * 2 - 1,
    operationID: operation,
    operation: { resource, type },
  });
}

function success(operation: number, name: string) {
  const state = {
    urn: urnOf(name),
    type: "aws:s3/bucket:Bucket",
    custom: true,
    id: `id-${name}`,
    inputs: { name },
  };
  return parseEntry({ version: 1, kind: 1, sequenceID: operation * 2, operationID: operation, state });
}

function urnOf(name: string): string {
  return `urn:pulumi:${ref.name}::terrane::aws:s3/bucket:Bucket::${name}`;
}

async function saveNext(store: StackStore, lease: Lease, buckets: number) {
  return store.save(await store.get(ref), stateOf(ref.name, buckets), { lease, reason: "import" });
}

async function urnsIn(store: StackStore): Promise<readonly string[]> {
  return ((await store.state(ref)).deployment.resources ?? []).map(({ urn }) => urn);
}

describe.each(databaseKinds.filter(({ isThere }) => isThere))("a store of stacks on $kind", ({ start }) => {
  let databases: DatabaseWorld;
  beforeAll(async () => {
    databases = await start();
  });
  afterAll(() => databases[Symbol.asyncDispose]());
  const open = async (): Promise<StackWorld> => {
    const location = locationOf(await databases.make());
    return await makeStackWorld(() => openDatabase({ ...location, migrations: ledgerMigrations }));
  };

  test("makes a stack once, without a checkpoint", async () => {
    await using world = await open();
    const lease = await world.take("pay");
    const made = await world.store.create(ref, lease, { tags: { team: "payments" } });
    const again = world.store.create(ref, lease);
    await expect(again).rejects.toMatchObject({ code: "stack-exists" });
    expect(await world.store.find(ref)).toEqual(made);
    expect(await world.store.head(ref)).toEqual({ serial: 0, digest: "" });
    expect(await world.store.checkpoint(ref)).toBeUndefined();
  });

  test("tells the audit of every state that it saves, and whose lease it was", async () => {
    await using world = await open();
    const { store, database } = world;
    const lease = await world.take("pay");
    await store.create(ref, lease);
    await store.save(await store.get(ref), stateOf(ref.name, 1), { lease, reason: "import" });
    const update = await store.beginUpdate(ref, { kind: "update", lease });
    await update.appendEntries([begin(1, "a"), success(1, "a")]);
    await update.end("succeeded");
    const to = { ...ref, name: "pay.virginia.data" };
    await store.rename(ref, to, lease);
    await store.remove(to, lease, { force: true });
    await store.create(to, lease);
    const audit = new AuditLog(database);
    const key = `terrane/${ref.name}`;
    const trace = (serial: number) => ({ serial, digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect((await audit.list({ limit: 10 })).toReversed()).toMatchObject([
      { what: "stack made", stack: key, left: { stacks: { [key]: { serial: 0, digest: "" } } } },
      {
        who: "test",
        what: "state saved",
        environment: "pay",
        stack: key,
        left: { stacks: { [key]: trace(1) } },
      },
      { operation: lease.operation, facts: { reason: "update", status: "succeeded", serial: 2 } },
      { what: "stack renamed", left: { stacks: { [key]: null, [`terrane/${to.name}`]: trace(3) } } },
      { what: "stack removed", left: { stacks: { [`terrane/${to.name}`]: null } } },
      { what: "stack made", left: { stacks: { [`terrane/${to.name}`]: { serial: 0 } } } },
    ]);
    expect(await audit.verify()).toMatchObject({ records: 6, unnamed: 0, head: { seq: 6 } });
  });

  test("saves states as numbered checkpoints and gives each of them back", async () => {
    await using world = await open();
    const lease = await world.take("pay");
    await world.store.create(ref, lease);
    const first = await saveNext(world.store, lease, 1);
    const second = await saveNext(world.store, lease, 2);
    expect([first.serial, second.serial]).toEqual([1, 2]);
    expect(await world.store.head(ref)).toEqual(second);
    const earlier = await world.store.checkpoint(ref, 1);
    expect(earlier).toMatchObject({ serial: 1, digest: first.digest, resources: 2, reason: "import" });
    expect(JSON.parse(String(earlier?.text))).toMatchObject({
      version: 3,
      deployment: stateOf(ref.name, 1).deployment,
    });
    expect((await world.store.checkpoints(ref)).map(({ serial }) => serial)).toEqual([2, 1]);
  });

  test("restores an earlier checkpoint as a new one", async () => {
    await using world = await open();
    const lease = await world.take("pay");
    await world.store.create(ref, lease);
    const first = await saveNext(world.store, lease, 1);
    await saveNext(world.store, lease, 2);
    const restored = await new StateArchive(world.store).restore(ref, 1, { who: "ada", lease });
    expect(restored).toEqual({ serial: 3, digest: first.digest });
  });

  test("refuses every write of a lease that somebody else has taken over", async () => {
    await using world = await open();
    const old = await world.take("pay");
    await world.store.create(ref, old);
    await saveNext(world.store, old, 1);
    const running = await world.store.beginUpdate(ref, { kind: "update", lease: old });
    await world.take("pay");
    const lost = { code: "lease-lost" };
    await expect(running.appendEntries([begin(1, "a")])).rejects.toMatchObject(lost);
    await expect(running.end("succeeded")).rejects.toMatchObject(lost);
    await expect(saveNext(world.store, old, 2)).rejects.toMatchObject(lost);
    await expect(world.store.create({ ...ref, name: "pay.iowa.network" }, old)).rejects.toMatchObject(lost);
    await expect(world.store.rename(ref, { ...ref, name: "pay.x.network" }, old)).rejects.toMatchObject(lost);
    await expect(world.store.remove(ref, old, { force: true })).rejects.toMatchObject(lost);
    expect(await world.store.head(ref)).toMatchObject({ serial: 1 });
  });

  test("replays what an engine said into one checkpoint", async () => {
    await using world = await open();
    const lease = await world.take("pay");
    await world.store.create(ref, lease);
    const running = await world.store.beginUpdate(ref, { kind: "update", lease, engine: "v3.250.0" });
    await running.appendEntries([begin(1, "a")]);
    await running.appendEntries([success(1, "a"), begin(2, "b")]);
    await running.appendEntries([success(2, "b")]);
    const ended = await running.end("succeeded");
    expect(ended).toEqual({ status: "succeeded", ...(await world.store.head(ref)) });
    expect(await urnsIn(world.store)).toEqual([urnOf("a"), urnOf("b")]);
    expect(await world.store.updates(ref, { limit: 5 })).toMatchObject([
      { version: 1, kind: "update", status: "succeeded", baseSerial: 0, serial: 1 },
    ]);
    expect(await world.database.read("SELECT * FROM journal")).toEqual([]);
  });

  test("saves no checkpoint of an update that changed nothing", async () => {
    await using world = await open();
    const lease = await world.take("pay");
    await world.store.create(ref, lease);
    const before = await saveNext(world.store, lease, 3);
    world.clock.now = new Date("2026-11-22T12:00:00Z");
    const running = await world.store.beginUpdate(ref, { kind: "update", lease, engine: "v3.250.0" });
    const ended = await running.end("succeeded");
    expect(ended).toEqual({ status: "succeeded", ...before });
    expect(await world.store.head(ref)).toEqual(before);
  });

  test("closes an update whose engine died with all it had said, and names what was begun", async () => {
    await using world = await open();
    await world.store.create(ref, await world.take("pay"));
    const dead = await world.store.beginUpdate(ref, { kind: "update", lease: await world.take("pay") });
    await dead.appendEntries([begin(1, "a")]);
    await dead.appendEntries([success(1, "a"), begin(2, "b")]);
    const closed = await world.store.closeInterrupted(ref, await world.take("pay"));
    expect(closed).toMatchObject({ id: dead.update.id, status: "interrupted", serial: 1 });
    const { deployment } = await world.store.state(ref);
    expect(deployment.resources).toMatchObject([{ urn: urnOf("a"), id: "id-a" }]);
    expect(deployment.pending_operations).toMatchObject([
      { type: "creating", resource: { urn: urnOf("b") } },
    ]);
    expect(await world.store.get(ref)).toMatchObject({ activeUpdate: undefined, resources: 1, pending: 1 });
    await expect(dead.appendEntries([success(2, "b")])).rejects.toMatchObject({ code: "lease-lost" });
  });

  test("closes what was left open before it begins the next update", async () => {
    await using world = await open();
    await world.store.create(ref, await world.take("pay"));
    const dead = await world.store.beginUpdate(ref, { kind: "update", lease: await world.take("pay") });
    await dead.appendEntries([begin(1, "a")]);
    const lease = await world.take("pay");
    const next = await world.store.beginUpdate(ref, { kind: "destroy", lease });
    await next.end("failed");
    expect((await world.store.updates(ref, { limit: 5 })).map(({ kind, status }) => [kind, status])).toEqual([
      ["destroy", "failed"],
      ["update", "interrupted"],
    ]);
    const { deployment } = await world.store.state(ref);
    expect(deployment.pending_operations).toMatchObject([{ type: "creating" }]);
  });

  test("keeps whole states of an engine without a journal as durable as entries", async () => {
    await using world = await open();
    await world.store.create(ref, await world.take("pay"));
    const dead = await world.store.beginUpdate(ref, { kind: "update", lease: await world.take("pay") });
    await dead.replaceWhole(stateOf(ref.name, 1));
    await dead.replaceWhole(stateOf(ref.name, 2));
    await world.store.closeInterrupted(ref, await world.take("pay"));
    expect(await world.store.get(ref)).toMatchObject({ serial: 1, resources: 3 });
  });

  test("gives resources the URNs of their stack's new name", async () => {
    await using world = await open();
    const lease = await world.take("pay");
    await world.store.create(ref, lease);
    await saveNext(world.store, lease, 1);
    const to = { project: "terrane", name: "pay.oregon.network" };
    await world.store.rename(ref, to, lease);
    expect(await world.store.find(ref)).toBeUndefined();
    expect((await world.store.state(to)).deployment).toEqual({
      ...stateOf(to.name, 1).deployment,
    });
  });

  test("keeps a stack that holds anything but its root", async () => {
    await using world = await open();
    const lease = await world.take("pay");
    await world.store.create(ref, lease);
    await saveNext(world.store, lease, 1);
    await expect(world.store.remove(ref, lease)).rejects.toMatchObject({ code: "stack-not-empty" });
    await saveNext(world.store, lease, 0);
    expect(await urnsIn(world.store)).toEqual([rootUrn]);
    await world.store.remove(ref, lease);
    expect(await world.store.find(ref)).toBeUndefined();
    expect(await world.database.read("SELECT serial FROM checkpoints")).toEqual([]);
  });

  test("drops the oldest checkpoints, and those of the last days last", async () => {
    await using world = await open();
    const lease = await world.take("pay");
    await world.store.create(ref, lease);
    for (let buckets = 0; buckets < 25; buckets++) await saveNext(world.store, lease, buckets);
    expect(await world.store.checkpoints(ref)).toHaveLength(25);
    world.clock.now = new Date("2026-11-29T12:00:00Z");
    await saveNext(world.store, lease, 25);
    expect((await world.store.checkpoints(ref)).map(({ serial }) => serial).slice(-1)).toEqual([7]);
  });

  test("opens what it sealed for a stack, by any store, and for that stack only", async () => {
    await using world = await open();
    const lease = await world.take("pay");
    const stack = await world.store.create(ref, lease);
    const other = await world.store.create({ ...ref, name: "pay.iowa.network" }, lease);
    const sealed = await world.store.cipherOf(stack).encrypt(Buffer.from("canary"));
    const reopened = world.store.cipherOf(await world.store.get(ref));
    expect(String(await reopened.decrypt(sealed))).toBe("canary");
    await world.store.cipherOf(other).encrypt(Buffer.from("x"));
    await expect(world.store.cipherOf(other).decrypt(sealed)).rejects.toMatchObject({
      code: "state-corrupt",
    });
  });

  test("opens in a new stack what a preview of it has sealed, and writes nothing before it is made", async () => {
    await using world = await open();
    const lease = await world.take("pay");
    const foreseen = world.store.foresee(ref);
    const sealed = await world.store.cipherOf(foreseen).encrypt(Buffer.from("canary"));
    expect(await world.store.list()).toEqual([]);
    const stack = await world.store.create(ref, lease);
    expect(String(await world.store.cipherOf(stack).decrypt(sealed))).toBe("canary");
  });

  test("refuses a checkpoint whose bytes are not those that were saved", async () => {
    await using world = await open();
    const lease = await world.take("pay");
    await world.store.create(ref, lease);
    await saveNext(world.store, lease, 1);
    await saveNext(world.store, lease, 2);
    await world.database.write([
      {
        sql: "UPDATE checkpoints SET bytes = (SELECT bytes FROM checkpoints WHERE serial = 1) WHERE serial = 2",
      },
    ]);
    await expect(world.store.checkpoint(ref)).rejects.toMatchObject({ code: "state-tampered" });
  });

  test("lists stacks in pages, by project and by tag", async () => {
    await using world = await open();
    const lease = await world.take("pay");
    for (const name of ["a", "b", "c"]) {
      await world.store.create({ project: "terrane", name }, lease, {
        tags: name === "b" ? { team: "x" } : {},
      });
    }
    await world.store.create({ project: "other", name: "a" }, lease);
    const names = async (filter: Parameters<StackStore["list"]>[0]) =>
      (await world.store.list(filter)).map(({ project, name }) => `${project}/${name}`);
    expect(await names({ limit: 2 })).toEqual(["other/a", "terrane/a"]);
    expect(await names({ after: { project: "terrane", name: "a" } })).toEqual(["terrane/b", "terrane/c"]);
    expect(await names({ project: "other" })).toEqual(["other/a"]);
    expect(await names({ tagName: "team" })).toEqual(["terrane/b"]);
  });
});
