import { describe, expect, it } from "vitest";
import type { BegunResource } from "../../../../src/engine/request.ts";
import { findMade } from "../../../../src/platform/recovery/find-made.ts";
import { simulatedInventory } from "../../../../src/platform/recovery/simulated-inventory.ts";
import { openMemoryClouds } from "../../../../src/simulator/clouds.ts";
import { resourceTag } from "../../../../src/values/tags.ts";
import { virginia } from "../../simulator/world.ts";

const type = "aws:ec2/vpc:Vpc";
const urn = `urn:pulumi:shop.virginia.network::terrane::${type}::vpc`;
const inputs = { cidrBlock: "10.0.0.0/16", tags: { "terrane:resource": resourceTag(urn) } };
const begun: BegunResource = { urn, type, inputs, provider: { region: "us-east-1" }, known: new Set() };

/** A clock that moves only when somebody waits. */
async function openWorld(bound = 0) {
  let clock = Date.parse("2026-11-21T12:00:00Z");
  const waits: number[] = [];
  const clouds = await openMemoryClouds({ now: () => new Date(clock), visibleAfter: { [type]: bound } });
  const inventory = simulatedInventory(async () => clouds);
  const { signal } = new AbortController();
  const wait = async (milliseconds: number) => {
    waits.push(milliseconds);
    clock += milliseconds;
  };
  return {
    clouds,
    waits,
    options: { inventory, environment: "shop", testimony: {}, signal, wait },
    create: (name = "vpc") => clouds.create({ urn: `${urn}${name}`, type, place: virginia, inputs }),
    [Symbol.asyncDispose]: () => clouds.close(),
  };
}

describe("looking for what a create has made", () => {
  it("finds it at once where the cloud shows it at once", async () => {
    await using world = await openWorld();
    const { id } = await world.create();
    expect(await findMade(begun, world.options)).toBe(id);
    expect(world.waits).toEqual([]);
  });

  it("waits until its type must have shown up, and no longer, before it says that nothing was made", async () => {
    await using world = await openWorld(2500);
    expect(await findMade(begun, world.options)).toBeUndefined();
    expect(world.waits).toEqual([1000, 1000, 500]);
  });

  it("finds what shows up meanwhile", async () => {
    await using world = await openWorld(1500);
    const { id } = await world.create();
    expect(await findMade(begun, world.options)).toBe(id);
    expect(world.waits).toEqual([1000, 500]);
  });

  it("takes what the state knows for the predecessor", async () => {
    await using world = await openWorld();
    const old = await world.create("old");
    expect(await findMade({ ...begun, known: new Set([old.id]) }, world.options)).toBeUndefined();
    const made = await world.create("new");
    expect(await findMade({ ...begun, known: new Set([old.id]) }, world.options)).toBe(made.id);
  });

  it("refuses to choose between two, and names them", async () => {
    await using world = await openWorld();
    const [one, other] = [await world.create("a"), await world.create("b")];
    await expect(findMade(begun, world.options)).rejects.toMatchObject({
      code: "made-twice",
      message: expect.stringContaining(`${one.id}, ${other.id}`),
      next: expect.stringContaining(`terrane cloud rm ${other.id}`),
    });
  });

  it("refuses to guess where nobody can tell, and believes a person who looked", async () => {
    await using world = await openWorld();
    const odd = { ...begun, type: "aws:iam/userPolicyAttachment:UserPolicyAttachment", inputs: {} };
    await expect(findMade(odd, world.options)).rejects.toMatchObject({
      code: "create-unknowable",
      next: expect.stringContaining(`terrane recover shop --made '${urn}=ID'`),
    });
    expect(await findMade(odd, { ...world.options, testimony: { [urn]: "x-1" } })).toBe("x-1");
    expect(await findMade(odd, { ...world.options, testimony: { [urn]: null } })).toBeUndefined();
  });

  it("stops when it is told to", async () => {
    await using world = await openWorld(60_000);
    const options = { ...world.options, signal: AbortSignal.abort() };
    await expect(findMade(begun, options)).rejects.toMatchObject({ code: "cancelled" });
  });
});
