import { afterAll, beforeAll, expect, test } from "vitest";
import type { DeployedResource, VersionedDeployment } from "../../src/state/deployment/deployment.ts";
import { faultsOf, noteIntegrity } from "../../src/state/deployment/integrity.ts";
import { type Draw, drawFrom } from "../support/replay-differential.ts";
import { buildTimeout, type Judge, openJudge } from "../support/replay-judge.ts";

let judge: Judge;

beforeAll(async () => {
  judge = await openJudge();
}, buildTimeout);

afterAll(() => judge[Symbol.asyncDispose]());

type Editable = Record<string, unknown>;

/** Ways to damage a state; each answers another one. */
const damages: Readonly<Record<string, (state: VersionedDeployment, draw: Draw) => void>> = {
  "a resource lost": (state, draw) => void resources(state).splice(draw(resources(state).length), 1),
  "two resources swapped": (state, draw) => {
    const all = resources(state);
    const [one, other] = [draw(all.length), draw(all.length)];
    [all[one], all[other]] = [all[other] as DeployedResource, all[one] as DeployedResource];
  },
  "a resource twice": (state, draw) => {
    const all = resources(state);
    all.push(structuredClone(all[draw(all.length)] as DeployedResource));
  },
  "a URN renamed": edit((resource) => ({ urn: `${resource.urn}x` })),
  "no URN": edit(() => ({ urn: "" })),
  "no type": edit(() => ({ type: "" })),
  "another type": edit(() => ({ type: "pulumi:providers:other" })),
  "another parent": edit(() => ({ parent: "urn:pulumi:dev::terrane::pkgA:m:typA::nobody" })),
  "another provider": edit(() => ({ provider: "urn:pulumi:dev::terrane::pulumi:providers:pkgA::p::p2" })),
  "a provider that is none": edit(() => ({ provider: "urn:pulumi:dev::terrane::pkgA:m:typA::p::p1" })),
  "no resource of a provider": edit(() => ({ custom: false })),
  "no id": edit(() => ({ id: undefined })),
  "a dependency on the last": edit((_, all) => ({ dependencies: [all.at(-1)?.urn] })),
  "a property's dependency on nobody": edit(() => ({
    propertyDependencies: { a: ["urn:pulumi:dev::t::a:b:c::d"] },
  })),
  "deleted with the last": edit((_, all) => ({ deletedWith: all.at(-1)?.urn })),
  "replaced with the last": edit((_, all) => ({ replaceWith: [all.at(-1)?.urn, ""] })),
  "to be deleted": edit((resource) => ({ delete: !resource.delete })),
  "to be replaced": edit((resource) => ({ pendingReplacement: !resource.pendingReplacement })),
  "another magic": (state) => void ((state.deployment.manifest as Editable)["magic"] = "abc"),
  "snippets of one uuid": (state) =>
    void ((state.deployment as Editable)["snippets"] = [{ uuid: "1" }, { uuid: "1" }].map(snippet)),
  "a snippet without uuid": (state) =>
    void ((state.deployment as Editable)["snippets"] = [snippet({ uuid: "" })]),
};

test("a damaged state is refused where the engine refuses it, and every fault has its place", async () => {
  const verdicts = { sound: 0, unsound: 0 };
  for (let seed = 1; seed <= 60; seed++) {
    const journal = await judge.steps(seed);
    const [whole] = await judge.replay(journal, [journal.entries.length]);
    if (whole?.failed !== "") continue;
    for (const [what, damage] of Object.entries(damages)) {
      const state = structuredClone(whole.state) as VersionedDeployment;
      if (!state.deployment.resources?.length) continue;
      damage(state, drawFrom(seed));
      const { unreadable, integrity } = await judge.verify(state);
      const faults = faultsOf(state.deployment);
      expect(
        faults.length > 0,
        `seed ${seed}, ${what}: ${unreadable}${integrity} ${JSON.stringify(faults)}`,
      ).toBe(unreadable !== "" || integrity !== "");
      for (const { path } of faults) expect(valueAt(state.deployment, path), path).toBeDefined();
      verdicts[faults.length > 0 ? "unsound" : "sound"]++;
      // The note neither mends nor harms. Of several faults the engine names any: it walks through a map.
      const noted = await judge.verify(noteIntegrity(state));
      expect({ ...noted, integrity: noted.integrity !== "" }).toEqual({
        unreadable,
        integrity: integrity !== "",
      });
    }
  }
  expect(verdicts.sound).toBeGreaterThan(100);
  expect(verdicts.unsound).toBeGreaterThan(100);
});

function resources(state: VersionedDeployment): DeployedResource[] {
  return state.deployment.resources as DeployedResource[];
}

function edit(change: (resource: DeployedResource, all: readonly DeployedResource[]) => object) {
  return (state: VersionedDeployment, draw: Draw) => {
    const all = resources(state);
    const resource = all[draw(all.length)] as DeployedResource;
    Object.assign(resource, change(resource, all));
  };
}

function snippet(about: object): object {
  return { name: "s", type: "a:b:c", code: "", descriptor: { name: "a" }, ...about };
}

function valueAt(value: unknown, pointer: string): unknown {
  let found: unknown = value;
  for (const key of pointer.slice(1).split("/")) {
    found = (found as Editable | undefined)?.[key.replaceAll("~1", "/").replaceAll("~0", "~")];
  }
  return found;
}
