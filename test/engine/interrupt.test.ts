/** What happens when an operation is interrupted, or its engine dies. */
import { expect, test } from "vitest";
import { adoptBegun } from "../../src/engine/adopt.ts";
import { settleByState } from "../../src/engine/settle.ts";
import { upStack } from "../../src/engine/up.ts";
import { openTestState, type TestState } from "../support/engine.ts";
import { startToyCloud, Thing } from "../support/toy-provider.ts";

const stack = "shop.here.network";
const urn = (name: string) => `urn:pulumi:${stack}::terrane::toy:index:Thing::${name}`;

const chain = async () => {
  const a = new Thing("a");
  new Thing("b", { text: a.address });
  return {};
};
const planned = ["a", "b"].map((name) => ({ urn: urn(name), action: "create" as const }));
const expected = [
  { urn: `urn:pulumi:${stack}::terrane::pulumi:providers:toy::default`, action: "create" as const },
  ...planned,
];

test("one wish to end lets the running step finish, starts no other, and says so", async () => {
  await using cloud = await startToyCloud();
  await using state = await openTestState();
  const pids: number[] = [];
  const abort = new AbortController();
  const hold = cloud.hold("create", "a");
  const request = await state.request(stack, {
    providers: { toy: cloud.port },
    signal: abort.signal,
    onEngineStart: (pid) => pids.push(pid),
  });
  const running = upStack({ ...request, program: chain, expected });
  await hold.reached;
  abort.abort();
  await cloud.cancelled;
  hold.release();
  const up = await running;
  expect(up).toMatchObject({ outcome: "failed", error: { code: "cancelled" }, exit: { stopped: "asked" } });
  expect(up.resources.filter((end) => end.urn.includes("Thing"))).toEqual([
    { urn: urn("a"), action: "create", outcome: "done" },
    { urn: urn("b"), action: "create", outcome: "not-started" },
  ]);
  expect(await state.resources(stack)).toContain(urn("a"));
  expect(cloud.calls).toEqual(["create a"]);
  expect(pids).toHaveLength(1);
  expect(isAlive(pids[0])).toBe(false);
});

test("after such an end the next up goes on from what exists", async () => {
  await using cloud = await startToyCloud();
  await using state = await openTestState();
  const abort = new AbortController();
  const hold = cloud.hold("create", "a");
  const request = await state.request(stack, { providers: { toy: cloud.port }, signal: abort.signal });
  const running = upStack({ ...request, program: chain });
  await hold.reached;
  abort.abort();
  await cloud.cancelled;
  hold.release();
  await running;
  const next = await upStack({
    ...(await state.request(stack, { providers: { toy: cloud.port } })),
    program: chain,
  });
  expect(next).toMatchObject({ outcome: "done", counts: { create: 1 } });
  expect(cloud.calls).toEqual(["create a", "create b"]);
});

test("a second wish kills the engine at once, and what was running is unknown", async () => {
  await using cloud = await startToyCloud();
  await using state = await openTestState();
  const abort = new AbortController();
  const force = new AbortController();
  const hold = cloud.hold("create", "a");
  const request = await state.request(stack, {
    providers: { toy: cloud.port },
    signal: abort.signal,
    force: force.signal,
  });
  const running = upStack({ ...request, program: chain, expected });
  await hold.reached;
  abort.abort();
  await cloud.cancelled;
  force.abort();
  const up = await running;
  hold.release();
  expect(up).toMatchObject({ outcome: "failed", error: { code: "cancelled" }, exit: { stopped: "forced" } });
  const unknown = planned.map((step) => ({ ...step, outcome: "unknown" }));
  expect(up.resources.filter((end) => end.urn.includes("Thing"))).toEqual(unknown);
  // The state knows more: the create of a was begun, that of b was not.
  expect(
    settleByState(up.resources, await readLeft(state)).filter((end) => end.urn.includes("Thing")),
  ).toEqual([
    { urn: urn("a"), action: "create", outcome: "unknown" },
    { urn: urn("b"), action: "create", outcome: "not-started" },
  ]);
});

test("an engine that does not end in time is killed", async () => {
  await using cloud = await startToyCloud();
  await using state = await openTestState();
  const abort = new AbortController();
  const hold = cloud.hold("create", "a");
  const request = await state.request(stack, {
    providers: { toy: cloud.port },
    signal: abort.signal,
    grace: 50,
  });
  const running = upStack({ ...request, program: chain });
  await hold.reached;
  abort.abort();
  expect(await running).toMatchObject({ exit: { stopped: "forced", signal: "SIGKILL" } });
  hold.release();
});

