import { promisify } from "node:util";
import { zstdCompress } from "node:zlib";
import { expect, test } from "vitest";
import { AuditLog } from "../../../../src/ledger/audit-log.ts";
import type { DeployedResource, VersionedDeployment } from "../../../../src/state/deployment/deployment.ts";
import { digestOf } from "../../../../src/state/stacks/pack.ts";
import { readSound } from "../../../../src/state/stacks/sound-checkpoint.ts";
import { StateArchive } from "../../../../src/state/stacks/state-archive.ts";
import { makeStackWorld, type StackWorld, stateOf } from "../../../support/stack-world.ts";
import { journal } from "../../../support/states.ts";

const ref = { project: "terrane", name: "pay.virginia.network" };
const compress = promisify(zstdCompress);

/** A stack with checkpoints of 1, 2 and 3 buckets, saved an hour apart. */
async function makeWorld() {
  const world = await makeStackWorld();
  const lease = await world.take("pay");
  await world.store.create(ref, lease);
  for (const buckets of [1, 2, 3]) {
    await world.store.save(await world.store.get(ref), stateOf(ref.name, buckets), {
      lease,
      reason: "import",
    });
    world.clock.now = new Date(world.clock.now.getTime() + 3_600_000);
  }
  const archive = new StateArchive(world.store);
  return Object.assign(world, { lease, by: { who: "ada", lease }, archive });
}

/** How a state marks a secret value. */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

type Editable = { deployment: { resources: Record<string, unknown>[] } };

/** Edits the newest checkpoint in the database; `signs`: the digest beside it as well. */
async function tamper(
  { database, store }: StackWorld,
  change: (state: Editable) => void,
  { signs = false } = {},
): Promise<string> {
  const checkpoint = await store.checkpoint(ref);
  const state = JSON.parse(checkpoint?.text.toString("utf8") ?? "") as Editable;
  change(state);
  const text = Buffer.from(JSON.stringify(state));
  await overwrite(database, await compress(text));
  if (signs)
    await database.write([
      { sql: "UPDATE checkpoints SET digest = ? WHERE serial = 3", parameters: [digestOf(text)] },
    ]);
  return digestOf(text);
}

async function overwrite(database: StackWorld["database"], bytes: Uint8Array): Promise<void> {
  await database.write([
    { sql: "UPDATE checkpoints SET bytes = ? WHERE serial = 3", parameters: [bytes], expect: 1 },
  ]);
}

async function bytesOf({ database }: StackWorld): Promise<Uint8Array> {
  const [row] = await database.read<{ bytes: Uint8Array }>("SELECT bytes FROM checkpoints WHERE serial = 3");
  return row?.bytes ?? new Uint8Array();
}

const goodOne = "the newest good one is checkpoint 2, 2 h old, of 3 resources";
const restoreIt = "terrane state restore pay.virginia.network --serial 2";

test.each<readonly [string, (bytes: Uint8Array) => Uint8Array]>([
  ["cut short", (bytes) => bytes.slice(0, -20)],
  ["zero bytes long", () => new Uint8Array()],
  ["all zeros", (bytes) => new Uint8Array(bytes.length)],
])(
  "a state that is %s is corrupt; the newest good one is told with its age, and comes back by the command shown",
  async (_, damage) => {
    await using world = await makeWorld();
    await overwrite(world.database, damage(await bytesOf(world)));
    await expect(world.store.checkpoint(ref)).rejects.toMatchObject({
      code: "state-corrupt",
      message: expect.stringMatching(/\(checkpoint 3\) cannot be unpacked: it is cut short or overwritten; /),
      next: restoreIt,
    });
    await expect(world.store.state(ref)).rejects.toThrow(goodOne);
    await world.archive.restore(ref, 2, world.by);
    expect((await world.store.state(ref)).deployment.resources).toHaveLength(3);
    expect((await world.archive.checkpoints(ref)).map(({ serial, reason }) => [serial, reason])).toEqual([
      [4, "restore"],
      [3, "import"],
      [2, "import"],
      [1, "import"],
    ]);
  },
);

test("every flipped byte of a state is noticed", async () => {
  await using world = await makeWorld();
  const bytes = await bytesOf(world);
  const sound = (await world.store.checkpoint(ref))?.text;
  for (let at = 0; at < bytes.length; at++) {
    const flipped = bytes.slice();
    flipped[at] = (flipped[at] ?? 0) ^ 0x10;
    await overwrite(world.database, flipped);
    const read = await world.store.checkpoint(ref).catch((error) => error.code);
    if (typeof read === "string") expect(read).toMatch(/^state-(corrupt|tampered)$/);
    // Bits of the packing that say nothing of the text.
    else expect(read?.text).toEqual(sound);
  }
});

