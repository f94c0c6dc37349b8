import { describe, expect, test } from "vitest";
import type { Deployment } from "../../../../src/state/deployment/deployment.ts";
import type { JournalEntry } from "../../../../src/state/deployment/journal-entry.ts";
import { Replay } from "../../../../src/state/deployment/replay.ts";
import { engine, journal, now, state, thing, urn } from "../../../support/states.ts";

function replay(base: Deployment, entries: readonly JournalEntry[]) {
  const running = new Replay(base);
  for (const entry of entries) running.add(entry);
  return running.deployment({ now, engine });
}

function resourcesAfter(base: Deployment, entries: readonly JournalEntry[]) {
  return replay(base, entries).deployment.resources;
}

const creating = (name: string) => ({ operation: { type: "creating", resource: thing(name) } });

describe("what an update leaves", () => {
  test("a create that ended stands in the state, one that only began is pending, in the order of beginning", () => {
    const { deployment } = replay(
      state(),
      journal(
        ["begin", 1, creating("a")],
        ["begin", 3, creating("c")],
        ["begin", 2, creating("b")],
        ["success", 1, { state: thing("a") }],
      ),
    );
    expect(deployment.resources).toEqual([thing("a")]);
    expect(deployment.pending_operations).toEqual([
      { type: "creating", resource: thing("b") },
      { type: "creating", resource: thing("c") },
    ]);
  });

  test("a step that failed leaves nothing, and nothing pending", () => {
    const { deployment } = replay(
      state(thing("old")),
      journal(["begin", 1, creating("a")], ["failure", 1, { state: thing("a") }]),
    );
    expect(deployment.resources).toEqual([thing("old")]);
    expect(deployment.pending_operations).toEqual([]);
  });

  test("an update stands in the place that its step had, before what was not touched", () => {
    const changed = thing("b", { outputs: { size: 2 } });
    expect(
      resourcesAfter(
        state(thing("a"), thing("b")),
        journal(["success", 1, { removeOld: 1, state: changed }]),
      ),
    ).toEqual([changed, thing("a")]);
  });

  test("a replacement that creates first keeps the old one, to be deleted, until its delete ended", () => {
    const base = state(thing("a"));
    const created = ["success", 1, { deleteOld: 0, state: thing("a", { id: "a2" }) }] as const;
    expect(resourcesAfter(base, journal(created))).toEqual([
      thing("a", { id: "a2" }),
      thing("a", { delete: true }),
    ]);
    const deleted = ["success", 2, { removeOld: 0 }] as const;
    expect(resourcesAfter(base, journal(created, deleted))).toEqual([thing("a", { id: "a2" })]);
  });

  test("a replacement that deletes first keeps the place until the new one is there", () => {
    const base = state(thing("a"), thing("b", { dependencies: [urn("a")] }));
    const deleted = journal(["success", 1, { pendingReplacementOld: 0 }]);
    expect(resourcesAfter(base, deleted)).toEqual([
      thing("a", { pendingReplacement: true }),
      thing("b", { dependencies: [urn("a")] }),
    ]);
  });

  test("what an update made and replaced or deleted again is marked or gone", () => {
    const entries = journal(
      ["success", 1, { state: thing("a") }],
      ["success", 2, { state: thing("b") }],
      ["success", 3, { state: thing("c") }],
      ["success", 4, { deleteNew: 1 }],
      ["success", 5, { pendingReplacementNew: 2 }],
      ["success", 6, { removeNew: 3 }],
    );
    expect(resourcesAfter(state(), entries)).toEqual([
      thing("a", { delete: true }),
      thing("b", { pendingReplacement: true }),
    ]);
  });

  test("outputs registered later stand where their resource stands, in the base or among the new", () => {
    const entries = journal(
      ["success", 1, { state: thing("new") }],
      ["outputs", 2, { removeNew: 1, state: thing("new", { outputs: { a: 1 } }) }],
      ["outputs", 3, { removeOld: 0, state: thing("old", { outputs: { b: 2 } }) }],
    );
    expect(resourcesAfter(state(thing("old")), entries)).toEqual([
      thing("new", { outputs: { a: 1 } }),
      thing("old", { outputs: { b: 2 } }),
    ]);
  });

  test("a create that an earlier update began stays pending; its updates and deletes do not", () => {
    const base = {
      pending_operations: ["creating", "updating", "deleting"].map((type) => ({
        type,
        resource: thing(type),
      })),
    };
    expect(replay(base, []).deployment.pending_operations).toEqual([
      { type: "creating", resource: thing("creating") },
    ]);
  });
});

