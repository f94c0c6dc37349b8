/** Rules asked by the engine itself, and the plan that an `up` is held to. */

import * as pulumi from "@pulumi/pulumi";
import { expect, test, vi } from "vitest";
import { previewStack } from "../../src/engine/preview.ts";
import type { PolicyJudge } from "../../src/engine/request.ts";
import { upStack } from "../../src/engine/up.ts";
import type { Finding } from "../../src/model/finding.ts";
import type { Program } from "../../src/model/program.ts";
import type { Resource } from "../../src/model/resource.ts";
import { isUnknown, secret, unknown } from "../../src/values/value.ts";
import { openTestState } from "../support/engine.ts";
import { Thing } from "../support/toy-provider.ts";
import { openToyWorld } from "../support/toy-world.ts";

const stack = "shop.here.network";
const urn = (name: string) => `urn:pulumi:${stack}::terrane::toy:index:Thing::${name}`;

function finding(resource: Resource, verdict: Finding["verdict"], severity: Finding["severity"]): Finding {
  return {
    rule: "toy/no-open-text",
    verdict,
    severity,
    stack,
    urn: resource.urn,
    resource: resource.name,
    property: "text",
    why: "The text is open.",
    mend: "Close it.",
  };
}

/** Text "open" fails; text not known yet is undetermined. */
function rule(severity: Finding["severity"]): PolicyJudge {
  return {
    judge: (resource) => {
      if (resource.type !== "toy:index:Thing") return [];
      const { text } = resource.inputs;
      const verdict = isUnknown(text) ? "undetermined" : text === "open" ? "fail" : "pass";
      return [finding(resource, verdict, severity)];
    },
  };
}

test("a rule that fails stops up before the provider's create is called", async () => {
  await using world = await openToyWorld(stack);
  const program = async () => {
    new Thing("a", { text: "open" });
    return {};
  };
  const up = await upStack({ ...(await world.request()), program, policy: rule("deny") });
  expect(up).toMatchObject({
    outcome: "failed",
    error: { code: "denied-by-policy", message: `${stack}: denied by toy/no-open-text` },
    findings: [{ rule: "toy/no-open-text", verdict: "fail", urn: urn("a") }],
  });
  expect(world.cloud.calls).toEqual([]);
  expect(await world.state.resources(stack)).not.toContain(urn("a"));
  expect(world.state.events.filter((event) => event.type === "finding")).toHaveLength(1);
});

test("a value that only the cloud gives is judged in up, as soon as it is known", async () => {
  await using world = await openToyWorld(stack);
  const program = async () => {
    const a = new Thing("a");
    new Thing("b", { text: a.address.apply(() => "open") });
    return {};
  };
  const preview = await previewStack({ ...(await world.request()), program, policy: rule("deny") });
  expect(preview.counts.create).toBe(3);
  expect(preview.findings.map(({ urn: of, verdict }) => [of, verdict])).toEqual([
    [urn("a"), "pass"],
    [urn("b"), "undetermined"],
  ]);
  const up = await upStack({ ...(await world.request()), program, policy: rule("deny") });
  expect(up).toMatchObject({ outcome: "failed", error: { code: "denied-by-policy" } });
  expect(world.cloud.calls).toEqual(["create a"]);
});

test("what a rule denies is reported by a preview, which still tells all steps", async () => {
  await using world = await openToyWorld(stack);
  const program = async () => {
    const a = new Thing("a", { text: "open" });
    new Thing("b", { text: a.address });
    return {};
  };
  const preview = await previewStack({ ...(await world.request()), program, policy: rule("deny") });
  expect(preview.counts.create).toBe(3);
  expect(preview.findings).toMatchObject([
    { verdict: "fail", severity: "deny", urn: urn("a") },
    { verdict: "undetermined", urn: urn("b") },
  ]);
});

test("a rule of severity warn is shown and stops nothing", async () => {
  await using world = await openToyWorld(stack);
  const program = async () => {
    new Thing("a", { text: "open" });
    return {};
  };
  const up = await upStack({ ...(await world.request()), program, policy: rule("warn") });
  expect(up).toMatchObject({ outcome: "done", findings: [{ verdict: "fail", severity: "warn" }] });
  expect(world.cloud.calls).toEqual(["create a"]);
});

