/** One stack through the real engine: preview, up, refresh, destroy. */
import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { destroyStack } from "../../src/engine/destroy.ts";
import { previewStack } from "../../src/engine/preview.ts";
import { refreshStack } from "../../src/engine/refresh.ts";
import { upStack } from "../../src/engine/up.ts";
import { noChanges } from "../../src/model/plan.ts";
import { secret, unknown } from "../../src/values/value.ts";
import { Thing } from "../support/toy-provider.ts";
import { openToyWorld } from "../support/toy-world.ts";

const stack = "shop.here.network";
const urn = (name: string) => `urn:pulumi:${stack}::terrane::toy:index:Thing::${name}`;

const pair = async () => {
  const a = new Thing("a", { text: "hello", sealed: pulumi.secret("open-plan") });
  const b = new Thing("b", { text: a.address });
  return {
    net: { address: b.address, ports: [1, 2], mixed: [a.address, "fixed"] },
    data: { password: a.sealed, future: pulumi.secret(b.address) },
  };
};

test("a preview of a new stack tells each step and shows unknown as unknown and secret as secret", async () => {
  await using world = await openToyWorld(stack);
  const preview = await previewStack({ ...(await world.request()), program: pair });
  expect(preview.steps.filter((step) => step.type === "toy:index:Thing")).toEqual([
    {
      urn: urn("a"),
      type: "toy:index:Thing",
      name: "a",
      action: "create",
      changes: [
        { path: "name", kind: "add", replaces: false, after: "a" },
        { path: "sealed", kind: "add", replaces: false, after: secret },
        { path: "text", kind: "add", replaces: false, after: "hello" },
      ],
      replacementUnknown: false,
    },
    {
      urn: urn("b"),
      type: "toy:index:Thing",
      name: "b",
      action: "create",
      changes: [
        { path: "name", kind: "add", replaces: false, after: "b" },
        { path: "text", kind: "add", replaces: false, after: unknown },
      ],
      replacementUnknown: false,
    },
  ]);
  expect(preview.counts).toEqual({ ...noChanges, create: 3 });
  const { net, data } = preview.outputs;
  expect(net).toEqual({
    address: { kind: "unknown", secret: false },
    mixed: { kind: "unknown", secret: false },
    ports: { kind: "known", value: [1, 2] },
  });
  expect(data?.["future"]).toEqual({ kind: "unknown", secret: true });
  const password = data?.["password"];
  expect(password?.kind === "secret" && password.value.reveal()).toBe("open-plan");
  expect(JSON.stringify(preview)).not.toContain("open-plan");
  expect(world.cloud.calls).toEqual([]);
});

test("up makes what the preview told, hands out what the clouds answered and keeps secrets out of the state", async () => {
  await using world = await openToyWorld(stack);
  const up = await upStack({ ...(await world.request()), program: pair });
  expect(up).toMatchObject({ outcome: "done", counts: { ...noChanges, create: 3 }, exit: { code: 0 } });
  expect(up.resources.filter((end) => end.outcome !== "done")).toEqual([]);
  expect(up.outputs["net"]).toEqual({
    address: { kind: "known", value: "10.0.0.2" },
    mixed: { kind: "known", value: ["10.0.0.1", "fixed"] },
    ports: { kind: "known", value: [1, 2] },
  });
  expect(await world.state.text(stack)).not.toContain("open-plan");
  expect(JSON.stringify(world.state.events)).not.toContain("open-plan");
  const told = world.state.events.map((event) => `${event.type} ${"urn" in event ? event.urn : ""}`);
  expect(told.filter((line) => line.endsWith("::a"))).toEqual([
    `resource:start ${urn("a")}`,
    `resource:end ${urn("a")}`,
  ]);
});

test("a second up changes nothing and calls no provider", async () => {
  await using world = await openToyWorld(stack);
  await upStack({ ...(await world.request()), program: pair });
  const calls = world.cloud.calls.length;
  const again = await upStack({ ...(await world.request()), program: pair });
  expect(again).toMatchObject({ outcome: "done", counts: { ...noChanges, same: 3 } });
  expect(world.cloud.calls).toHaveLength(calls);
});

test("a preview tells what an update and a replacement change, and what forces the replacement", async () => {
  await using world = await openToyWorld(stack);
  await upStack({
    ...(await world.request()),
    program: async () => {
      new Thing("tagged", { tags: { Owner: "team-a" } });
      new Thing("sized", { kind: "small", text: "x" });
      return {};
    },
  });
  const changed = async () => {
    new Thing("tagged", { tags: { Owner: "team-b" }, text: "new" });
    new Thing("sized", { kind: "large", text: "x" });
    return {};
  };
  const preview = await previewStack({ ...(await world.request()), program: changed });
  expect(preview.counts).toEqual({ ...noChanges, update: 1, replace: 1, same: 1 });
  const byName = new Map(preview.steps.map((step) => [step.name, step]));
  expect(byName.get("tagged")).toMatchObject({
    action: "update",
    changes: [
      {
        path: "tags",
        kind: "update",
        replaces: false,
        before: { Owner: "team-a" },
        after: { Owner: "team-b" },
      },
      { path: "text", kind: "add", replaces: false, after: "new" },
    ],
  });
  expect(byName.get("sized")).toMatchObject({
    action: "replace",
    changes: [{ path: "kind", kind: "update", replaces: true, before: "small", after: "large" }],
  });
  const up = await upStack({ ...(await world.request()), program: changed });
  expect(up).toMatchObject({ outcome: "done", counts: { ...noChanges, update: 1, replace: 1, same: 1 } });
  expect(up.resources.find((end) => end.urn === urn("sized"))).toEqual({
    urn: urn("sized"),
    action: "replace",
    outcome: "done",
  });
});