describe("a refresh", () => {
  test("changes a resource in its place and drops what the cloud has lost, with every reference to it", () => {
    const base = state(
      thing("lost"),
      thing("kept"),
      thing("user", {
        parent: urn("lost"),
        dependencies: [urn("lost"), urn("kept")],
        propertyDependencies: { a: [urn("lost")], b: [urn("kept"), urn("lost")] },
        deletedWith: urn("lost"),
        replaceWith: [urn("lost"), urn("kept")],
      }),
    );
    const entries = journal(
      ["refreshSuccess", 1, { removeOld: 0 }],
      ["refreshSuccess", 2, { removeOld: 1, state: thing("kept", { outputs: { size: 3 } }) }],
    );
    expect(resourcesAfter(base, entries)).toEqual([
      thing("kept", { outputs: { size: 3 } }),
      thing("user", {
        dependencies: [urn("kept")],
        propertyDependencies: { b: [urn("kept")] },
        replaceWith: [urn("kept")],
      }),
    ]);
  });

  test("leaves dangling references alone where there was none: they are for the integrity check to tell", () => {
    const dangling = thing("user", { dependencies: [urn("nobody")] });
    expect(resourcesAfter(state(dangling), [])).toEqual([dangling]);
  });

  test("that was rebuilt is what later entries count in, and keeps what was begun before it", () => {
    const entries = journal(
      ["begin", 1, creating("x")],
      ["refreshSuccess", 2, { removeOld: 0 }],
      ["rebuiltBaseState", 0],
      ["success", 3, { removeOld: 0 }],
    );
    const { deployment } = replay(state(thing("a"), thing("b"), thing("c")), entries);
    expect(deployment.resources).toEqual([thing("c")]);
    expect(deployment.pending_operations).toEqual([{ type: "creating", resource: thing("x") }]);
  });
});

describe("aliases", () => {
  test("carry every reference over to the new name, those of descendants too, and are forgotten", () => {
    const base = state(
      {
        urn: urn("child", "toy:index:Old$toy:index:Thing"),
        type: "toy:index:Thing",
        parent: urn("a", "toy:index:Old"),
      },
      thing("user", {
        dependencies: [urn("a", "toy:index:Old"), urn("child", "toy:index:Old$toy:index:Thing")],
        replaceWith: [urn("a", "toy:index:Old")],
        provider: `${urn("a", "toy:index:Old")}::id`,
      }),
    );
    const renamed = {
      urn: urn("a", "toy:index:New"),
      type: "toy:index:New",
      aliases: [urn("a", "toy:index:Old")],
    };
    expect(resourcesAfter(base, journal(["success", 1, { state: renamed }]))).toEqual([
      { urn: urn("a", "toy:index:New"), type: "toy:index:New" },
      {
        urn: urn("child", "toy:index:New$toy:index:Thing"),
        type: "toy:index:Thing",
        parent: urn("a", "toy:index:New"),
      },
      thing("user", {
        dependencies: [urn("a", "toy:index:New"), urn("child", "toy:index:New$toy:index:Thing")],
        replaceWith: [urn("a", "toy:index:New")],
        provider: `${urn("a", "toy:index:New")}::id`,
      }),
    ]);
  });

  test("that two resources claim are refused", () => {
    const claim = { aliases: [urn("old")] };
    const entries = journal(
      ["success", 1, { state: thing("a", claim) }],
      ["success", 2, { state: thing("b", claim) }],
    );
    expect(() => replay(state(), entries)).toThrow(
      `both ${urn("a")} and ${urn("b")} say that they were ${urn("old")}`,
    );
  });
});