test("an engine that is killed from outside is told with its signal, and its steps are unknown", async () => {
  await using cloud = await startToyCloud();
  await using state = await openTestState();
  const pids: number[] = [];
  const hold = cloud.hold("create", "a");
  const request = await state.request(stack, {
    providers: { toy: cloud.port },
    onEngineStart: (pid) => pids.push(pid),
  });
  const running = upStack({ ...request, program: chain, expected });
  await hold.reached;
  process.kill(pids[0] ?? 0, "SIGKILL");
  const up = await running;
  hold.release();
  expect(up).toMatchObject({
    outcome: "failed",
    error: { code: "engine-died", details: { signal: "SIGKILL" } },
    exit: { signal: "SIGKILL", stopped: "no" },
  });
  const unknown = planned.map((step) => ({ ...step, outcome: "unknown" }));
  expect(up.resources.filter((end) => end.urn.includes("Thing"))).toEqual(unknown);
  // The state knows more: the create of a was begun, that of b was not.
  expect(
    settleByState(up.resources, await readLeft(state)).filter((end) => end.urn.includes("Thing")),
  ).toEqual([
    { urn: urn("a"), action: "create", outcome: "unknown" },
    { urn: urn("b"), action: "create", outcome: "not-started" },
  ]);
});

test("the lock of an engine that was killed does not hold up the next one", async () => {
  await using cloud = await startToyCloud();
  await using state = await openTestState();
  const pids: number[] = [];
  const hold = cloud.hold("create", "b");
  const request = await state.request(stack, {
    providers: { toy: cloud.port },
    onEngineStart: (pid) => pids.push(pid),
  });
  const running = upStack({ ...request, program: chain });
  await hold.reached;
  process.kill(pids[0] ?? 0, "SIGKILL");
  await running;
  hold.release();
  const next = await upStack({
    ...(await state.request(stack, { providers: { toy: cloud.port } })),
    program: chain,
  });
  expect(next).toMatchObject({ outcome: "done", counts: { create: 1, same: 2 } });
});

test("what a killed engine had begun is adopted with the id the cloud gave, or dropped", async () => {
  await using cloud = await startToyCloud();
  await using state = await openTestState();
  const force = new AbortController();
  const twins = async () => {
    new Thing("made");
    new Thing("refused");
    return {};
  };
  const holds = ["made", "refused"].map((name) => cloud.hold("create", name));
  const request = await state.request(stack, { providers: { toy: cloud.port }, force: force.signal });
  const running = upStack({ ...request, program: twins });
  await Promise.all(holds.map((hold) => hold.reached));
  force.abort();
  await running;
  holds[0]?.release();
  await expect.poll(() => [...cloud.things.keys()]).toHaveLength(1);
  const [id = ""] = cloud.things.keys();

  const again = async () => state.request(stack, { providers: { toy: cloud.port } });
  const asked: string[] = [];
  const adopted = await adoptBegun({
    ...(await again()),
    find: async (begun) => {
      asked.push(begun.urn);
      return begun.urn === urn("made") ? id : undefined;
    },
  });
  expect(asked.toSorted()).toEqual([urn("made"), urn("refused")]);
  expect(adopted).toMatchObject({ outcome: "done" });
  expect(adopted.creates).toEqual(
    expect.arrayContaining([{ urn: urn("made"), id }, { urn: urn("refused") }]),
  );
  const left = await readLeft(state);
  expect(left.pending).toEqual([]);
  expect(left.resources.map((each) => each.urn)).toContain(urn("made"));

  holds[1]?.release();
  const next = await upStack({ ...(await again()), program: twins });
  expect(next).toMatchObject({ outcome: "done", counts: { create: 1, same: 2 } });
  expect(cloud.calls.filter((call) => call === "create made")).toHaveLength(1);
});

