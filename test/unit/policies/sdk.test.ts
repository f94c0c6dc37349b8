import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { requiredTags } from "../../../policies/baseline/required-tags.ts";
import { rulesOf } from "../../../policies/packs.ts";
import { typeSchema } from "../../../src/simulator/schema.ts";
import type { Value } from "../../../src/values/value.ts";
import { judge } from "../../support/policy.ts";
import { policyCases } from "../../support/policy-cases.ts";

const installed = /^(aws|gcp):/;
const nestedTypes = (cloud: string) => readFileSync(`node_modules/@pulumi/${cloud}/types/input.d.ts`, "utf8");

/** Property names of a value at any depth below the first. */
function namesBelow(value: Value): string[] {
  if (Array.isArray(value)) return value.flatMap(namesBelow);
  if (value === null || typeof value !== "object" || "$terrane" in value) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...namesBelow(inner)]);
}

describe("what the baseline looks at exists in the SDKs", () => {
  test("every type", () => {
    const types = rulesOf(["baseline"]).flatMap((rule) => (rule === requiredTags ? [] : [...rule.types]));

    expect(types.filter((type) => installed.test(type) && typeSchema(type) === undefined)).toEqual([]);
  });

  test("every property that a case gives or a finding names", () => {
    const missing = policyCases
      .filter(({ type }) => installed.test(type))
      .flatMap(({ rule, type, inputs }) => {
        const found = judge(rule, type, inputs).flatMap(({ property }) => property?.split(/[.[]/)[0] ?? []);
        const known = typeSchema(type)?.inputs;
        return [...Object.keys(inputs), ...found]
          .filter((name) => known?.has(name) !== true)
          .map((name) => `${type} ${name}`);
      });

    expect(missing).toEqual([]);
  });

  test.each(["aws", "gcp"])("every property inside others on %s", (cloud) => {
    const text = nestedTypes(cloud);
    const names = policyCases
      .filter(({ type, rule }) => type.startsWith(`${cloud}:`) && rule !== requiredTags)
      .flatMap(({ inputs }) => Object.values(inputs).flatMap(namesBelow));

    expect(names.length).toBeGreaterThan(5);
    expect(
      [...new Set(names)].filter((name) => !new RegExp(`^ +${name}\\??: pulumi\\.Input<`, "m").test(text)),
    ).toEqual([]);
  });
});
