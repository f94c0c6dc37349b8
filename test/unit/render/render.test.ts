import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import { unknown as pulumiUnknown } from "@pulumi/pulumi/output.js";
import { expect, test, vi } from "vitest";
import type { Program } from "../../../src/model/program.ts";
import { resourceSchema } from "../../../src/model/resource.ts";
import type { StackGraph, StackSpec } from "../../../src/model/spec.ts";
import { renderEnvironment, renderStack } from "../../../src/render/render.ts";
import { echoMocks } from "../../support/mocks.ts";
import { stackSpec } from "../../support/specs.ts";
import { leaveStraysToRender } from "../../support/stray-rejections.ts";

const spec = stackSpec({ components: [] });

/** Where the SDK itself looks for its leak detector; not public. */
const debuggable = createRequire(import.meta.url)("@pulumi/pulumi/runtime/debuggable.js") as {
  debuggablePromise: (promise: unknown, context: unknown) => unknown;
};
const runtimeState = createRequire(import.meta.url)("@pulumi/pulumi/runtime/state.js") as {
  readonly getStore: () => { readonly leakCandidates: ReadonlySet<unknown> };
};

class Thing extends pulumi.CustomResource {
  declare readonly text: pulumi.Output<string>;
}
class Provider extends pulumi.ProviderResource {}
class Group extends pulumi.ComponentResource {}

function render(
  program: Program,
  options: { preview?: boolean; leakDetector?: boolean; spec?: StackSpec } = {},
) {
  return renderStack(
    options.spec ?? spec,
    {},
    { makeProgram: () => program, mocks: () => echoMocks, ...options },
  );
}

const base = "urn:pulumi:payments-dev.virginia.network::terrane::";

test("names, parents, providers and dependencies are those that the engine would write down", async () => {
  const { resources } = await render(async () => {
    const provider = new Provider("test", "somewhere", { region: "here" });
    const outer = new Group("my:group:Outer", "outer", {}, { providers: [provider] });
    const inner = new Group("my:group:Inner", "inner", {}, { parent: outer });
    const first = new Thing("test:index:Thing", "first", { text: "a" }, { parent: inner });
    new Thing("test:index:Thing", "second", { text: first.id, list: [first.urn] }, { parent: inner });
    new Thing("test:index:Thing", "third", {}, { parent: outer, dependsOn: [first] });
    return {};
  });
  const provider = `${base}pulumi:providers:test::somewhere`;
  const outer = `${base}my:group:Outer::outer`;
  const inner = `${base}my:group:Outer$my:group:Inner::inner`;
  const first = `${base}my:group:Outer$my:group:Inner$test:index:Thing::first`;
  expect(resources).toEqual([
    {
      urn: provider,
      type: "pulumi:providers:test",
      name: "somewhere",
      custom: true,
      inputs: { region: "here" },
      dependsOn: [],
    },
    { urn: outer, type: "my:group:Outer", name: "outer", custom: false, inputs: {}, dependsOn: [] },
    {
      urn: inner,
      type: "my:group:Inner",
      name: "inner",
      custom: false,
      parent: outer,
      inputs: {},
      dependsOn: [],
    },
    {
      ...{ urn: first, type: "test:index:Thing", name: "first", custom: true, parent: inner, provider },
      ...{ inputs: { text: "a" }, dependsOn: [] },
    },
    {
      ...{
        urn: first.replace("first", "second"),
        type: "test:index:Thing",
        name: "second",
        custom: true,
        parent: inner,
        provider,
      },
      ...{ inputs: { text: { $terrane: "unknown" }, list: [first] }, dependsOn: [first] },
    },
    {
      ...{
        urn: `${base}my:group:Outer$test:index:Thing::third`,
        type: "test:index:Thing",
        name: "third",
        custom: true,
      },
      ...{ parent: outer, provider, inputs: {}, dependsOn: [first] },
    },
  ]);
  for (const resource of resources) expect(resourceSchema.parse(resource)).toEqual(resource);
});

test("secret inputs are markers, wherever in a value they stand", async () => {
  const { resources } = await render(async () => {
    new Thing("test:index:Thing", "thing", {
      password: pulumi.secret("hush"),
      nested: { list: [pulumi.secret("hush"), "open"] },
      file: new pulumi.asset.StringAsset("text"),
    });
    return {};
  });
  expect(resources[0]?.inputs).toEqual({
    password: { $terrane: "secret" },
    nested: { list: [{ $terrane: "secret" }, "open"] },
    file: { asset: "text" },
  });
});

