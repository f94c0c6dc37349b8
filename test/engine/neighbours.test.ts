/** Several stacks at once in one process. */
import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { previewStack } from "../../src/engine/preview.ts";
import { upStack } from "../../src/engine/up.ts";
import { openTestState } from "../support/engine.ts";
import { startToyCloud, Thing } from "../support/toy-provider.ts";

const runtimeState = createRequire(import.meta.url)("@pulumi/pulumi/runtime/state.js") as {
  readonly getStore: () => {
    readonly leakCandidates: ReadonlySet<unknown>;
    readonly settings: { readonly engine: { log: (...call: unknown[]) => unknown } };
  };
};

test("stacks that run at once do not see each other", async () => {
  await using cloud = await startToyCloud();
  await using state = await openTestState();
  const names = ["shop.here.network", "shop.there.network", "shop.yonder.network"];
  // Each holds its first create until all have begun: they do run at once.
  const holds = names.map((name) => cloud.hold("create", `first-${name}`));
  const running = names.map(async (name) =>
    upStack({
      ...(await state.request(name, { providers: { toy: cloud.port } })),
      program: async () => {
        const first = new Thing(`first-${name}`);
        const second = new Thing(`second-${name}`, { text: first.address });
        return { net: { own: second.text } };
      },
    }),
  );
  await Promise.all(holds.map((hold) => hold.reached));
  for (const hold of holds) hold.release();
  const results = await Promise.all(running);
  for (const [index, name] of names.entries()) {
    expect(results[index]).toMatchObject({ outcome: "done", counts: { create: 3 } });
    expect((await state.resources(name))?.filter((urn) => urn.includes("Thing"))).toEqual(
      ["first", "second"].map((each) => `urn:pulumi:${name}::terrane::toy:index:Thing::${each}-${name}`),
    );
    const own = results[index]?.outputs["net"]?.["own"];
    expect(
      own?.kind === "known" &&
        [...cloud.things.entries()].find(([id]) => id.startsWith(`first-${name}`))?.[1]["address"],
    ).toBe(own?.kind === "known" ? own.value : undefined);
  }
});

test("a rejection that nobody handled fails the stack whose program caused it, and no other", async () => {
  await using cloud = await startToyCloud();
  await using state = await openTestState();
  const stray = cloud.hold("create", "stray");
  const sound = cloud.hold("create", "sound");
  const strayRun = upStack({
    ...(await state.request("shop.here.network", { providers: { toy: cloud.port } })),
    program: async () => {
      new Thing("stray");
      void sound.reached.then(() => {
        throw new Error("forgotten promise");
      });
      return {};
    },
  });
  const soundRun = upStack({
    ...(await state.request("shop.there.network", { providers: { toy: cloud.port } })),
    program: async () => {
      new Thing("sound");
      return {};
    },
  });
  await Promise.all([stray.reached, sound.reached]);
  stray.release();
  const failed = await strayRun;
  sound.release();
  expect(failed).toMatchObject({
    outcome: "failed",
    error: { code: "engine-failed", message: "shop.here.network: the program failed: forgotten promise" },
  });
  expect(await soundRun).toMatchObject({ outcome: "done" });
});

test("an operation leaves no listeners behind on the process", async () => {
  await using cloud = await startToyCloud();
  await using state = await openTestState();
  const before = process.listenerCount("unhandledRejection") + process.listenerCount("uncaughtException");
  const request = await state.request("shop.here.network", { providers: { toy: cloud.port } });
  await previewStack({ ...request, program: async () => ({}) });
  expect(process.listenerCount("unhandledRejection") + process.listenerCount("uncaughtException")).toBe(
    before,
  );
});

test.each([
  { what: "are cut while a program runs", traces: undefined, kept: false },
  { what: "are kept on request", traces: true, kept: true },
])(
  "stack traces, debug messages and the leak detector $what, and are whole again afterwards",
  async ({ traces, kept }) => {
    await using cloud = await startToyCloud();
    await using state = await openTestState();
    const limit = Error.stackTraceLimit;
    let inside: string | undefined;
    let watched = 0;
    const messages: unknown[] = [];
    const request = await state.request("shop.here.network", { providers: { toy: cloud.port } });
    const { counts, outputs } = await previewStack({
      ...request,
      ...(traces === undefined ? {} : { traces }),
      program: async () => {
        inside = new Error("look").stack;
        const thing = new Thing("thing", { text: "known" });
        const { leakCandidates, settings } = runtimeState.getStore();
        const log = settings.engine.log.bind(settings.engine);
        settings.engine.log = (...call) => {
          messages.push(call);
          return log(...call);
        };
        watched = leakCandidates.size;
        return { net: { text: thing.text } };
      },
    });
    expect(inside?.includes("\n    at ")).toBe(kept);
    expect(watched > 0).toBe(kept);
    expect(messages.length > 0).toBe(kept);
    expect({ counts, text: outputs["net"]?.["text"] }).toMatchObject({
      counts: { create: 2 },
      text: { kind: "known", value: "known" },
    });
    expect(Error.stackTraceLimit).toBe(limit);
  },
);

test.each([{ traces: false }, { traces: true }])(
  "an input that fails to compute is told in the words that were thrown, traces: $traces",
  async ({ traces }) => {
    await using cloud = await startToyCloud();
    await using state = await openTestState();
    const request = await state.request("shop.here.network", { providers: { toy: cloud.port } });
    const run = upStack({
      ...request,
      traces,
      program: async () => {
        const text = Promise.reject(new Error("no such subnet"));
        new Thing("thing", { text });
        return {};
      },
    });
    expect((await run).error).toMatchObject({
      code: "engine-failed",
      message: expect.stringContaining("no such subnet"),
    });
  },
);

test.each([
  { what: "asks a provider", hasAsked: true, ask: () => pulumi.runtime.invoke("toy:index:lookUp", {}) },
  { what: "asks nothing", hasAsked: false, ask: async () => {} },
])("a program that $what is told apart", async ({ hasAsked, ask }) => {
  await using cloud = await startToyCloud();
  await using state = await openTestState();
  const request = await state.request("shop.here.network", { providers: { toy: cloud.port } });
  const { hasAsked: told } = await upStack({
    ...request,
    program: async () => {
      await ask().catch(() => {});
      return {};
    },
  });
  expect(told).toBe(hasAsked);
});
