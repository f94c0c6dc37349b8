import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openClouds, openMemoryClouds } from "../../../src/simulator/clouds.ts";
import { ResourceProvider } from "../../../src/simulator/provider/resource.ts";
import { secret } from "../../../src/values/value.ts";
import { openSmallWorld, virginia } from "./world.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "terrane-clouds-"));
  path = join(folder, "clouds.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const now = () => new Date("2026-11-21T12:00:00Z");
const topic = "aws:sns/topic:Topic";
const call = (name: string) => ({
  urn: `urn:pulumi:s::terrane::${topic}::${name}`,
  type: topic,
  place: virginia,
  inputs: { name },
});

function startCaller(name: string, amount: number) {
  return spawn(process.execPath, [join(import.meta.dirname, "caller.ts"), path, name, String(amount)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

describe("the durable clouds", () => {
  it("are there again after they were closed", async () => {
    const first = await openClouds(path, { now });
    const { id } = await first.create(call("jobs"));
    await first.close();
    await using second = await openClouds(path, { now });
    expect(await second.show({ id })).toMatchObject({
      type: topic,
      id,
      createdAt: "2026-11-21T12:00:00.000Z",
      region: "us-east-1",
    });
  });

  it("are shared by processes that call at the same time", async () => {
    const callers = [startCaller("a", 40), startCaller("b", 40)];
    const codes = await Promise.all(
      callers.map(async (child) => ((await once(child, "exit")) as [number])[0]),
    );
    expect(codes).toEqual([0, 0]);
    await using clouds = await openClouds(path, { now });
    expect(await clouds.list({ type: topic })).toHaveLength(80);
  });

  it("hold everything that was answered when the caller is killed", async () => {
    const child = startCaller("a", 100_000);
    const answered: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      answered.push(line);
      if (answered.length === 25) child.kill("SIGKILL");
    }
    await using clouds = await openClouds(path, { now });
    const held = new Set((await clouds.list()).map((object) => object.id));
    expect(answered.length).toBeGreaterThanOrEqual(25);
    expect(answered.filter((id) => !held.has(id))).toEqual([]);
  });

  it("keep no secret in clear", async () => {
    const clouds = await openClouds(path, { now });
    const inputs = { name: "jobs", tags: { token: "canary-of-a-secret" } };
    await clouds.create({ ...call("jobs"), inputs, secrets: [["tags", "token"]] });
    expect((await clouds.show({ type: topic })).properties).toMatchObject({
      tags: { token: secret },
      tagsAll: { token: secret },
    });
    await clouds.close();
    expect(readFileSync(path, "latin1")).not.toContain("canary");
  });
});

describe("ids", () => {
  it("repeat from world to world, whatever the order, and differ between lives, regions and accounts", async () => {
    const draw = async (names: readonly string[]) => {
      await using clouds = await openMemoryClouds();
      const made: Record<string, string> = {};
      await Promise.all(
        names.map(async (name) => {
          made[name] = (await clouds.create(call(name))).id;
        }),
      );
      return made;
    };
    expect(await draw(["a", "b", "c"])).toEqual(await draw(["c", "a", "b"]));
    await using clouds = await openMemoryClouds();
    const first = await clouds.create(call("a"));
    await clouds.delete({ ...call("a"), id: first.id });
    const second = await clouds.create(call("a"));
    const west = await clouds.create({ ...call("a"), place: { ...virginia, region: "us-west-2" } });
    const stranger = await clouds.create({ ...call("a"), place: { ...virginia, account: "444455556666" } });
    expect(new Set([first.id, second.id, west.id, stranger.id]).size).toBe(4);
  });
});

describe("a list by tag", () => {
  const vpc = "aws:ec2/vpc:Vpc";
  const tagged = (name: string, tags: Record<string, string>) => ({
    urn: `urn:pulumi:s::terrane::${vpc}::${name}`,
    type: vpc,
    place: virginia,
    inputs: { cidrBlock: "10.0.0.0/16", tags },
  });
  const mine = { cloud: "aws", key: "terrane:environment", value: "shop" };

  it("holds what carries the tag, with all its tags, until it is gone", async () => {
    await using clouds = await openMemoryClouds();
    const { id } = await clouds.create(tagged("a", { "terrane:environment": "shop", Name: "a" }));
    await clouds.create(tagged("b", { "terrane:environment": "other" }));
    expect(await clouds.tagged(mine)).toEqual([
      {
        ...virginia,
        type: vpc,
        id,
        createdAt: "2026-01-01T00:00:00.000Z",
        tags: { "terrane:environment": "shop", Name: "a" },
      },
    ]);
    expect(await clouds.tagged({ ...mine, cloud: "gcp" })).toEqual([]);
    await clouds.remove({ id });
    expect(await clouds.tagged(mine)).toEqual([]);
  });

  it("does not show yet what a cloud is slow to list", async () => {
    let clock = Date.parse("2026-11-21T12:00:00Z");
    await using clouds = await openMemoryClouds({
      now: () => new Date(clock),
      visibleAfter: { [vpc]: 5000 },
    });
    await clouds.create(tagged("a", { "terrane:environment": "shop" }));
    expect(await clouds.tagged(mine)).toEqual([]);
    clock += 5000;
    expect(await clouds.tagged(mine)).toHaveLength(1);
  });
});

describe("the clouds' clock", () => {
  it("shows the host's time, or one that was set apart from it, in every process", async () => {
    const first = await openClouds(path, { now });
    expect(await first.now()).toEqual(now());
    await first.setClock(20 * 60_000);
    await using second = await openClouds(path, { now });
    expect((await second.now()).toISOString()).toBe("2026-11-21T12:20:00.000Z");
    await first.close();
  });
});

describe("what a person does by hand", () => {
  it("lists by any field and shows one object", async () => {
    const world = await openSmallWorld();
    await world.need("aws", ["vpc", "subnet", "role"]);
    expect((await world.clouds.list({ type: "aws:ec2/subnet:Subnet" })).map(({ id }) => id)).toEqual([
      world.ref("subnet"),
    ]);
    expect((await world.clouds.list({ region: "global" })).map(({ id }) => id)).toEqual(["worker"]);
    expect(await world.clouds.show({ name: "main", type: "aws:ec2/vpc:Vpc" })).toMatchObject({
      id: world.ref("vpc"),
    });
    await expect(world.clouds.show({ id: "vpc-0" })).rejects.toMatchObject({ code: "object-not-found" });
    await expect(world.clouds.show({ cloud: "aws" })).rejects.toMatchObject({
      code: "bad-usage",
      message: /objects fit/,
    });
    await world.clouds.close();
  });

  it("removes what nothing needs; what something needs only by force", async () => {
    const world = await openSmallWorld();
    await world.need("aws", ["vpc", "subnet"]);
    const vpc = { id: world.ref("vpc") };
    await expect(world.clouds.remove(vpc)).rejects.toMatchObject({ code: "cloud-error" });
    expect(await world.clouds.remove(vpc, { force: true })).toMatchObject(vpc);
    expect((await world.clouds.list()).map(({ id }) => id)).toEqual([world.ref("subnet")]);
    await world.clouds.close();
  });

  it("edits properties, and can take one away; references still lead to the object", async () => {
    const world = await openSmallWorld();
    await world.need("aws", ["vpc"]);
    const edited = await world.clouds.edit(
      { id: world.ref("vpc") },
      { enableDnsHostnames: false, tags: null },
    );
    expect(edited.properties["enableDnsHostnames"]).toBe(false);
    expect(edited.properties).not.toHaveProperty("tags");
    await world.need("aws", ["subnet"]);
    await expect(world.remove("vpc")).rejects.toMatchObject({ code: "cloud-error" });
    await world.clouds.close();
  });
});

describe("the virtual clock", () => {
  it("starts a call when the last of what it refers to is ready, and runs the rest in parallel", async () => {
    const world = await openSmallWorld();
    const step = (name: string, type: string, inputs: Record<string, string>) =>
      world.make(name, type, inputs, virginia, "up");
    await step("vpc", "aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" });
    const vpcReady = await world.clouds.virtualSeconds("up");
    for (const zone of ["a", "b"]) {
      const cidrBlock = zone === "a" ? "10.0.0.0/24" : "10.0.1.0/24";
      await step(zone, "aws:ec2/subnet:Subnet", {
        vpcId: world.ref("vpc"),
        cidrBlock,
        availabilityZone: `us-east-1${zone}`,
      });
    }
    const subnetsReady = await world.clouds.virtualSeconds("up");
    expect(vpcReady).toBeGreaterThan(0);
    expect(subnetsReady - vpcReady).toBeGreaterThan(0);
    expect(subnetsReady).toBeLessThan(2 * vpcReady);
    expect(await world.clouds.virtualSeconds("another")).toBe(0);

    // Both subnets go at once, the network after them.
    await world.remove("a", "destroy");
    await world.remove("b", "destroy");
    const empty = await world.clouds.virtualSeconds("destroy");
    await world.remove("vpc", "destroy");
    expect(await world.clouds.virtualSeconds("destroy")).toBe(empty * 2);
    await world.clouds.close();
  });
});

describe("hooks around a call", () => {
  it("see the effect done when only the reply is lost, and nothing done when the call is", async () => {
    await using clouds = await openMemoryClouds();
    const about = { urn: call("a").urn, type: topic, place: virginia };
    const lose = async () => {
      throw new Error("connection reset");
    };
    const before = new ResourceProvider(clouds, undefined, { before: lose });
    await expect(before.create(about, { value: { name: "a" }, secrets: [] })).rejects.toThrow(
      "connection reset",
    );
    expect(await clouds.list()).toEqual([]);
    const after = new ResourceProvider(clouds, undefined, { after: lose });
    await expect(after.create(about, { value: { name: "a" }, secrets: [] })).rejects.toThrow(
      "connection reset",
    );
    expect(await clouds.list()).toHaveLength(1);
  });
});