test("outputs are known, unknown or secret, and one unknown element makes a list unknown", async () => {
  const { outputs } = await render(async () => {
    const thing = new Thing("test:index:Thing", "thing", { text: "a" });
    return {
      part: {
        known: pulumi.output({ a: [1] }),
        unknown: thing.id,
        list: pulumi.output(["a", thing.id]),
        secret: pulumi.secret("hush"),
      },
    };
  });
  expect(outputs).toMatchObject({
    part: {
      known: { kind: "known", value: { a: [1] } },
      unknown: { kind: "unknown", secret: false },
      list: { kind: "unknown", secret: false },
      secret: { kind: "secret" },
    },
  });
  expect(JSON.stringify(outputs)).not.toContain("hush");
});

test("all that the clouds refuse is told at once, each with the resource it was for", async () => {
  const mocks = {
    ...echoMocks,
    newResource: ({ name }: { name: string }) => {
      throw new Error(`InvalidThing: ${name} is not allowed`);
    },
  };
  const program = async () => {
    const one = new Thing("test:index:Thing", "one", {});
    new Thing("test:index:Thing", "two", { text: one.id });
    return {};
  };
  await expect(
    renderStack(spec, {}, { makeProgram: () => program, mocks: () => mocks }),
  ).rejects.toMatchObject({
    code: "cloud-error",
    problems: [
      { message: "one: InvalidThing: one is not allowed" },
      { message: "two: InvalidThing: two is not allowed" },
    ],
    details: { urns: [`${base}test:index:Thing::one`, `${base}test:index:Thing::two`] },
  });
});

test("what the program throws is what the caller gets", async () => {
  const error = new Error("no such thing");
  await expect(
    render(async () => {
      throw error;
    }),
  ).rejects.toBe(error);
});

test("the order in which a cloud answers changes nothing", async () => {
  const rendered = async (slow: string) => {
    const released = Promise.withResolvers<void>();
    const mocks = {
      ...echoMocks,
      newResource: async ({ name, inputs }: { name: string; inputs: object }) => {
        if (name === slow) await released.promise;
        else released.resolve();
        return { id: undefined, state: inputs };
      },
    };
    const program = async () => {
      for (const name of ["one", "two"]) {
        const thing = new Thing("test:index:Thing", name, {});
        new Thing("test:index:Thing", `${name}-more`, { of: thing.id });
      }
      return {};
    };
    return renderStack(spec, {}, { makeProgram: () => program, mocks: () => mocks });
  };
  expect(await rendered("one")).toEqual(await rendered("two"));
});

test("renders at once do not see each other, and one that fails fails alone", async () => {
  const named = (name: string) => stackSpec({ environment: name, components: [] });
  const program = (name: string) => async () => {
    const thing = new Thing("test:index:Thing", name, { text: "a" });
    if (name === "broken") throw new Error("broken");
    new Thing("test:index:Thing", `${name}-more`, { text: thing.text, stack: pulumi.getStack() });
    return { part: { stack: pulumi.output(pulumi.getStack()) } };
  };
  const names = ["one", "broken", "two", "three"];
  const results = await Promise.allSettled(names.map((name) => render(program(name), { spec: named(name) })));
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
  for (const [index, result] of results.entries()) {
    if (result.status === "rejected") continue;
    const { resources, outputs } = result.value;
    expect(resources.map(({ name }) => name)).toEqual([names[index], `${names[index]}-more`]);
    expect(outputs).toEqual({
      part: { stack: { kind: "known", value: `${names[index]}.virginia.network` } },
    });
  }
});

// The runner counts every rejection nobody handled as a failure of the file; here they belong to a render.
leaveStraysToRender();

test("an input that fails to compute ends its own render with its own error, and no other render", async () => {
  const error = new Error("cannot compute");
  const failing = render(async () => {
    const text = pulumi.output("a").apply((): string => {
      throw error;
    });
    const thing = new Thing("test:index:Thing", "thing", { text });
    new Thing("test:index:Thing", "waits", { text: thing.text });
    return {};
  });
  const sound = render(async () => {
    new Thing("test:index:Thing", "thing", { text: "a" });
    return {};
  });
  await expect(failing).rejects.toBe(error);
  expect((await sound).resources).toHaveLength(1);
  expect(process.listenerCount("unhandledRejection")).toBe(0);
});

test("with and without the leak detector the same comes out, each render has its own, and afterwards it is there", async () => {
  const watched: number[] = [];
  const program = async () => {
    const thing = new Thing("test:index:Thing", "thing", { text: "a" });
    watched.push(runtimeState.getStore().leakCandidates.size);
    return { part: { id: thing.id } };
  };
  const quiet = render(program);
  const loud = await render(program, { leakDetector: true });
  expect(await quiet).toEqual(loud);
  expect(await render(program)).toEqual(loud);
  expect(watched).toEqual([0, expect.toSatisfy((size) => size > 0), 0]);
  const promise = Promise.resolve();
  await debuggable.debuggablePromise(promise, "after the renders");
  expect(promise).toHaveProperty("_debugCtx", "after the renders");
});