test("an up with an empty program takes everything away", async () => {
  await using world = await openToyWorld(stack);
  await upStack({ ...(await world.request()), program: pair });
  const preview = await previewStack({ ...(await world.request()), program: async () => ({}) });
  expect(preview.counts).toEqual({ ...noChanges, delete: 3 });
  const up = await upStack({ ...(await world.request()), program: async () => ({}) });
  expect(up).toMatchObject({ outcome: "done", counts: { ...noChanges, delete: 3 }, outputs: {} });
  expect(world.cloud.calls.slice(2)).toEqual(["delete b", "delete a"]);
  expect(world.cloud.things.size).toBe(0);
});

test("destroy needs no program", async () => {
  await using world = await openToyWorld(stack);
  await upStack({ ...(await world.request()), program: pair });
  const destroyed = await destroyStack(await world.request());
  expect(destroyed).toMatchObject({ outcome: "done", counts: { ...noChanges, delete: 3 } });
  expect(world.cloud.calls.slice(2)).toEqual(["delete b", "delete a"]);
  expect(await world.state.resources(stack)).toEqual([]);
});

test("destroy works with explicit providers that only the state knows", async () => {
  await using world = await openToyWorld(stack);
  class Toy extends pulumi.ProviderResource {
    constructor(name: string) {
      super("toy", name, { region: "here" });
    }
  }
  const program = async () => {
    new Thing("a", {}, { provider: new Toy("here") });
    return {};
  };
  expect(await upStack({ ...(await world.request()), program })).toMatchObject({ outcome: "done" });
  expect(await destroyStack(await world.request())).toMatchObject({ outcome: "done" });
  expect(world.cloud.things.size).toBe(0);
});

test("refresh notices what is gone from the cloud, and the next up makes it again", async () => {
  await using world = await openToyWorld(stack);
  await upStack({ ...(await world.request()), program: pair });
  const [id] = [...world.cloud.things.keys()].filter((each) => each.startsWith("b-"));
  (world.cloud.things as Map<string, unknown>).delete(id ?? "");
  const refreshed = await refreshStack(await world.request());
  expect(refreshed).toMatchObject({ outcome: "done", counts: { ...noChanges, delete: 1, same: 2 } });
  expect(refreshed.found).toMatchObject([{ urn: urn("b"), action: "delete", changes: [] }]);
  expect(await world.state.resources(stack)).not.toContain(urn("b"));
  const up = await upStack({ ...(await world.request()), program: pair });
  expect(up.counts).toMatchObject({ create: 1, same: 2 });
});

test("a refused create is told in the provider's words, and what waited for it was not started", async () => {
  await using world = await openToyWorld(stack);
  world.cloud.fail("create", "a", "InvalidParameterValue: no capacity in zone 3");
  const { steps } = await previewStack({ ...(await world.request()), program: pair });
  const up = await upStack({ ...(await world.request()), program: pair, expected: steps });
  expect(up.outcome).toBe("failed");
  expect(up.error).toMatchObject({
    code: "engine-failed",
    message: `${stack}: InvalidParameterValue: no capacity in zone 3`,
  });
  expect(up.resources.filter((end) => end.outcome !== "done")).toEqual([
    {
      urn: urn("a"),
      action: "create",
      outcome: "failed",
      message: "InvalidParameterValue: no capacity in zone 3",
    },
    { urn: urn("b"), action: "create", outcome: "not-started" },
  ]);
  expect(up.outputs).toEqual({ data: {}, net: { ports: { kind: "known", value: [1, 2] } } });
});

test("an exception of the program comes back as it was thrown, and nothing is made", async () => {
  await using world = await openToyWorld(stack);
  const program = async () => {
    throw new RangeError("no zone left");
  };
  await expect(previewStack({ ...(await world.request()), program })).rejects.toMatchObject({
    code: "engine-failed",
    message: `${stack}: the program failed: no zone left`,
    cause: expect.any(RangeError),
  });
  const up = await upStack({ ...(await world.request()), program });
  expect(up).toMatchObject({ outcome: "failed", error: { code: "engine-failed" } });
  expect(world.cloud.calls).toEqual([]);
});

test("the wrong passphrase is told at once and touches nothing", async () => {
  await using world = await openToyWorld(stack);
  await upStack({ ...(await world.request()), program: pair });
  const before = await world.state.text(stack);
  const request = await world.request();
  const { Secret } = await import("../../src/values/secret.ts");
  const wrong = { ...request, state: { ...request.state, passphrase: new Secret("sesame") } };
  await expect(previewStack({ ...wrong, program: pair })).rejects.toMatchObject({ code: "wrong-passphrase" });
  expect(await upStack({ ...wrong, program: pair })).toMatchObject({
    outcome: "failed",
    error: { code: "wrong-passphrase" },
  });
  expect(await world.state.text(stack)).toBe(before);
});
