import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { z } from "zod";
import { defineComponent, upcoming } from "../../../src/catalog/component.ts";
import type { ComponentSpec } from "../../../src/model/spec.ts";
import { Secret } from "../../../src/values/secret.ts";
import { readFields } from "../../../stacks/fields.ts";

const later = upcoming("a test needs none");
const contract = defineComponent({
  name: "thing",
  domain: "data",
  summary: "A thing.",
  fields: z.strictObject({
    plain: z.string().default("here"),
    users: z.array(z.strictObject({ "pass/word": z.string().min(4) })).default([]),
  }),
  outputs: z.strictObject({}),
  implementations: { aws: later, gcp: later, azure: later, kubernetes: later },
});

const marker = { $terrane: "secret" } as const;
const spec: ComponentSpec = Object.freeze({
  name: "thing",
  type: "thing",
  domain: "data",
  site: "virginia",
  fields: Object.freeze({ users: [{ "pass/word": "open" }, { "pass/word": marker }] }),
  references: {},
  born: { component: "thing", site: "virginia" },
  secrets: { "/users/1/pass~1word": { fromEnv: "WORD" } },
});

test("a secret inside a list replaces its marker and nothing beside it", async () => {
  const fields = readFields(contract, spec, { "/users/1/pass~1word": new Secret("hush") }) as {
    users: { "pass/word": unknown }[];
  };
  expect(fields).toMatchObject({ plain: "here", users: [{ "pass/word": "open" }, {}] });
  const word = fields.users[1]?.["pass/word"];
  expect(pulumi.Output.isInstance(word)).toBe(true);
  expect(await pulumi.isSecret(word as pulumi.Output<unknown>)).toBe(true);
});

test("a secret that its field does not allow is refused without its value", () => {
  const read = () => readFields(contract, spec, { "/users/1/pass~1word": new Secret("abc") });
  expect(read).toThrow(expect.objectContaining({ code: "bad-value" }));
  expect(read).toThrow(expect.not.objectContaining({ message: expect.stringContaining("abc") }));
  expect(read).toThrow("thing@virginia.users.1.pass/word");
});