test("an environment renders in rank order, outputs flow on, and what goes away is left out", async () => {
  const stack = (site: string, name: string): StackSpec => {
    const made = stackSpec({ environment: name, components: [] });
    const component = {
      name,
      type: "part",
      domain: "network",
      site,
      fields: {},
      references: {},
      secrets: {},
      born: { component: name, site },
    } as const;
    return { ...made, components: [component] };
  };
  const gone = { ...stack("virginia", "gone"), components: [] };
  const node = (each: StackSpec, prune?: StackSpec) => ({
    ...{ name: each.name, site: each.site.name, domain: each.domain, dependsOn: [], converge: each },
    ...(prune === undefined ? {} : { prune }),
  });
  const graph = {
    environment: { ...spec.environment, sites: [], components: [] },
    stacks: [
      node(stack("virginia", "one")),
      node(stack("virginia", "gone"), gone),
      node(stack("virginia", "two"), stack("virginia", "kept")),
    ],
  } satisfies StackGraph;
  const seen: unknown[] = [];
  const rendered = await renderEnvironment(graph, {
    mocks: () => echoMocks,
    makeProgram: (each, upstream) => {
      seen.push([each.name, Object.keys(upstream)]);
      const [component] = each.components;
      return async () => ({ [component?.name ?? ""]: { text: pulumi.output("a") } });
    },
  });
  expect(seen).toEqual([
    ["one.virginia.network", []],
    ["kept.virginia.network", ["one@virginia"]],
  ]);
  expect(rendered.map(({ name }) => name)).toEqual(["one.virginia.network", "kept.virginia.network"]);
});

test("in a preview nothing is known of a cloud's answer but what the inputs say, also inside them", async () => {
  const mocks = {
    ...echoMocks,
    newResource: ({ inputs }: { inputs: object }) => ({
      id: "id-1",
      state: { ...inputs, arn: "arn-1", config: { size: 1, endpoint: "somewhere" }, version: "1.34.7" },
    }),
  };
  const kinds = async (preview: boolean) => {
    const program = async () => {
      const asked = { text: "a", config: { size: 1 }, version: "1.34", arn: undefined };
      const thing = new Thing("test:index:Thing", "thing", asked) as Thing &
        Record<string, pulumi.Output<unknown>>;
      const { id, text, arn, config, version } = thing;
      return { part: { id, text, arn, config, version } };
    };
    const { outputs } = await renderStack(
      spec,
      {},
      { makeProgram: () => program, mocks: () => mocks, preview },
    );
    return Object.fromEntries(Object.entries(outputs["part"] ?? {}).map(([name, { kind }]) => [name, kind]));
  };
  const decided = { id: "unknown", arn: "unknown", config: "unknown", version: "unknown" };
  expect(await kinds(true)).toEqual({ ...decided, text: "known" });
  expect(await kinds(false)).toEqual({
    id: "known",
    text: "known",
    arn: "known",
    config: "known",
    version: "known",
  });
});

test("nothing is known of what a provider would answer whose own configuration is not known", async () => {
  const kinds = async (region: pulumi.Input<string>) => {
    const program = async () => {
      const provider = new Provider("test", "somewhere", { region });
      const thing = new Thing("test:index:Thing", "thing", { text: "a" }, { provider });
      return { part: { text: thing.text } };
    };
    const { outputs } = await render(program);
    return outputs["part"]?.["text"]?.kind;
  };
  expect(await kinds("here")).toBe("known");
  expect(await kinds(pulumi.output<string>(pulumiUnknown as unknown as string))).toBe("unknown");
});

test("a program that logs writes nothing to the process's own output", async () => {
  const printed = (["log", "warn", "error"] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation(() => {}),
  );
  try {
    await render(async () => {
      await pulumi.log.info("hunter2");
      await pulumi.log.warn("hunter2");
      return {};
    });
    expect(printed.flatMap((spy) => spy.mock.calls)).toEqual([]);
  } finally {
    for (const spy of printed) spy.mockRestore();
  }
});

test("a program that logs an error has failed, as it would with an engine", async () => {
  const failing = render(async () => {
    await pulumi.log.error("no such zone");
    return {};
  });
  await expect(failing).rejects.toMatchObject({
    code: "engine-failed",
    message: expect.stringContaining("no such zone"),
  });
});
