import type { Output } from "@pulumi/pulumi";
import { afterAll, beforeAll, expect, test } from "vitest";
import { previewStack } from "../../src/engine/preview.ts";
import { upStack } from "../../src/engine/up.ts";
import type { OutputValue } from "../../src/model/spec.ts";
import { Secret } from "../../src/values/secret.ts";
import { toPulumiOutput } from "../../stacks/outputs.ts";
import { openTestState, type TestState } from "../support/engine.ts";
import { startToyCloud, Thing, type ToyCloud } from "../support/toy-provider.ts";

let state: TestState;
let cloud: ToyCloud;
beforeAll(async () => {
  [state, cloud] = await Promise.all([openTestState(), startToyCloud()]);
});
afterAll(async () => {
  await cloud[Symbol.asyncDispose]();
  await state[Symbol.asyncDispose]();
});

async function requestFor(stack: string, value: OutputValue) {
  const program = async () => {
    const text = toPulumiOutput("vpc@virginia", "networkId", value) as Output<string>;
    new Thing("thing", { text });
    return { part: { text } };
  };
  return { ...(await state.request(stack, { providers: { toy: cloud.port } })), program };
}

test("the engine shows what an earlier stack cannot know yet as unknown, and its outputs flow on as unknown", async () => {
  const stack = "payments-dev.virginia.data";
  const preview = await previewStack(await requestFor(stack, { kind: "unknown", secret: false }));
  const [step] = preview.steps.filter(({ name }) => name === "thing");
  expect(step).toMatchObject({ action: "create" });
  expect(JSON.stringify(step)).toContain('{"$terrane":"unknown"}');
  expect(preview.outputs).toEqual({ part: { text: { kind: "unknown", secret: false } } });
});

test("an unknown output is refused in an up before the cloud is asked for anything", async () => {
  const stack = "payments-dev.virginia.compute";
  const result = await upStack(await requestFor(stack, { kind: "unknown", secret: false }));
  expect(result).toMatchObject({
    outcome: "failed",
    error: { message: expect.stringContaining("vpc@virginia") },
  });
  expect(cloud.calls).toEqual([]);
});

test("a secret output arrives at the cloud and stays secret in the state and the plan", async () => {
  const stack = "payments-dev.virginia.gitops";
  const value = { kind: "secret", value: new Secret("hunter2") } as const;
  const preview = await previewStack(await requestFor(stack, value));
  expect(JSON.stringify(preview.steps)).not.toContain("hunter2");
  const result = await upStack(await requestFor(stack, value));
  expect(result.outcome).toBe("done");
  expect([...cloud.things.values()].map(({ text }) => text)).toEqual(["hunter2"]);
  expect(await state.text(stack)).not.toContain("hunter2");
});
