import { expect, test } from "vitest";
import { compareStates, isSame } from "../../../../src/state/deployment/compare.ts";
import { secret } from "../../../../src/values/value.ts";
import { state, thing, urn } from "../../../support/states.ts";

const sealed = (ciphertext: string) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext,
});

test("what came, went and changed is told, the last in its properties", () => {
  const before = state(
    thing("a", { outputs: { tags: { Owner: "x", "a.b": 1 }, ports: [1, 2] } }),
    thing("gone"),
  );
  const after = state(
    thing("new"),
    thing("a", { protect: true, outputs: { tags: { Owner: "y" }, ports: [1, 3] } }),
  );
  expect(compareStates(before, after).resources).toEqual([
    { kind: "added", urn: urn("new"), type: "toy:index:Thing", replaced: false, properties: [] },
    {
      kind: "changed",
      urn: urn("a"),
      type: "toy:index:Thing",
      replaced: false,
      properties: [
        { path: "outputs.ports[1]", before: 2, after: 3 },
        { path: "outputs.tags.Owner", before: "x", after: "y" },
        { path: 'outputs.tags["a.b"]', before: 1 },
        { path: "protect", after: true },
      ],
    },
    { kind: "removed", urn: urn("gone"), type: "toy:index:Thing", replaced: false, properties: [] },
  ]);
});

test("a secret that changed stays hidden, also inside what is new", () => {
  const before = state(thing("a", { outputs: { password: sealed("one") } }));
  const after = state(
    thing("a", { outputs: { password: sealed("two"), more: { deep: [sealed("three")] } } }),
  );
  const { resources } = compareStates(before, after);
  expect(resources[0]?.properties).toEqual([
    { path: "outputs.more", after: { deep: [secret] } },
    { path: "outputs.password", before: secret, after: secret },
  ]);
  expect(JSON.stringify(resources)).not.toMatch(/one|two|three/);
});

test("moments, places in sources and what is empty either way are no difference", () => {
  const before = state(
    thing("a", { modified: "2026-01-01", sourcePosition: "a.ts#1", dependencies: [], protect: false }),
  );
  const after = {
    ...state(thing("a", { modified: "2026-02-02" })),
    manifest: { version: "v3.250.0" },
    metadata: {},
  };
  expect(isSame(compareStates(before, after))).toBe(true);
});

test("an older one that is still to be deleted is told apart from its successor", () => {
  const before = state(thing("a"));
  const after = state(thing("a", { id: "a2" }), thing("a", { delete: true }));
  expect(compareStates(before, after).resources).toMatchObject([
    { kind: "changed", replaced: false, properties: [{ path: "id", before: "a", after: "a2" }] },
    { kind: "added", replaced: true },
  ]);
});

test("what is pending, and who seals the secrets, is compared as well", () => {
  const pending = [{ type: "creating", resource: thing("b") }];
  const { others } = compareStates(state(), {
    pending_operations: pending,
    secrets_providers: { type: "service" },
  });
  expect(others.map(({ path }) => path)).toEqual(["pending_operations", "secrets_providers"]);
});