test("a rule that throws makes the operation fail closed", async () => {
  await using world = await openToyWorld(stack);
  const program = async () => {
    new Thing("a");
    return {};
  };
  const policy: PolicyJudge = {
    judge: (resource) => {
      if (resource.type === "toy:index:Thing") throw new TypeError("undefined is not a function");
      return [];
    },
  };
  const up = await upStack({ ...(await world.request()), program, policy });
  expect(up).toMatchObject({ outcome: "failed", error: { code: "policy-unavailable" } });
  expect(world.cloud.calls).toEqual([]);
  await expect(previewStack({ ...(await world.request()), program, policy })).rejects.toMatchObject({
    code: "policy-unavailable",
  });
});

test("a rule sees the resource as terrane knows it: markers, parent, provider, and at the end all of them", async () => {
  await using world = await openToyWorld(stack);
  const seen: Resource[] = [];
  const atEnd: Resource[] = [];
  const program = async () => {
    const group = new pulumi.ComponentResource("terrane:component:Group", "group");
    const a = new Thing(
      "a",
      { sealed: pulumi.secret("open-plan"), tags: { Owner: "team" } },
      { parent: group },
    );
    new Thing("b", { text: a.address }, { parent: group });
    return {};
  };
  const policy: PolicyJudge = {
    judge: (resource) => {
      seen.push(resource);
      return [];
    },
    judgeStack: (resources) => {
      atEnd.push(...resources);
      return [];
    },
  };
  await previewStack({ ...(await world.request()), program, policy });
  const group = `urn:pulumi:${stack}::terrane::terrane:component:Group::group`;
  const child = (name: string) =>
    `urn:pulumi:${stack}::terrane::terrane:component:Group$toy:index:Thing::${name}`;
  const provider = `urn:pulumi:${stack}::terrane::pulumi:providers:toy::default`;
  const find = (of: string, list: readonly Resource[]) => list.find((resource) => resource.urn === of);
  expect(find(child("a"), seen)).toEqual({
    urn: child("a"),
    type: "toy:index:Thing",
    name: "a",
    parent: group,
    custom: true,
    provider,
    inputs: { name: "a", sealed: secret, tags: { Owner: "team" } },
    dependsOn: [],
  });
  expect(find(child("b"), seen)?.inputs).toEqual({ name: "b", text: unknown });
  expect(find(group, seen)).toMatchObject({ custom: false, inputs: {} });
  expect(find(child("b"), atEnd)).toMatchObject({ dependsOn: [child("a")], inputs: { text: unknown } });
});

test("a rule over the whole stack can deny", async () => {
  await using world = await openToyWorld(stack);
  const program = async () => {
    new Thing("a");
    return {};
  };
  const policy: PolicyJudge = {
    judge: () => [],
    judgeStack: (resources) =>
      resources.filter(({ name }) => name === "a").map((resource) => finding(resource, "fail", "deny")),
  };
  const up = await upStack({ ...(await world.request()), program, policy });
  expect(up).toMatchObject({ outcome: "failed", error: { code: "denied-by-policy" } });
});

const planned = async () => {
  const a = new Thing("a", { kind: "small", sealed: pulumi.secret("open-plan") });
  new Thing("b", { text: a.address });
  return {};
};

const moves: readonly { what: string; program: () => Promise<object>; words: RegExp }[] = [
  {
    what: "makes a resource more",
    program: async () => {
      await planned();
      new Thing("surprise");
      return {};
    },
    words: /create is not allowed by the plan/,
  },
  {
    what: "changes an input",
    program: async () => {
      const a = new Thing("a", { kind: "small", sealed: pulumi.secret("open-plan"), text: "new" });
      new Thing("b", { text: a.address });
      return {};
    },
    words: /a violates plan: properties changed: text$/,
  },
  {
    what: "changes a secret",
    program: async () => {
      const a = new Thing("a", { kind: "small", sealed: pulumi.secret("new-plan") });
      new Thing("b", { text: a.address });
      return {};
    },
    words: /a violates plan: properties changed: sealed$/,
  },
  {
    what: "replaces",
    program: async () => {
      const a = new Thing("a", { kind: "large", sealed: pulumi.secret("open-plan") });
      new Thing("b", { text: a.address });
      return {};
    },
    words: /a violates plan: properties changed: kind$/,
  },
  {
    what: "deletes",
    program: async () => {
      new Thing("a", { kind: "small", sealed: pulumi.secret("open-plan") });
      return {};
    },
    words: /delete is not allowed by the plan/,
  },
];