describe("what is not a resource", () => {
  test("comes from the base, or from the last entry that says otherwise", () => {
    const base = {
      ...state(thing("a")),
      secrets_providers: { type: "passphrase" },
      metadata: { integrity_error: {} },
    };
    const entries = journal(
      ["secretsManager", 0, { secretsProvider: { type: "service", state: { owner: "o" } } }],
      ["snippets", 0, { snippets: [{ uuid: "1" }] }],
      ["extensionParameterize", 1, { extensionRef: "sha", extension: { name: "x" } }],
    );
    const { deployment, version, features } = replay(base, entries);
    expect(deployment).toEqual({
      manifest: {
        time: "2026-11-21T12:00:00.000Z",
        magic: "9efda2e66c69194595f1be2c3587ab931ef188c15697bed0da0a960b45186d89",
        version: "v3.250.0",
      },
      resources: [thing("a")],
      pending_operations: [],
      metadata: { integrity_error: {} },
      secrets_providers: { type: "service", state: { owner: "o" } },
      snippets: [{ uuid: "1" }],
      extensions: { sha: { name: "x" } },
    });
    expect({ version, features }).toEqual({ version: 4, features: ["snippets-prototype"] });
  });

  test("is replaced whole by a write", () => {
    const written = { resources: [thing("b")], secrets_providers: { type: "b64" } };
    const { deployment } = replay(state(thing("a")), journal(["write", 0, { newSnapshot: written }]));
    expect(deployment.resources).toEqual([thing("b")]);
    expect(deployment.secrets_providers).toEqual({ type: "b64" });
  });

  test.each([
    ["refreshBeforeUpdate", { refreshBeforeUpdate: true }],
    ["views", { viewOf: urn("b") }],
    ["hooks", { resourceHooks: { "before-create": ["h"] } }],
    ["taint", { taint: true }],
    ["replaceWith", { replaceWith: [urn("b")] }],
    ["extensionParameterization", { extensionRef: "sha" }],
  ])("the feature %s makes it a state of schema 4, in a resource or in what was begun", (feature, more) => {
    const made = replay(state(thing("a", more)), []);
    const begun = replay(
      state(),
      journal(["begin", 1, { operation: { type: "creating", resource: thing("a", more) } }]),
    );
    for (const { version, features } of [made, begun]) {
      expect({ version, features }).toEqual({ version: 4, features: [feature] });
    }
    expect(replay(state(thing("a")), [])).not.toHaveProperty("features");
  });

  test("and is not known to this release passes through", () => {
    const unknown = thing("a", { frobnicate: { deep: [1] } });
    const { deployment } = replay({ ...state(unknown), novelty: 7 }, []);
    expect(deployment).toMatchObject({ resources: [unknown], novelty: 7 });
  });
});

describe("entries", () => {
  test("that come twice count once", () => {
    const entries = journal(["success", 1, { state: thing("a") }], ["success", 2, { state: thing("b") }]);
    expect(resourcesAfter(state(), [...entries, ...entries])).toEqual([thing("a"), thing("b")]);
  });

  test.each([
    ["the number of another one", { sequenceID: 1, operationID: 9 }, "two engines write in one update"],
    [
      "an operation that made nothing",
      { sequenceID: 2, operationID: 2, removeNew: 7 },
      "operation 7, which made nothing",
    ],
  ])("with %s are refused", (_, more, message) => {
    const [first] = journal(["success", 1, { state: thing("a") }]);
    expect(() => replay(state(), [first as JournalEntry, { ...(first as JournalEntry), ...more }])).toThrow(
      message,
    );
  });

  test("change nothing that was handed in, however often the state is asked for", () => {
    const base = state(thing("a"), thing("b", { dependencies: [urn("old")] }));
    const entries = journal(
      ["success", 1, { deleteOld: 0, state: thing("c", { aliases: [urn("old")] }) }],
      ["success", 2, { deleteNew: 1 }],
    );
    const before = structuredClone({ base, entries });
    const running = new Replay(base);
    for (const entry of entries) running.add(entry);
    expect(running.deployment({ now, engine })).toEqual(running.deployment({ now, engine }));
    expect({ base, entries }).toEqual(before);
  });
});
