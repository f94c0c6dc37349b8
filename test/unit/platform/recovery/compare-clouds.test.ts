import { describe, expect, it } from "vitest";
import { Ledger } from "../../../../src/ledger/ledger.ts";
import type { EnvironmentRecord } from "../../../../src/model/record.ts";
import type { Change } from "../../../../src/platform/applying/change.ts";
import { assertStatesKnow } from "../../../../src/platform/recovery/compare-clouds.ts";
import { simulatedInventory } from "../../../../src/platform/recovery/simulated-inventory.ts";
import { openMemoryClouds } from "../../../../src/simulator/clouds.ts";
import type { StateResource, StateSummary } from "../../../../src/state/store.ts";
import { resourceTag } from "../../../../src/values/tags.ts";
import { virginia } from "../../simulator/world.ts";

const stack = "shop.virginia.network";
const type = "aws:ec2/vpc:Vpc";
const urnOf = (name: string, of = stack) => `urn:pulumi:${of}::terrane::${type}::${name}`;
const record = { name: "shop", incarnation: "0123abcd" } as EnvironmentRecord;

/** An environment of one stack: what the clouds hold is made, what its state says is written down. */
async function openWorld() {
  const clouds = await openMemoryClouds();
  const ledger = await Ledger.open({ path: ":memory:" });
  const resources: StateResource[] = [];
  const pending: StateSummary["pending"][number][] = [];
  const change = {
    graph: { environment: record, stacks: [{ name: stack }] },
    moves: [],
    inventory: simulatedInventory(async () => clouds),
    state: { read: async () => ({ digest: "", resources, pending }) },
  } as unknown as Change;
  return {
    pending,
    make: async (name: string, { incarnation = "0123abcd", byProgram = true } = {}) => {
      const own = byProgram ? { "terrane:resource": resourceTag(urnOf(name)) } : {};
      const tags = { "terrane:environment": "shop", "terrane:incarnation": incarnation, ...own };
      const inputs = { cidrBlock: "10.0.0.0/16", tags };
      return (await clouds.create({ urn: urnOf(name), type, place: virginia, inputs })).id;
    },
    know: (name: string, id: string, of = stack) =>
      void resources.push({
        urn: urnOf(name, of),
        type,
        id,
        custom: true,
        protect: false,
        deletionProtected: false,
        replaced: false,
      }),
    assert: () => assertStatesKnow(change, ledger, record),
    assertNew: () => assertStatesKnow(change, ledger, undefined),
    [Symbol.asyncDispose]: async () => {
      await ledger[Symbol.asyncDispose]();
      await clouds.close();
    },
  };
}

describe("what the clouds hold and what the states know", () => {
  it("agree where every object is in a state", async () => {
    await using world = await openWorld();
    world.know("vpc", await world.make("vpc"));
    await expect(world.assert()).resolves.toBeUndefined();
  });

  it("agree where nothing is anywhere, for a new environment too", async () => {
    await using world = await openWorld();
    await expect(world.assert()).resolves.toBeUndefined();
    await expect(world.assertNew()).resolves.toBeUndefined();
  });

  it("do not where no state knows anything: the state is missing", async () => {
    await using world = await openWorld();
    const id = await world.make("vpc");
    await expect(world.assert()).rejects.toMatchObject({
      code: "state-missing",
      message: `the cloud holds 1 object of this environment: Vpc ${id}`,
      next: "terrane recover shop --rebuild",
    });
  });

  it("do not where a state knows some: it is older than the cloud", async () => {
    await using world = await openWorld();
    world.know("vpc", await world.make("vpc"));
    const ids = [];
    for (const name of ["a", "b"]) ids.push(await world.make(name));
    await expect(world.assert()).rejects.toMatchObject({
      code: "state-older-than-cloud",
      message: `the cloud holds 2 objects of shop that no state knows: Vpc ${ids[0]}, Vpc ${ids[1]}`,
    });
  });

  it("leaves out what an interrupted operation has begun, and what others made", async () => {
    await using world = await openWorld();
    await world.make("begun");
    world.pending.push({ urn: urnOf("begun"), operation: "creating" });
    await world.make("a node", { byProgram: false });
    await expect(world.assert()).resolves.toBeUndefined();
  });

  it("are of different lives: refused, whether a state knows it or the record does not", async () => {
    await using world = await openWorld();
    const id = await world.make("vpc", { incarnation: "ffffffff" });
    await expect(world.assert()).rejects.toMatchObject({
      code: "state-older-than-cloud",
      message: expect.stringContaining("of another life of shop (ffffffff, on record is 0123abcd)"),
    });
    await expect(world.assertNew()).rejects.toMatchObject({ code: "state-missing" });
    world.know("vpc", id);
    await expect(world.assert()).rejects.toMatchObject({
      code: "state-foreign",
      message: expect.stringContaining("another life (ffffffff, now 0123abcd)"),
    });
  });

  it("fault 15: a state of another stack is named, and none of it is taken for this one's", async () => {
    await using world = await openWorld();
    const other = "payments.virginia.network";
    world.know("vpc", "vpc-1", other);
    await expect(world.assert()).rejects.toMatchObject({
      code: "state-foreign",
      message: `the state of ${stack} is another one's: it holds ${urnOf("vpc", other)}`,
    });
  });
});
