import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expandBlueprint, type Instance, referencesOf } from "../../../src/blueprint/instances.ts";
import { ReferenceIndex } from "../../../src/blueprint/references.ts";
import { accepts } from "../../../src/catalog/component.ts";
import type { Blueprint } from "../../../src/model/documents.ts";
import { rankOf } from "../../../src/model/words.ts";
import { catalog } from "../../../stacks/catalog.ts";

const names = ["a", "b", "c", "d"] as const;
const sites = ["east", "west"] as const;
const types = ["vpc", "postgres", "cluster", "argocd"] as const;

/** Up to four components of any type, each in one site or in both. */
const worlds = fc
  .dictionary(
    fc.constantFrom(...names),
    fc.record({
      type: fc.constantFrom(...types),
      sites: fc.subarray([...sites], { minLength: 1 }),
    }),
    { minKeys: 1 },
  )
  .map((components): Blueprint => {
    const site = (region: string) => ({
      cloud: "aws" as const,
      region,
      role: "primary" as const,
      runner: "outside" as const,
    });
    return {
      apiVersion: "terrane.dev/v1",
      kind: "Blueprint",
      metadata: { name: "world", version: "1.0.0" },
      parameters: {},
      sites: { east: site("us-east-1"), west: site("us-west-2") },
      components,
    };
  });

function instancesOf(world: Blueprint): readonly Instance[] {
  return expandBlueprint(world, catalog, { class: "dev", roles: new Map() });
}

describe("a reference", () => {
  it("leads to the component of that name in its own site or the one it names, of a type the field takes, and nowhere else", () => {
    const texts = fc.oneof(
      fc.constantFrom(...names),
      fc
        .tuple(fc.constantFrom(...names, "ghost"), fc.constantFrom(...sites, "nowhere"))
        .map((parts) => parts.join("@")),
    );
    fc.assert(
      fc.property(worlds, texts, fc.nat(), (world, text, pick) => {
        const instances = instancesOf(world);
        const index = new ReferenceIndex(instances, world);
        const from = instances[pick % instances.length];
        if (from === undefined) throw new Error("a world has components");
        for (const info of referencesOf(from.contract).values()) {
          const [name, site = from.site] = text.split("@");
          const meant = instances.find((each) => each.name === name && each.site === site);
          const fits =
            meant !== undefined &&
            accepts(info.target, meant.contract) &&
            rankOf(meant.contract.domain) <= rankOf(from.contract.domain);
          const resolved = index.resolve(text, from, info);
          expect(resolved.ok).toBe(fits);
          if (resolved.ok) expect(resolved.target).toBe(meant);
        }
      }),
    );
  });

  it("that is refused names only candidates that would be taken", () => {
    fc.assert(
      fc.property(worlds, fc.nat(), (world, pick) => {
        const instances = instancesOf(world);
        const index = new ReferenceIndex(instances, world);
        const from = instances[pick % instances.length];
        if (from === undefined) throw new Error("a world has components");
        for (const info of referencesOf(from.contract).values()) {
          const resolved = index.resolve("ghost", from, info);
          if (resolved.ok || resolved.isSilent) throw new Error("there is no ghost");
          const listed = resolved.refusal.allowed?.() ?? "";
          if (listed.includes("there is none")) continue;
          for (const candidate of listed.split(", "))
            expect(index.resolve(candidate, from, info).ok).toBe(true);
        }
      }),
    );
  });
});
