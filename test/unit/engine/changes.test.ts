import { describe, expect, it } from "vitest";
import { toChanges } from "../../../src/engine/changes.ts";
import type { StepMetadata } from "../../../src/engine/event-schema.ts";
import { secret, unknown } from "../../../src/values/value.ts";

const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

type Inputs = Readonly<Record<string, unknown>>;
type Diff = NonNullable<StepMetadata["detailedDiff"]>;

function update(before: Inputs, after: Inputs, detailedDiff?: Diff, outputs: Inputs = {}) {
  const metadata: StepMetadata = {
    op: "update",
    urn: "urn:pulumi:shop.here.data::terrane::aws:rds/instance:Instance::orders",
    type: "aws:rds/instance:Instance",
    old: { parent: "", inputs: before, outputs },
    new: { parent: "", inputs: after, outputs: {} },
    diffs: Object.keys(after),
    ...(detailedDiff === undefined ? {} : { detailedDiff }),
  };
  return toChanges(metadata, "update");
}

const differs = (diffKind = "update", inputDiff = true) => ({ diffKind, inputDiff });

describe("the properties that a step changes", () => {
  it("stand with both values, what forces a replacement, and what stays", () => {
    const given = update(
      { storage: 20, name: "orders", engine: "postgres" },
      { storage: 50, name: "sales", engine: "postgres" },
      { storage: differs(), name: differs("update-replace") },
    );
    expect(given).toEqual({
      changes: [
        { path: "name", kind: "update", replaces: true, before: "orders", after: "sales" },
        { path: "storage", kind: "update", replaces: false, before: 20, after: 50 },
      ],
      unchanged: { engine: "postgres" },
    });
  });

  it("are one for a list, however many of its indices the provider names", () => {
    const { changes } = update(
      { rules: [{ port: 80 }, { port: 443 }, { port: 22 }] },
      { rules: [{ port: 443 }, { port: 22 }] },
      {
        "rules[0].port": differs(),
        "rules[1].port": differs("update-replace"),
        "rules[2]": differs("delete"),
      },
    );
    expect(changes).toEqual([
      {
        path: "rules",
        kind: "update",
        replaces: true,
        before: [{ port: 80 }, { port: 443 }, { port: 22 }],
        after: [{ port: 443 }, { port: 22 }],
        parts: [{ path: "[0]", kind: "delete", before: { port: 80 } }],
      },
    ]);
  });

  it("are told by what a JSON text says", () => {
    const { changes } = update({ policy: '{"a":1}' }, { policy: '{"a":2}' }, { policy: differs() });
    expect(changes).toMatchObject([
      { path: "policy", text: "json", parts: [{ path: "a", kind: "update", before: 1, after: 2 }] },
    ]);
    const same = update({ policy: '{"a":1}' }, { policy: '{ "a": 1 }' }, { policy: differs() });
    expect(same.changes).toMatchObject([{ path: "policy", text: "json", parts: [] }]);
  });

  it("never show a value whose other side is secret, in either direction, in inputs or outputs", () => {
    const hidden = { kind: "update", replaces: false, before: secret, after: secret };
    const detail = { password: differs(), tags: differs() };
    expect(
      update({ password: "hunter2" }, { password: "[secret]" }, { password: differs() }).changes,
    ).toEqual([{ path: "password", ...hidden }]);
    expect(
      update({ password: "[secret]" }, { password: "hunter2" }, { password: differs() }).changes,
    ).toEqual([{ path: "password", ...hidden }]);
    const nested = update(
      { tags: { key: "hunter2", name: "a" } },
      { tags: { key: "[secret]", name: "b" } },
      detail,
    );
    expect(JSON.stringify(nested)).not.toContain("hunter2");
    expect(nested.changes.find((change) => change.path === "tags")?.parts).toEqual([
      { path: "name", kind: "update", before: "a", after: "b" },
    ]);
    const drifted = update(
      { password: "[secret]" },
      { password: "[secret]" },
      { password: differs("update", false) },
      { password: "hunter2" },
    );
    expect(JSON.stringify(drifted)).not.toContain("hunter2");
    const whole = update({ password: "[secret]" }, { password: "hunter2" });
    expect(JSON.stringify(whole)).not.toContain("hunter2");
  });

  it("say which values only the cloud will know", () => {
    const { changes } = update({ subnet: "subnet-1" }, { subnet: unknownText }, { subnet: differs() });
    expect(changes).toEqual([
      { path: "subnet", kind: "update", replaces: false, before: "subnet-1", after: unknown },
    ]);
  });

  it("are marked where the provider filled them in and nobody asked", () => {
    const { changes } = update(
      { size: 1, __defaults: [] },
      { size: 2, forceDestroy: false, __defaults: ["forceDestroy"] },
      { size: differs(), forceDestroy: differs("add") },
    );
    expect(changes).toEqual([
      { path: "forceDestroy", kind: "add", replaces: false, after: false, byDefault: true },
      { path: "size", kind: "update", replaces: false, before: 1, after: 2 },
    ]);
    const forced = update({}, { a: 1, __defaults: ["a"] }, { a: differs("add-replace") });
    expect(forced.changes[0]?.byDefault).toBeUndefined();
    const dropped = update({ a: 7 }, { a: 1, __defaults: ["a"] }, { a: differs() });
    expect(dropped.changes[0]?.byDefault).toBeUndefined();
  });
});
