/** A plan is sealed with the programs it was made with: the shipped ones, and those of a caller's own components. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  type ComponentContract,
  defineComponent,
  supported,
  unsupported,
} from "../../../src/catalog/component.ts";
import type { EnvironmentSpec } from "../../../src/model/spec.ts";
import { programDigest } from "../../../src/platform/program-digest.ts";

const environment = {
  sites: [{ name: "virginia", cloud: "aws", region: "us-east-1" }],
  components: [{ name: "jobs", site: "virginia", type: "queue" }],
} as unknown as EnvironmentSpec;

function queue(
  build: () => object,
  more: { readonly name?: string; readonly version?: string } = {},
): ComponentContract {
  const why = unsupported("made for AWS");
  return defineComponent({
    name: "queue",
    domain: "data",
    summary: "A queue",
    fields: z.strictObject({}),
    outputs: z.object({}),
    implementations: {
      aws: supported(async () => ({ implementation: build })),
      gcp: supported(async () => ({ implementation: () => ({ never: "looked at" }) })),
      azure: why,
      kubernetes: why,
    },
    ...more,
  });
}

const one = () => ({});
const another = () => ({ url: "" });

describe("the digest of the programs", () => {
  it("is the same for the same components, in whatever order they are handed over", async () => {
    const topic = queue(one, { name: "topic" });
    expect(await programDigest(environment, [queue(one), topic])).toBe(
      await programDigest(environment, [topic, queue(one)]),
    );
  });

  it("differs where the building function's text differs, or the version does", async () => {
    const digests = await Promise.all([
      programDigest(environment),
      programDigest(environment, [queue(one)]),
      programDigest(environment, [queue(another)]),
      programDigest(environment, [queue(one, { version: "2" })]),
    ]);
    expect(new Set(digests).size).toBe(4);
  });

  it("heeds no component that the environment does not use", async () => {
    expect(await programDigest(environment, [queue(one, { name: "topic" })])).toBe(
      await programDigest(environment),
    );
  });

  it("leaves a component that cannot be loaded to whoever makes the program", async () => {
    const broken = {
      ...queue(one),
      implementations: {
        ...queue(one).implementations,
        aws: supported(() => Promise.reject(new Error("no such module"))),
      },
    };
    expect(await programDigest(environment, [broken])).toMatch(/^[0-9a-f]{64}$/);
  });
});
