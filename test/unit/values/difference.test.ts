import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { differences, hideTogether, sameValue } from "../../../src/values/difference.ts";
import { secret, unknown, type Value } from "../../../src/values/value.ts";

describe("what differs", () => {
  it("is told by key, with the whole value where something comes or goes", () => {
    expect(differences({ a: 1, b: { c: "x" }, gone: true }, { a: 1, b: { c: "y" }, new: [1] })).toEqual([
      { path: "b.c", kind: "update", before: "x", after: "y" },
      { path: "gone", kind: "delete", before: true },
      { path: "new", kind: "add", after: [1] },
    ]);
  });

  it("is quoted where a key is no plain word", () => {
    expect(differences({ "a.b": 1 }, { "a.b": 2 })).toEqual([
      { path: '["a.b"]', kind: "update", before: 1, after: 2 },
    ]);
  });

  it("in a list is what came and went, not what moved up behind it", () => {
    expect(differences(["a", "b", "c", "d"], ["b", "c", "x", "d"])).toEqual([
      { path: "[0]", kind: "delete", before: "a" },
      { path: "[2]", kind: "add", after: "x" },
    ]);
  });

  it("in a list of the same elements is their order", () => {
    expect(differences({ zones: ["a", "b"] }, { zones: ["b", "a"] })).toMatchObject([
      { path: "zones", kind: "reorder" },
    ]);
  });

  it("finds an element again by what names it", () => {
    const before = [
      { name: "web", image: "1" },
      { name: "log", image: "1" },
    ];
    const after = [
      { name: "proxy", image: "1" },
      { name: "web", image: "2" },
    ];
    expect(differences(before, after)).toEqual([
      { path: "[name=web].image", kind: "update", before: "1", after: "2" },
      { path: "[1]", kind: "delete", before: { name: "log", image: "1" } },
      { path: "[0]", kind: "add", after: { name: "proxy", image: "1" } },
    ]);
  });

  it("in a list with one changed mapping is inside of that mapping", () => {
    expect(differences([{ port: 80 }, { port: 443 }], [{ port: 80 }, { port: 8443 }])).toEqual([
      { path: "[1].port", kind: "update", before: 443, after: 8443 },
    ]);
  });

  it("in a JSON text is what it says, not how it is written", () => {
    const policy = (action: string) =>
      JSON.stringify({ Version: "2012-10-17", Statement: [{ Sid: "Read", Action: action }] });
    expect(differences(policy("s3:Get*"), policy("s3:*"))).toEqual([
      { path: "Statement[Sid=Read].Action", kind: "update", before: "s3:Get*", after: "s3:*" },
    ]);
    expect(differences('{"a":1,"b":2}', '{ "b": 2, "a": 1 }')).toEqual([]);
  });

  it("takes a value that is not known for one value", () => {
    expect(differences({ a: { b: 1 } }, { a: unknown })).toEqual([
      { path: "a", kind: "update", before: { b: 1 }, after: unknown },
    ]);
  });

  it("is nothing between a value and itself, and something between two that are not the same", () => {
    const { value } = fc.letrec<{ value: Value }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom<Value>(null, true, 1, "a", "b", '{"a":[1]}', unknown),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom("name", "a", "b.c"), tie("value")),
      ),
    }));
    fc.assert(
      fc.property(value, value, (one, other) => {
        expect(differences(one, one)).toEqual([]);
        if (!sameValue(one, other)) expect(differences(one, other).length).toBeGreaterThan(0);
      }),
    );
  });
});

describe("a secret on one side", () => {
  it("hides the other side, wherever it stands", () => {
    expect(hideTogether<Value>("hunter2", secret)).toEqual([secret, secret]);
    expect(
      hideTogether<Value>({ a: { password: secret, b: 1 } }, { a: { password: "hunter2", b: 2 } }),
    ).toEqual([{ a: { password: secret, b: 1 } }, { a: { password: secret, b: 2 } }]);
    expect(hideTogether<Value>([secret, "x"], ["hunter2", "x", "y"])).toEqual([
      [secret, secret],
      [secret, secret, secret],
    ]);
  });
});
