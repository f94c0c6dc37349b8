import { describe, expect, it } from "vitest";
import { knownIds, parseExport, toPlain, withCreates } from "../../../src/engine/begun.ts";

const thing = (name: string, more: object = {}) => ({
  urn: `urn:pulumi:s::terrane::toy:index:Thing::${name}`,
  type: "toy:index:Thing",
  custom: true,
  ...more,
});
const creating = (name: string) => ({ type: "creating", resource: thing(name) });
const urn = (name: string) => thing(name).urn;
const deployment = (resources: object[], pending: object[]) =>
  parseExport(JSON.stringify({ version: 3, deployment: { resources, pending_operations: pending } }))
    .deployment;

describe("a create that was begun", () => {
  it("becomes a resource behind all others, or goes", () => {
    const before = deployment([thing("a", { id: "1" })], [creating("b"), creating("c")]);
    const after = withCreates(before, [{ urn: urn("b"), id: "2" }, { urn: urn("c") }]);
    expect(after.resources).toEqual([thing("a", { id: "1" }), thing("b", { id: "2" })]);
    expect(after.pending_operations).toEqual([]);
  });

  it("in place of another stands before its predecessor, which is still to be deleted", () => {
    const before = deployment(
      [thing("a", { id: "1" }), thing("user", { id: "9", dependencies: [urn("a")] })],
      [creating("a")],
    );
    const after = withCreates(before, [{ urn: urn("a"), id: "2" }]);
    expect(after.resources).toEqual([
      thing("a", { id: "2" }),
      thing("a", { id: "1", delete: true }),
      thing("user", { id: "9", dependencies: [urn("a")] }),
    ]);
  });

  it("in place of one that was deleted first leaves nothing of it", () => {
    const before = deployment([thing("a", { id: "1", pendingReplacement: true })], [creating("a")]);
    expect(withCreates(before, [{ urn: urn("a"), id: "1" }]).resources).toEqual([thing("a", { id: "1" })]);
  });

  it("leaves open what was being updated or deleted", () => {
    const deleting = { type: "deleting", resource: thing("b", { id: "2" }) };
    const before = deployment([thing("b", { id: "2" })], [creating("a"), deleting]);
    expect(withCreates(before, [{ urn: urn("a") }]).pending_operations).toEqual([deleting]);
  });
});

describe("what the state knows already", () => {
  it("is every object of the type but one that was deleted to be replaced", () => {
    const state = deployment(
      [
        thing("a", { id: "1" }),
        thing("b", { id: "2", delete: true }),
        thing("c", { id: "3", pendingReplacement: true }),
        { ...thing("d", { id: "4" }), type: "toy:index:Other" },
      ],
      [],
    );
    const [resource = { urn: "", type: "", custom: true }] = state.resources ?? [];
    expect([...knownIds(resource, state)]).toEqual(["1", "2"]);
  });
});

it("reads a revealed secret, and marks one that was not", () => {
  const wrapped = (more: object) => ({
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    ...more,
  });
  expect(
    toPlain({
      open: wrapped({ plaintext: '{"a":[1]}' }),
      sealed: wrapped({ ciphertext: "v1:x" }),
      __defaults: [],
    }),
  ).toEqual({ open: { a: [1] }, sealed: { $terrane: "secret" } });
});
