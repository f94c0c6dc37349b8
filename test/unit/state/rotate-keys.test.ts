/** Rotation of what wraps the state's keys, and of the keys themselves; broken off before any of its writes. */
import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TerraneError } from "../../../src/errors.ts";
import { AuditLog } from "../../../src/ledger/audit-log.ts";
import { ledgerMigrations } from "../../../src/ledger/migrations.ts";
import type { Database } from "../../../src/sql/database.ts";
import { openDatabase } from "../../../src/sql/open.ts";
import { parseCanonical } from "../../../src/state/deployment/canonical.ts";
import { openSecret, secretsOf } from "../../../src/state/deployment/secret-values.ts";
import { endRotation, openRotation, readWrappers } from "../../../src/state/keys/key-records.ts";
import type { KeySource } from "../../../src/state/keys/key-source.ts";
import { wrapperOfRandom } from "../../../src/state/keys/key-wrapper.ts";
import { StateKeys } from "../../../src/state/keys/keys.ts";
import { rotateDataKey } from "../../../src/state/keys/rotate-data-keys.ts";
import { rotateWrapper } from "../../../src/state/keys/rotate-wrapper.ts";
import { openSecrets, sealSecrets } from "../../../src/state/stacks/stack-secrets.ts";
import { StackStore } from "../../../src/state/stacks/stack-store.ts";
import { Secret } from "../../../src/values/secret.ts";
import { makeStackWorld, type StackWorld, stateOf } from "../../support/stack-world.ts";

const now = () => new Date("2026-11-21T12:00:00Z");
const names = ["pay.virginia.data", "pay.virginia.network"];
const refOf = (name: string) => ({ project: "terrane", name });
/** A passphrase without the stretching, which these tests would pay a hundred times. */
const sourceOf = (text: string): KeySource => ({
  kind: "passphrase",
  name: `the passphrase "${text}"`,
  prepare: async () => ({ salt: randomBytes(16).toString("base64") }),
  open: async (parameters) => wrapperOfRandom(new Secret(text), (parameters as { salt: string }).salt),
});
const killed = new Error("killed");

