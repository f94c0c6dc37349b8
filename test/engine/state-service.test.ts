/** The real engine on the state's service: what it says is on record before anything happens, and only for whoever may. */
import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { destroyStack } from "../../src/engine/destroy.ts";
import { previewStack } from "../../src/engine/preview.ts";
import { refreshStack } from "../../src/engine/refresh.ts";
import { upStack } from "../../src/engine/up.ts";
import { authoriseSteps } from "../../src/model/authorised-steps.ts";
import { openStateWorld } from "../support/state-world.ts";
import { Thing } from "../support/toy-provider.ts";

const stack = "shop.here.network";
const ref = { project: "terrane", name: stack };
const canary = "canary-57ba41";
const urn = (name: string) => `urn:pulumi:${stack}::terrane::toy:index:Thing::${name}`;

const pair = async () => {
  const a = new Thing("a", { text: "hello", sealed: pulumi.secret(canary) });
  const b = new Thing("b", { text: a.address });
  return { net: { address: b.address, password: a.sealed } };
};

type World = Awaited<ReturnType<typeof openStateWorld>>;

async function namesIn({ store }: World): Promise<readonly string[]> {
  const { deployment } = await store.state(ref);
  return (deployment.resources ?? []).flatMap(({ type, urn }) =>
    type === "toy:index:Thing" ? [urn.slice(urn.lastIndexOf(":") + 1)] : [],
  );
}

async function up(world: World, program: typeof pair | (() => Promise<object>) = pair) {
  const lease = await world.take("shop");
  await using opened = await world.states.open(stack, { lease });
  return await upStack({ ...world.request(opened.access), program: program as typeof pair });
}

test("a preview of a new stack writes nothing, and its plan, secrets included, is what `up` applies", async () => {
  await using world = await openStateWorld(stack);
  await using copy = await world.states.openCopy(stack);
  const { plan, counts } = await previewStack({ ...world.request(copy.access), program: pair });
  expect(counts.create).toBe(3);
  expect(plan.plan).not.toContain(canary);
  expect(await world.store.list()).toEqual([]);

  const lease = await world.take("shop");
  await using opened = await world.states.open(stack, { lease });
  const result = await upStack({ ...world.request(opened.access), program: pair, plan });
  expect(result.error).toBeUndefined();
  expect(await namesIn(world)).toEqual(["a", "b"]);
  expect(await world.store.get(ref)).toMatchObject({ serial: 1, pending: 0, activeUpdate: undefined });
  const text = String((await world.store.checkpoint(ref))?.text);
  expect(text).not.toContain(canary);
  expect(text).not.toContain(opened.access.url);
});

test("an `up` that changes nothing leaves the state as it is, byte for byte; refresh and destroy go the same way", async () => {
  await using world = await openStateWorld(stack);
  await up(world);
  const before = await world.store.head(ref);
  expect((await up(world)).counts).toMatchObject({ same: 3 });
  expect(await world.store.head(ref)).toEqual(before);

  const lease = await world.take("shop");
  await using opened = await world.states.open(stack, { lease });
  expect((await refreshStack(world.request(opened.access))).outcome).toBe("done");
  expect((await destroyStack(world.request(opened.access))).outcome).toBe("done");
  expect(await namesIn(world)).toEqual([]);
  expect(world.cloud.things.size).toBe(0);
  await world.states.remove(stack, lease);
  expect(await world.store.list()).toEqual([]);
});

test("a step that is not agreed to is refused before its provider is asked, and what was done stays on record", async () => {
  await using world = await openStateWorld(stack);
  const asked: string[] = [];
  const lease = await world.take("shop");
  await using opened = await world.states.open(stack, {
    lease,
    authorise: (each, operation) => {
      asked.push(`${operation} ${each.slice(each.lastIndexOf(":") + 1)}`);
      return each !== urn("b");
    },
  });
  const result = await upStack({ ...world.request(opened.access), program: pair });
  expect(result.error).toMatchObject({
    code: "plan-stale",
    message: expect.stringContaining("creating urn:"),
  });
  expect(world.cloud.calls).toEqual(["create a"]);
  expect(asked).toEqual(expect.arrayContaining(["creating a", "creating b"]));
  expect(await namesIn(world)).toEqual(["a"]);
  expect((await world.store.get(ref)).pending).toBe(0);
});

test("what was replaced earlier and is still to be deleted goes, although no step of the plan names it", async () => {
  await using world = await openStateWorld(stack);
  await up(world);
  const lease = await world.take("shop");
  const state = await world.store.state(ref);
  const resources = (state.deployment.resources ?? []).flatMap((each) =>
    each.urn === urn("b") ? [each, { ...each, id: "b-old", delete: true }] : [each],
  );
  await world.store.save(
    await world.store.get(ref),
    { ...state, deployment: { ...state.deployment, resources } },
    {
      ...{ lease, reason: "import" },
    },
  );
  const left = await world.states.read(stack);
  await using copy = await world.states.openCopy(stack);
  const { plan, steps } = await previewStack({ ...world.request(copy.access), program: pair });
  await using opened = await world.states.open(stack, { lease, authorise: authoriseSteps(steps, left) });
  const result = await upStack({ ...world.request(opened.access), program: pair, plan });
  expect(result.error).toBeUndefined();
  expect(world.cloud.calls.at(-1)).toBe("delete b");
  expect(await namesIn(world)).toEqual(["a", "b"]);
});

test("an engine that is killed leaves what it had begun on record", async () => {
  await using world = await openStateWorld(stack);
  const held = world.cloud.hold("create", "b");
  const force = new AbortController();
  const lease = await world.take("shop");
  {
    await using opened = await world.states.open(stack, { lease });
    const running = upStack({ ...world.request(opened.access, { force: force.signal }), program: pair });
    await held.reached;
    force.abort();
    expect((await running).outcome).toBe("failed");
  }
  held.release();
  expect(await namesIn(world)).toEqual(["a"]);
  const { pending } = (await world.states.read(stack)) ?? {};
  expect(pending).toEqual([{ urn: urn("b"), operation: "creating" }]);
  expect((await world.store.updates(ref, { limit: 1 }))[0]).toMatchObject({ status: "interrupted" });
});

test("whoever has lost the lease starts no further step and saves nothing", async () => {
  await using world = await openStateWorld(stack);
  const held = world.cloud.hold("create", "a");
  await using opened = await world.states.open(stack, { lease: await world.take("shop") });
  const running = upStack({ ...world.request(opened.access), program: pair });
  await held.reached;
  await world.states.closeInterrupted(stack, await world.take("shop"));
  const after = await world.store.head(ref);
  held.release();
  const result = await running;
  expect(result.outcome).toBe("failed");
  expect(result.error).toMatchObject({ code: "lease-lost" });
  expect(world.cloud.calls).toEqual(["create a"]);
  expect(await world.store.head(ref)).toEqual(after);
});

test("a preview reads the last saved state while somebody changes the stack", async () => {
  await using world = await openStateWorld(stack);
  await up(world, async () => ({ net: { a: new Thing("a", { text: "hello" }).address } }));
  const held = world.cloud.hold("create", "b");
  const running = up(world);
  await held.reached;
  await using copy = await world.states.openCopy(stack);
  const { counts } = await previewStack({ ...world.request(copy.access), program: pair });
  expect(counts).toMatchObject({ create: 1, update: 1 });
  held.release();
  expect((await running).outcome).toBe("done");
});
