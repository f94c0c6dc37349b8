/** Taking states from one place to another; broken off before each thing that is done. */
import { describe, expect, it } from "vitest";
import { type StatePlace, takeTo } from "../../../../src/state/backends/place.ts";
import { isSameState } from "../../../../src/state/backends/portable-state.ts";
import type { VersionedDeployment } from "../../../../src/state/deployment/deployment.ts";
import { stateOf } from "../../../support/stack-world.ts";

const stack = "pay.virginia.data";
const killed = new Error("killed");

interface Kept {
  state?: VersionedDeployment;
  movedTo?: string | undefined;
}

/** A place in memory. `before` is told before each thing that would be changed. */
class Memory implements StatePlace {
  readonly name: string;
  readonly kept = new Map<string, Kept>();
  before: () => void = () => {};

  constructor(name: string, state?: VersionedDeployment, movedTo?: string) {
    this.name = name;
    if (state !== undefined) this.kept.set(stack, { state, movedTo });
  }

  async read(name: string) {
    return this.kept.get(name)?.state;
  }

  async write(name: string, state: VersionedDeployment) {
    this.before();
    // As an engine does: a stack that is there and empty, then the state.
    this.kept.set(name, { ...this.kept.get(name), state: stateOf(name, -1) });
    this.kept.set(name, { ...this.kept.get(name), state: { version: 3, deployment: {} } });
    this.before();
    this.kept.set(name, { ...this.kept.get(name), state });
  }

  async movedTo(name: string) {
    return this.kept.get(name)?.movedTo;
  }

  async mark(name: string, movedTo: string | undefined) {
    this.before();
    this.kept.set(name, { ...this.kept.get(name), movedTo });
  }
}

describe("a move of a state", () => {
  it("leaves it in both places, the first one marked; a second move finds nothing to do", async () => {
    const [from, to] = [new Memory("here", stateOf(stack, 2)), new Memory("there")];
    expect(await takeTo(stack, from, to)).toBe("moved");
    expect(from.kept.get(stack)).toEqual({ state: stateOf(stack, 2), movedTo: "there" });
    expect(to.kept.get(stack)).toEqual({ state: stateOf(stack, 2), movedTo: undefined });
    to.kept.set(stack, { state: stateOf(stack, 5) });
    expect(await takeTo(stack, from, to)).toBe("moved before");
    expect(to.kept.get(stack)?.state).toEqual(stateOf(stack, 5));
  });

  it("comes back over what it had left behind", async () => {
    const [here, there] = [
      new Memory("here", stateOf(stack, 2), "there"),
      new Memory("there", stateOf(stack, 3)),
    ];
    expect(await takeTo(stack, there, here)).toBe("moved");
    expect(here.kept.get(stack)).toEqual({ state: stateOf(stack, 3), movedTo: undefined });
    expect(there.kept.get(stack)?.movedTo).toBe("here");
  });

  it("broken off before anything it does, ends the same when it is begun again", async () => {
    for (let at = 0; ; at += 1) {
      const [from, to] = [new Memory("here", stateOf(stack, 2)), new Memory("there")];
      let left = at;
      const before = () => {
        left -= 1;
        if (left < 0) throw killed;
      };
      from.before = before;
      to.before = before;
      const ended = await takeTo(stack, from, to).catch((error: unknown) => error);
      from.before = () => {};
      to.before = () => {};
      expect(from.kept.get(stack)?.state).toEqual(stateOf(stack, 2));
      await takeTo(stack, from, to);
      expect(to.kept.get(stack)).toEqual({ state: stateOf(stack, 2), movedTo: undefined });
      expect(from.kept.get(stack)?.movedTo).toBe("there");
      if (ended !== killed) {
        expect(at).toBeGreaterThan(3);
        break;
      }
    }
  });

  it.each([
    ["a stack that is not there", new Memory("here"), new Memory("there"), "stack-not-found"],
    [
      "one that went elsewhere",
      new Memory("here", stateOf(stack, 1), "s3://x"),
      new Memory("there"),
      "state-moved",
    ],
    [
      "one over another of its name",
      new Memory("here", stateOf(stack, 1)),
      new Memory("there", stateOf(stack, 2)),
      "stack-exists",
    ],
  ])("refuses %s, and changes nothing", async (_, from, to, code) => {
    const before = structuredClone([from.kept, to.kept]);
    await expect(takeTo(stack, from, to)).rejects.toMatchObject({ code });
    expect([from.kept, to.kept]).toEqual(before);
  });

  it("does not mark what arrived as something else", async () => {
    const [from, to] = [new Memory("here", stateOf(stack, 2)), new Memory("there")];
    to.write = async (name) => void to.kept.set(name, { state: stateOf(name, 1) });
    await expect(takeTo(stack, from, to)).rejects.toMatchObject({ code: "state-corrupt" });
    expect(from.kept.get(stack)?.movedTo).toBeUndefined();
  });
});

describe("two states", () => {
  const state = stateOf(stack, 1);
  const [root, bucket] = state.deployment.resources ?? [];
  const having = (fields: object) =>
    ({
      ...state,
      deployment: { ...state.deployment, resources: [root, { ...bucket, ...fields }] },
    }) as VersionedDeployment;

  it.each([
    [
      "another time of writing",
      { ...state, deployment: { ...state.deployment, manifest: { time: "later" } } },
      true,
    ],
    [
      "nothing said in other words",
      having({ protect: false, dependencies: [], parent: bucket?.parent }),
      true,
    ],
    ["another id", having({ id: "other" }), false],
    ["an empty property more", having({ outputs: { list: [] } }), false],
    ["another secret", having({ outputs: { text: "a" } }), false],
  ])("with %s: the same or not", (_, other, same) => {
    expect(isSameState(state, other)).toBe(same);
  });
});
