import { describe, expect, it } from "vitest";
import { stepChangeLines } from "../../../src/cli/output/property-diff.ts";
import type { PropertyChange, Step } from "../../../src/model/plan.ts";
import { differences } from "../../../src/values/difference.ts";
import { secret, unknown, type Value } from "../../../src/values/value.ts";
import { databaseUrn } from "./samples.ts";
import { text, toText, widest } from "./screen.ts";

function changed(
  path: string,
  before: Value,
  after: Value,
  more: Partial<PropertyChange> = {},
): PropertyChange {
  return { path, kind: "update", replaces: false, before, after, ...more };
}

function compared(path: string, before: Value, after: Value, more: Partial<PropertyChange> = {}) {
  return changed(path, before, after, { parts: [...differences(before, after)], ...more });
}

function updated(changes: PropertyChange[], more: Partial<Step> = {}): Step {
  return {
    urn: databaseUrn,
    type: "aws:rds/instance:Instance",
    name: "orders",
    action: "update",
    changes,
    replacementUnknown: false,
    ...more,
  };
}

function screenOf(step: Step, width = 80, verbose = false): string {
  return toText(stepChangeLines(step, { width, verbose }));
}

describe("the properties of a resource", () => {
  it("stand side by side, with what forces a replacement, what is not known and what is secret", () => {
    const step = updated([
      changed("allocatedStorage", 20, 50),
      changed("availabilityZone", "us-east-1a", "us-east-1b", { replaces: true }),
      changed("kmsKeyId", "key-1", unknown),
      changed("password", secret, secret),
      { path: "tags.Owner", kind: "add", replaces: false, after: "team-shop" },
      { path: "tags.Old", kind: "delete", replaces: false, before: "x" },
    ]);
    expect(screenOf(step)).toBe(text`
      ~ allocatedStorage: 20 → 50
      ~ availabilityZone: "us-east-1a" → "us-east-1b"  ! forces replacement
      ~ kmsKeyId: "key-1" → (known after up)
      ~ password: [secret] → [secret]
      + tags.Owner: "team-shop"
      - tags.Old: "x"
    `);
  });

  it("stand one below the other where the width is not enough, from where they part", () => {
    const arn = (name: string) => `arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-${name}`;
    expect(screenOf(updated([changed("kmsKeyId", "short", arn("a"))]), 60)).toBe(
      ["~ kmsKeyId:", '    - "short"', '    + "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab…'].join(
        "\n",
      ),
    );
    const step = updated([changed("kmsKeyId", arn("aaaa"), arn("bbbb"), { replaces: true })]);
    expect(screenOf(step, 60)).toBe(text`
      ~ kmsKeyId:  ! forces replacement
          - …12ab-34cd-56ef-aaaa"
          + …12ab-34cd-56ef-bbbb"
    `);
  });

  it("that are lists show the elements that came and went", () => {
    const rule = (port: number) => ({ fromPort: port, cidr: "10.0.0.0/8" });
    const step = updated([
      compared("subnetIds", ["subnet-1", "subnet-2"], ["subnet-2", "subnet-3"]),
      compared("ingress", [rule(80), rule(22)], [rule(443), rule(22), rule(5432)], { replaces: true }),
      compared("zones", ["a", "b"], ["b", "a"]),
    ]);
    expect(screenOf(step)).toBe(text`
      ~ subnetIds:
          - "subnet-1"
          + "subnet-3"
      ~ ingress:  ! forces replacement
          - { fromPort: 80, cidr: "10.0.0.0/8" }
          + { fromPort: 443, cidr: "10.0.0.0/8" }
          + { fromPort: 5432, cidr: "10.0.0.0/8" }
      ~ zones:
          ~ the same elements in another order
    `);
  });

  it("that are JSON show what it says", () => {
    const policy = (action: string, more: Value[] = []) =>
      JSON.stringify({ Statement: [{ Sid: "Read", Action: action }, ...more] });
    const json = { text: "json" } as const;
    const step = updated([
      compared("policy", policy("s3:Get*"), policy("s3:*", [{ Sid: "List", Action: "s3:List*" }]), json),
      compared("assumeRolePolicy", '{"a":1}', '{ "a": 1 }', json),
    ]);
    expect(screenOf(step)).toBe(text`
      ~ policy (JSON):
          ~ Statement[Sid=Read].Action: "s3:Get*" → "s3:*"
          + Statement: { Sid: "List", Action: "s3:List*" }
      ~ assumeRolePolicy (JSON):
          the same, written differently
    `);
  });

  it("that are long texts show their lines", () => {
    const before = ["#!/bin/sh", "set -e", "one", "two", "three", "four", "end"].join("\n");
    const after = before.replace("set -e", "set -eu").replace("four", "4");
    expect(screenOf(updated([changed("userData", before, after)]))).toBe(text`
      ~ userData:
            #!/bin/sh
          - set -e
          + set -eu
            one
          ⋮
            three
          - four
          + 4
            end
    `);
  });

  it("are cut where there are many, and complete with -v", () => {
    const long = Array.from({ length: 40 }, (_, index) => `subnet-${index}`);
    const step = updated([compared("subnetIds", [], long)]);
    expect(screenOf(step).split("\n").at(-1)).toBe("    and 29 more lines: -v");
    expect(screenOf(step, 80, true).split("\n")).toHaveLength(41);
  });

  it("leave out what the provider fills in and what stays, but for -v", () => {
    const step = updated(
      [
        changed("size", 1, 2),
        { path: "forceDestroy", kind: "add", replaces: false, after: false, byDefault: true },
      ],
      { unchanged: { engine: "postgres", password: secret } },
    );
    expect(screenOf(step)).toBe(text`
      ~ size: 1 → 2
      1 default of the provider: -v
    `);
    expect(screenOf(step, 80, true)).toBe(
      ["~ size: 1 → 2", "+ forceDestroy: false", '  engine: "postgres"', "  password: [secret]"].join("\n"),
    );
  });

  it.each([20, 40, 80])("fit %i columns", (width) => {
    const step = updated(
      [
        changed("a".repeat(30), "b".repeat(200), "c".repeat(200), { replaces: true }),
        compared("list", ["x".repeat(100)], ["y".repeat(100), { name: "z".repeat(90) }]),
        changed("text", `${"l".repeat(100)}\nb`, `${"m".repeat(100)}\nb`),
      ],
      { unchanged: { long: "u".repeat(100) } },
    );
    expect(widest(stepChangeLines(step, { width, verbose: true }))).toBeLessThanOrEqual(width);
  });
});