/** A database whose n-th write from now on never happens, nor anything after it. */
function killedBefore(database: Database, write: number): Database {
  let left = write;
  return new Proxy(database, {
    get: (target, name) => {
      if (name === "write") {
        return (statements: Parameters<Database["write"]>[0]) => {
          left -= 1;
          return left < 0 ? Promise.reject(killed) : target.write(statements);
        };
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

describe("rotation of the state's keys", () => {
  let world: StackWorld;

  const storeOf = (passphrase: string, database = world.database) => {
    const keys = new StateKeys({ database, source: sourceOf(passphrase), now });
    return { keys, store: new StackStore({ database, keys, now }) };
  };
  /** Every secret of the newest state, and of all that came before. */
  const read = async (passphrase: string) => {
    const { store } = storeOf(passphrase);
    const found: Record<string, string[]> = {};
    for (const name of names) {
      const stack = await store.get(refOf(name));
      for (const { serial } of await store.checkpoints(refOf(name))) {
        const checkpoint = await store.checkpointOf(stack, serial);
        const state = parseCanonical(name, checkpoint?.text ?? Buffer.of());
        const opened = await openSecrets(state, store.cipherOf(stack));
        found[`${name} ${serial}`] = secretsOf(opened).map(({ plaintext }) => plaintext ?? "");
      }
    }
    return found;
  };
  const canaries = (serial: number) =>
    Object.fromEntries(names.map((name) => [`${name} ${serial}`, [`"canary of ${name}"`]]));
  const codeOf = (act: Promise<unknown>) =>
    act.then(
      () => "none",
      (error: TerraneError) => error.code,
    );

  const prepare = async () => {
    world = await makeStackWorld(() => openDatabase({ path: ":memory:", migrations: ledgerMigrations }));
    const { store } = storeOf("old");
    const lease = await world.take("pay");
    for (const name of names) {
      const stack = await store.create(refOf(name), lease);
      const state = stateOf(name, 1);
      const [root, bucket] = state.deployment.resources ?? [];
      const resources = [root, { ...bucket, outputs: { password: openSecret(`"canary of ${name}"`) } }];
      const sealed = await sealSecrets(
        { ...state, deployment: { ...state.deployment, resources } } as typeof state,
        store.cipherOf(stack),
      );
      await store.save(await store.get(refOf(name)), sealed, { lease, reason: "import" });
    }
  };
  beforeEach(prepare);
  afterEach(() => world[Symbol.asyncDispose]());

  const rotate = (database = world.database) =>
    rotateWrapper({ database, keys: storeOf("old", database).keys, to: sourceOf("new"), who: "test", now });

  it("to another passphrase leaves nothing that the old one opens", async () => {
    expect(await rotate()).toBe(2);
    expect(await read("new")).toEqual(canaries(1));
    const [active] = await readWrappers(world.database);
    const facts = { to: `passphrase ${active?.id}`, from: expect.stringMatching(/^passphrase /) };
    expect(await new AuditLog(world.database).list({ limit: 2 })).toMatchObject([
      { who: "test", what: "state keys: another opener", facts },
      { who: "test", what: "state keys: another opener begun", facts },
    ]);
    const refused = storeOf("old").keys.assertUsable("pay.virginia.data");
    await expect(refused).rejects.toMatchObject({
      code: "wrong-passphrase",
      message: expect.stringContaining("until 2026-11-21, when the keys were rotated") as unknown,
    });
  });

  it("to another passphrase, broken off before any of its writes, leaves one that opens everything, and goes on", async () => {
    for (let write = 0; ; write += 1) {
      await world[Symbol.asyncDispose]();
      await prepare();
      const ended = await rotate(killedBefore(world.database, write)).catch((error: unknown) => error);
      const usable = (await codeOf(storeOf("old").keys.assertUsable())) === "none" ? "old" : "new";
      expect(await read(usable)).toEqual(canaries(1));
      if (ended !== killed) {
        expect(write).toBeGreaterThan(5);
        break;
      }
      await rotate();
      expect(await read("new")).toEqual(canaries(1));
    }
  });

  it("of data keys seals every secret anew, and what was sealed before stays readable", async () => {
    const before = await sealedTexts();
    await rotateAll();
    expect(await read("old")).toEqual({ ...canaries(1), ...canaries(2) });
    const after = await sealedTexts();
    expect(after.filter((text) => before.includes(text))).toEqual([]);
    const kept = await storeOf("old").store.checkpoints(refOf(names[0] ?? ""));
    expect(kept.map(({ serial, reason }) => [serial, reason])).toEqual([
      [2, "rotate-keys"],
      [1, "import"],
    ]);
  });

  it("of data keys, broken off before any of its writes, rotates each stack once in the end", async () => {
    for (let write = 0; ; write += 1) {
      await world[Symbol.asyncDispose]();
      await prepare();
      const ended = await rotateAll(killedBefore(world.database, write)).catch((error: unknown) => error);
      if (ended !== killed) {
        expect(write).toBeGreaterThan(2);
        break;
      }
      await rotateAll();
      expect(await read("old")).toEqual({ ...canaries(1), ...canaries(2) });
    }
  });

  it("is refused with a passphrase that is not the one, and nothing is changed", async () => {
    const before = await world.database.read("SELECT key FROM stacks ORDER BY name");
    const keys = storeOf("wrong").keys;
    expect(
      await codeOf(rotateWrapper({ database: world.database, keys, to: sourceOf("new"), who: "test", now })),
    ).toBe("wrong-passphrase");
    expect(await world.database.read("SELECT key FROM stacks ORDER BY name")).toEqual(before);
    expect(await world.database.read("SELECT status FROM key_wrappers")).toEqual([{ status: "active" }]);
  });

  async function rotateAll(database = world.database): Promise<void> {
    const { keys, store } = storeOf("old", database);
    const rotation = await openRotation(database, `rotation-${Math.random()}`, now());
    const lease = await world.take("pay");
    for (const name of names)
      await rotateDataKey({ database, store, keys, rotation, who: "test", now }, refOf(name), lease);
    await endRotation(database, rotation, now());
  }

  async function sealedTexts(): Promise<string[]> {
    const { store } = storeOf("old");
    const states = await Promise.all(names.map((name) => store.state(refOf(name))));
    return states.flatMap((state) => secretsOf(state).map(({ ciphertext }) => ciphertext ?? ""));
  }
});