test("what was made in place of something is told apart from it, and the old one still goes", async () => {
  await using cloud = await startToyCloud();
  await using state = await openTestState();
  const again = async (more = {}) => state.request(stack, { providers: { toy: cloud.port }, ...more });
  const program = (kind: string) => async () => {
    new Thing("a", { kind });
    return {};
  };
  await upStack({ ...(await again()), program: program("one") });
  const [old = ""] = cloud.things.keys();
  const force = new AbortController();
  const hold = cloud.hold("create", "a");
  const running = upStack({ ...(await again({ force: force.signal })), program: program("two") });
  await hold.reached;
  force.abort();
  await running;
  hold.release();
  await expect.poll(() => [...cloud.things.keys()]).toHaveLength(2);
  const [made = ""] = [...cloud.things.keys()].filter((id) => id !== old);

  const adopted = await adoptBegun({
    ...(await again()),
    find: async ({ known }) => [...cloud.things.keys()].find((id) => !known.has(id)),
  });
  expect(adopted).toMatchObject({ outcome: "done", creates: [{ urn: urn("a"), id: made }] });
  const next = await upStack({ ...(await again()), program: program("two") });
  expect(next).toMatchObject({ outcome: "done", counts: { replace: 0, create: 0 } });
  expect([...cloud.things.keys()]).toEqual([made]);
  expect(cloud.calls.filter((call) => call === "create a")).toHaveLength(2);
});

test.each(["update", "delete"] as const)("what was begun to %s is read again", async (verb) => {
  await using cloud = await startToyCloud();
  await using state = await openTestState();
  const again = async (more = {}) => state.request(stack, { providers: { toy: cloud.port }, ...more });
  const program = (text: string) => async () => {
    new Thing("keeps");
    if (verb === "update" || text === "one") new Thing("a", { text });
    return {};
  };
  await upStack({ ...(await again()), program: program("one") });
  const force = new AbortController();
  const hold = cloud.hold(verb, "a");
  const running = upStack({ ...(await again({ force: force.signal })), program: program("two") });
  await hold.reached;
  force.abort();
  await running;
  expect((await readLeft(state)).pending.map((each) => each.urn)).toEqual([urn("a")]);
  hold.release();
  const effect = () => [...cloud.things.values()].some(({ text }) => text === "one");
  await expect.poll(effect).toBe(false);

  const adopted = await adoptBegun({ ...(await again()), find: async () => undefined });
  expect(adopted).toMatchObject({ outcome: "done", creates: [] });
  const left = await readLeft(state);
  expect(left.pending).toEqual([]);
  expect(left.resources.some((each) => each.urn === urn("a"))).toBe(verb === "update");
  const next = await upStack({ ...(await again()), program: program("two") });
  expect(next).toMatchObject({ outcome: "done", counts: { create: 0, update: 0, delete: 0 } });
});

test("what is still to be deleted when the engine is asked to end is told as not started", async () => {
  await using cloud = await startToyCloud();
  await using state = await openTestState();
  const common = { providers: { toy: cloud.port } };
  await upStack({ ...(await state.request(stack, common)), program: chain });
  const abort = new AbortController();
  const hold = cloud.hold("delete", "b");
  const running = upStack({
    ...(await state.request(stack, { ...common, signal: abort.signal })),
    program: async () => ({}),
    expected: planned.map(({ urn: each }) => ({ urn: each, action: "delete" as const })),
  });
  await hold.reached;
  abort.abort();
  await cloud.cancelled;
  hold.release();
  const up = await running;
  expect(up).toMatchObject({ outcome: "failed", error: { code: "cancelled" } });
  expect(up.resources.filter((end) => end.urn.includes("Thing"))).toEqual([
    { urn: urn("b"), action: "delete", outcome: "done" },
    { urn: urn("a"), action: "delete", outcome: "not-started" },
  ]);
  expect(await state.resources(stack)).toContain(urn("a"));
});

test("an operation that is cancelled before it starts starts no engine", async () => {
  await using state = await openTestState();
  const pids: number[] = [];
  const request = await state.request(stack, {
    signal: AbortSignal.abort(),
    onEngineStart: (pid) => pids.push(pid),
  });
  const up = await upStack({ ...request, program: chain });
  expect(up).toMatchObject({ outcome: "failed", error: { code: "cancelled" }, resources: [] });
  expect(pids).toEqual([]);
});

async function readLeft(state: TestState) {
  const { checkpoint } = JSON.parse(await state.text(stack)) as {
    checkpoint: {
      latest: { resources?: { urn: string }[]; pending_operations?: { resource: { urn: string } }[] };
    };
  };
  const { resources = [], pending_operations: pending = [] } = checkpoint.latest;
  return { resources, pending: pending.map((operation) => operation.resource) };
}

function isAlive(pid: number | undefined): boolean {
  try {
    process.kill(pid ?? 0, 0);
    return true;
  } catch {
    return false;
  }
}