test.each<readonly [string, (state: Editable) => void, string]>([
  [
    "parent",
    ({ deployment }) => Object.assign(deployment.resources[2] ?? {}, { parent: "urn:pulumi:gone" }),
    "/resources/2/parent: urn:pulumi:pay.virginia.network::terrane::aws:s3/bucket:Bucket::b1 refers to urn:pulumi:gone",
  ],
  [
    "provider",
    ({ deployment }) =>
      Object.assign(deployment.resources[2] ?? {}, {
        provider: "urn:pulumi:pay.virginia.network::terrane::pulumi:providers:aws::p::1",
      }),
    "/resources/2/provider: urn:pulumi:pay.virginia.network::terrane::aws:s3/bucket:Bucket::b1 needs the provider",
  ],
])(
  "a state with a dangling %s is not built on, whoever saved it; the newest good one comes back",
  async (_, change, message) => {
    await using world = await makeWorld();
    const state = stateOf(ref.name, 4);
    change(state as unknown as Editable);
    await world.store.save(await world.store.get(ref), state, { lease: world.lease, reason: "import" });
    const read = async () =>
      readSound({ database: world.database, now: () => world.clock.now }, await world.store.get(ref));
    await expect(read()).rejects.toMatchObject({
      code: "state-corrupt",
      message: expect.stringContaining(message),
      next: "terrane state restore pay.virginia.network --serial 3",
    });
    // It can still be looked at, and exported.
    expect((await world.archive.state(ref)).state).toEqual(state);
    await world.archive.restore(ref, 3, world.by);
    expect((await read())?.deployment.resources).toHaveLength(4);
  },
);

test("an update whose entries leave something dangling says so in the state, where the engine looks for it", async () => {
  await using world = await makeWorld();
  const running = await world.store.beginUpdate(ref, { kind: "update", lease: world.lease });
  const dangling = {
    ...stateOf(ref.name, 1).deployment.resources?.[1],
    urn: "urn:pulumi:x",
    parent: "urn:pulumi:gone",
  };
  await running.appendEntries(journal(["success", 1, { state: dangling as DeployedResource }]));
  await running.end("succeeded");
  expect((await world.store.state(ref)).deployment.metadata).toEqual({
    integrity_error: {
      version: "3",
      error: "/resources/0/parent: urn:pulumi:x refers to urn:pulumi:gone, which is not in the state",
    },
  });
});

test("a state of a newer engine is not built on, and stays as it is byte for byte", async () => {
  await using world = await makeWorld();
  const newer = { ...stateOf(ref.name, 4), version: 4, features: ["teleport"] };
  await world.store.save(await world.store.get(ref), newer, { lease: world.lease, reason: "import" });
  const before = (await world.store.checkpoint(ref))?.text;
  const reading = { database: world.database, now: () => world.clock.now };
  await expect(readSound(reading, await world.store.get(ref))).rejects.toMatchObject({
    code: "state-newer",
    message: expect.stringContaining("needs teleport; this release knows extensionParameterization"),
  });
  expect((await world.store.checkpoint(ref))?.text).toEqual(before);
});

test("a checkpoint that is gone is never taken for a stack that was never written", async () => {
  await using world = await makeWorld();
  await world.database.write([{ sql: "DELETE FROM checkpoints WHERE serial = 3" }]);
  await expect(world.store.state(ref)).rejects.toMatchObject({ code: "state-corrupt", next: restoreIt });
});

test.each<readonly [string, (state: Editable) => void, RegExp]>([
  [
    "a URN renamed",
    ({ deployment }) =>
      Object.assign(deployment.resources[1] ?? {}, { urn: "urn:pulumi:x::terrane::a:b:c::d" }),
    /urn:pulumi:x::terrane::a:b:c::d added/,
  ],
  [
    "a type changed",
    ({ deployment }) => Object.assign(deployment.resources[1] ?? {}, { type: "a:b:c" }),
    /::b0: type "aws:s3\/bucket:Bucket" → "a:b:c"/,
  ],
  [
    "an id swapped",
    ({ deployment }) => Object.assign(deployment.resources[1] ?? {}, { id: "other" }),
    /::b0: id "b0" → "other"/,
  ],
  [
    "another stack's ciphertext pasted",
    ({ deployment }) =>
      Object.assign(deployment.resources[1] ?? {}, {
        outputs: { password: { [signatureKey]: secretSignature, ciphertext: "canary" } },
      }),
    /^(?!.*canary).*::b0: outputs nothing → \{"password":\{"\$terrane":"secret"\}\}/,
  ],
  [
    "protect flipped",
    ({ deployment }) => Object.assign(deployment.resources[1] ?? {}, { protect: true }),
    /::b0: protect nothing → true/,
  ],
])(
  "a state edited by hand, %s, is told as tampered with what differs, also where its own digest was made to fit",
  async (_, change, difference) => {
    for (const signs of [false, true]) {
      await using world = await makeWorld();
      const digest = await tamper(world, change, { signs });
      await expect(world.store.state(ref)).rejects.toMatchObject({
        code: "state-tampered",
        message: expect.stringMatching(difference),
        next: restoreIt,
        details: { found: digest, good: { serial: 2 } },
      });
    }
  },
);

