import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ErrorCode, TerraneError } from "../../../../src/errors.ts";
import { ledgerMigrations } from "../../../../src/ledger/migrations.ts";
import type { Database } from "../../../../src/sql/database.ts";
import { openDatabase } from "../../../../src/sql/open.ts";
import { type JournalEntry, parseEntry } from "../../../../src/state/deployment/journal-entry.ts";
import { makeStackWorld, type StackWorld } from "../../../support/stack-world.ts";

const ref = { project: "terrane", name: "pay.virginia.network" };
const urnOf = (name: string) => `urn:pulumi:${ref.name}::terrane::aws:s3/bucket:Bucket::${name}`;
const bucket = (name: string) => ({
  ...{ urn: urnOf(name), type: "aws:s3/bucket:Bucket", custom: true },
  inputs: { name },
});
const begin = (operationID: number, name: string): JournalEntry =>
  parseEntry({
    ...{ version: 1, kind: 0, sequenceID: operationID * 2 - 1, operationID },
    operation: { resource: bucket(name), type: "creating" },
  });
const success = (operationID: number, name: string): JournalEntry =>
  parseEntry({
    ...{ version: 1, kind: 1, sequenceID: operationID * 2, operationID },
    state: { ...bucket(name), id: `id-${name}` },
  });

let folder: string;
let world: StackWorld;
/** What the database says to a write; undefined: it takes it. */
let refusal: ErrorCode | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "terrane-unsaved-"));
  refusal = undefined;
  world = await makeStackWorld(openCuttable, { unsaved: join(folder, "unsaved") });
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** A database whose connection can be cut. */
async function openCuttable(): Promise<Database> {
  const database = await openDatabase({ path: ":memory:", migrations: ledgerMigrations });
  return {
    clock: database.clock,
    read: (sql, parameters) => database.read(sql, parameters),
    write: async (statements) => {
      if (refusal !== undefined) throw new TerraneError(refusal, "the connection is cut");
      return database.write(statements);
    },
    close: () => database.close(),
  };
}

async function beginUpdate() {
  const lease = await world.take("pay");
  await world.store.create(ref, lease);
  return world.store.beginUpdate(ref, { kind: "update", lease });
}

const stateIn = async () => {
  const { deployment } = await world.store.state(ref);
  return {
    resources: (deployment.resources ?? []).map(({ urn, id }) => `${urn.split("::").at(-1)} ${id}`),
    pending: (deployment.pending_operations ?? []).length,
  };
};

test.each(["database-unavailable", "permission-denied", "disk-full"] as const)(
  "fault 24: what a database that says %s does not take is told by name and id, and is in the state once it can be",
  async (code) => {
    const update = await beginUpdate();
    await update.appendEntries([begin(1, "a"), begin(2, "b")]);
    await update.appendEntries([success(1, "a")]);
    refusal = code;
    await expect(update.appendEntries([success(2, "b"), begin(3, "c")])).rejects.toMatchObject({
      code: "state-not-saved",
      message: expect.stringContaining(`${urnOf("b")} (id-b)`),
    });
    await expect(update.end("failed")).rejects.toMatchObject({
      code: "state-not-saved",
      details: { made: [`${urnOf("b")} (id-b)`] },
    });
    refusal = undefined;
    await world.store.closeInterrupted(ref, await world.take("pay"));
    // The begin of c was never acknowledged; whoever recovers looks it up and finds nothing.
    expect(await stateIn()).toEqual({ resources: ["a id-a", "b id-b"], pending: 1 });
    expect(await readdir(join(folder, "unsaved"))).toEqual([]);
  },
);

test("an update that can be ended by itself after all has what was kept meanwhile", async () => {
  const update = await beginUpdate();
  await update.appendEntries([begin(1, "a")]);
  refusal = "database-unavailable";
  await expect(update.appendEntries([success(1, "a")])).rejects.toMatchObject({ code: "state-not-saved" });
  refusal = undefined;
  await update.end("failed");
  expect(await stateIn()).toEqual({ resources: ["a id-a"], pending: 0 });
});

test("a step that could not be begun leaves nothing to keep", async () => {
  const update = await beginUpdate();
  refusal = "database-unavailable";
  await expect(update.appendEntries([begin(1, "a")])).rejects.toMatchObject({
    code: "database-unavailable",
  });
  await expect(readdir(join(folder, "unsaved"))).rejects.toMatchObject({ code: "ENOENT" });
});

test("where nothing can be kept either, it says so, and what exists is named all the same", async () => {
  const update = await beginUpdate();
  await update.appendEntries([begin(1, "a")]);
  await writeFile(join(folder, "unsaved"), "no folder");
  refusal = "disk-full";
  await expect(update.appendEntries([success(1, "a")])).rejects.toMatchObject({
    code: "state-not-saved",
    message: expect.stringMatching(/a \(id-a\)\. .*unsaved took it neither$/),
    next: expect.stringContaining("Make room"),
  });
});