test.each(moves)(
  "an existing stack: a program that now $what is refused before any call when its plan says otherwise",
  async ({ program, words }) => {
    await using world = await openToyWorld(stack);
    await upStack({ ...(await world.request()), program: planned });
    const { plan } = await previewStack({ ...(await world.request()), program: planned });
    const calls = world.cloud.calls.length;
    const up = await upStack({ ...(await world.request()), program: program as Program, plan });
    expect(up).toMatchObject({ outcome: "failed", error: { code: "plan-stale" } });
    expect(up.error?.message).toMatch(words);
    expect(JSON.stringify(world.state.events)).not.toContain("new-plan");
    expect(world.cloud.calls).toHaveLength(calls);
  },
);

test("a new stack is made as planned, unknown values filled in, and its plan holds no secret in clear", async () => {
  await using world = await openToyWorld(stack);
  const request = await world.request();
  // As a state store does it: the preview works on a copy of the state.
  await using elsewhere = await openTestState();
  const copy = { ...request, state: { ...(await elsewhere.request(stack)).state } };
  const { plan } = await previewStack({ ...copy, program: planned });
  expect(JSON.stringify(plan)).not.toContain("open-plan");
  const up = await upStack({ ...(await world.request()), program: planned, plan });
  expect(up).toMatchObject({ outcome: "done", counts: { create: 3 } });
});

test("a replacement that an unknown value seemed to need, and need not be, is no surprise", async () => {
  await using world = await openToyWorld(stack);
  await upStack({
    ...(await world.request()),
    program: async () => {
      new Thing("fixed", { kind: "10.0.0.2" });
      return {};
    },
  });
  const program = async () => {
    const made = new Thing("made");
    const fixed = new Thing("fixed", { kind: made.address });
    return { net: { address: fixed.address } };
  };
  const { counts, plan } = await previewStack({ ...(await world.request()), program });
  expect(counts).toMatchObject({ create: 1, replace: 1 });
  const up = await upStack({ ...(await world.request()), program, plan });
  expect(up).toMatchObject({
    outcome: "done",
    counts: { create: 1, replace: 0 },
    outputs: { net: { address: { kind: "known", value: "10.0.0.1" } } },
  });
  expect(world.cloud.calls.slice(1)).toEqual(["create made"]);
  expect(JSON.stringify(world.state.events)).not.toContain("none were seen");
});

test("steps of another state's preview: a resource that they do not name is refused before its provider is asked", async () => {
  await using world = await openToyWorld(stack);
  const { steps } = await previewStack({ ...(await world.request()), program: planned });
  const program = async () => {
    await planned();
    new Thing("surprise");
    return {};
  };
  const up = await upStack({ ...(await world.request()), program, expected: steps });
  expect(up).toMatchObject({
    outcome: "failed",
    error: { code: "plan-stale", message: `${stack}: the plan does not name surprise` },
  });
  expect(world.cloud.calls).not.toContain("create surprise");
});

test("steps of another state's preview: an action that they do not say ends the operation", async () => {
  await using world = await openToyWorld(stack);
  await upStack({ ...(await world.request()), program: planned });
  const { steps } = await previewStack({ ...(await world.request()), program: planned });
  const program = moves.find((move) => move.what === "replaces")?.program as Program;
  const up = await upStack({ ...(await world.request()), program, expected: steps });
  expect(up).toMatchObject({
    outcome: "failed",
    error: { code: "plan-stale", message: `${stack}: a would be replaced, which the plan does not say` },
  });
});

test("the analyzer's process ends with its engine, however that ends", async () => {
  await using world = await openToyWorld(stack);
  const pids: number[] = [];
  const hold = world.cloud.hold("create", "a");
  const request = await world.request({ onEngineStart: (pid: number) => pids.push(pid) });
  const running = upStack({ ...request, program: planned, policy: rule("warn") });
  await hold.reached;
  const [pid = 0] = pids;
  process.kill(pid, "SIGKILL");
  expect(await running).toMatchObject({ error: { code: "engine-died" } });
  hold.release();
  // The engine led its process group: when nobody is left in it, the signal has no one to reach.
  await vi.waitFor(() => expect(() => process.kill(-pid, 0)).toThrow("ESRCH"), { timeout: 5_000 });
});