test("what was changed by hand is accepted by the digest of what was seen, and only by that", async () => {
  await using world = await makeWorld();
  const digest = await tamper(world, ({ deployment }) =>
    Object.assign(deployment.resources[1] ?? {}, { id: "other" }),
  );
  const accept = (text: string) => world.archive.accept(ref, text, world.by);
  await expect(accept("0123456789ab")).rejects.toMatchObject({ code: "plan-stale" });
  await expect(accept(digest.slice(0, 4))).rejects.toMatchObject({ code: "plan-stale" });
  await accept(digest.slice(0, 12));
  expect((await world.store.state(ref)).deployment.resources?.[1]?.id).toBe("other");
  await expect(accept(digest.slice(0, 12))).rejects.toThrow("nobody changed the state");
});

test("a restored state does not hold what nobody could mend: an update left open is given up", async () => {
  await using world = await makeWorld();
  await world.store.beginUpdate(ref, { kind: "update", lease: world.lease });
  await overwrite(world.database, new Uint8Array());
  const lease = await world.take("pay");
  await expect(world.store.closeInterrupted(ref, lease)).rejects.toMatchObject({ code: "state-corrupt" });
  await world.archive.restore(ref, 2, { who: "ada", lease });
  expect(await world.store.closeInterrupted(ref, lease)).toBeUndefined();
  expect(await world.store.updates(ref, { limit: 1 })).toMatchObject([{ status: "interrupted", serial: 4 }]);
});

test("what was restored, accepted or pushed is on record, with who did it and what it left", async () => {
  await using world = await makeWorld();
  const { digest } = await world.archive.restore(ref, 1, world.by);
  const [record] = await new AuditLog(world.database).list({ environment: "pay", limit: 1 });
  expect(record).toMatchObject({
    who: "ada",
    what: "state restored",
    stack: "terrane/pay.virginia.network",
    operation: world.lease.operation,
    facts: { from: 1 },
    left: { stacks: { "terrane/pay.virginia.network": { serial: 4, digest } } },
  });
});

test("a state edited with every digest made to fit is tampered with all the same: the audit says what was saved", async () => {
  await using world = await makeWorld();
  await world.archive.push(ref, { state: stateOf(ref.name, 4), over: 3 }, world.by);
  const text = Buffer.from(
    (await world.store.checkpoint(ref))?.text.toString("utf8").replace('"id":"b3"', '"id":"bX"') ?? "",
  );
  const digest = digestOf(text);
  await world.database.write([
    {
      sql: "UPDATE checkpoints SET bytes = ?, digest = ? WHERE serial = 4",
      parameters: [await compress(text), digest],
      expect: 1,
    },
    { sql: "UPDATE stacks SET digest = ?", parameters: [digest], expect: 1 },
  ]);
  await expect(world.store.state(ref)).rejects.toMatchObject({
    code: "state-tampered",
    message: expect.stringContaining("::b3 added"),
    next: "terrane state restore pay.virginia.network --serial 3",
  });
  await world.archive.restore(ref, 3, world.by);
  expect((await world.store.state(ref)).deployment.resources).toHaveLength(4);
});

test("a serial that is not kept is told with those that are", async () => {
  await using world = await makeWorld();
  await expect(world.archive.restore(ref, 9, world.by)).rejects.toMatchObject({
    code: "checkpoint-not-found",
    details: { kept: [3, 2, 1] },
    next: "terrane state checkpoints pay.virginia.network",
  });
});

test("two checkpoints are set side by side", async () => {
  await using world = await makeWorld();
  const { resources } = await world.archive.compare(ref, 1);
  expect(resources.map(({ kind, urn }) => `${kind} ${urn.split("::").at(-1)}`)).toEqual([
    "added b1",
    "added b2",
  ]);
});

test("a state is pushed over the one that it was made from", async () => {
  await using world = await makeWorld();
  await world.archive.push(ref, { state: stateOf(ref.name, 5), over: 3 }, world.by);
  expect((await world.archive.state(ref)).state.deployment.resources).toHaveLength(6);
});

test.each<readonly [string, VersionedDeployment, number, string]>([
  ["that was made from an older one", stateOf(ref.name, 5), 2, "plan-stale"],
  ["of another stack", stateOf("pay.iowa.network", 5), 3, "state-foreign"],
  [
    "sealed by somebody else",
    {
      ...stateOf(ref.name, 1),
      deployment: { ...stateOf(ref.name, 1).deployment, secrets_providers: { type: "passphrase" } },
    },
    3,
    "state-foreign",
  ],
  [
    "that does not hold together",
    { version: 3, deployment: { resources: stateOf(ref.name, 2).deployment.resources?.slice(1) ?? [] } },
    3,
    "state-corrupt",
  ],
])("a state %s is refused, and nothing changes", async (_, state, over, code) => {
  await using world = await makeWorld();
  const before = await world.store.get(ref);
  await expect(world.archive.push(ref, { state, over }, world.by)).rejects.toMatchObject({ code });
  expect(await world.store.get(ref)).toEqual(before);
});
