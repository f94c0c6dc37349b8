import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressesIn, makeStackGraph } from "../../../src/blueprint/graph.ts";
import { TerraneError } from "../../../src/errors.ts";
import {
  type ComponentSpec,
  type EnvironmentSpec,
  formatAddress,
  type StackGraph,
} from "../../../src/model/spec.ts";
import { type Domain, domains, rankOf } from "../../../src/model/words.ts";

const sites = ["iowa", "virginia"];

function spec(components: readonly ComponentSpec[]): EnvironmentSpec {
  return {
    name: "shop",
    class: "dev",
    blueprint: { name: "sample", version: "1.0.0" },
    tags: {},
    sites: sites.map((name) => ({ name, cloud: "aws", region: name, role: "primary", runner: "outside" })),
    components,
    incarnation: "00000000",
    provisional: true,
  };
}

function component(
  name: string,
  domain: Domain,
  refersTo: readonly string[] = [],
  more: Partial<ComponentSpec> = {},
): ComponentSpec {
  const addresses = refersTo.map((text) => {
    const [target = "", site = more.site ?? "virginia"] = text.split("@");
    return { component: target, site };
  });
  return {
    name,
    type: domain,
    domain,
    site: "virginia",
    fields: {},
    references: { uses: addresses },
    secrets: {},
    born: { component: name, site: more.site ?? "virginia" },
    ...more,
  };
}

const addressOf = (each: ComponentSpec) => formatAddress({ component: each.name, site: each.site });

/** Components that refer only to earlier ones of lower rank, so that any subset closed under reference is sound. */
const anySpec = fc
  .array(
    fc.record({
      domain: fc.constantFrom(...domains),
      site: fc.constantFrom(...sites),
      picks: fc.array(fc.nat({ max: 30 }), { maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 14 },
  )
  .map((drafts) => {
    const made: ComponentSpec[] = [];
    for (const [number, { domain, site, picks }] of drafts.entries()) {
      const lower = made.filter(
        (each) => rankOf(each.domain) < rankOf(domain) || (each.domain === domain && each.site === site),
      );
      const targets = new Set(
        picks.flatMap((pick) => (lower.length === 0 ? [] : [lower[pick % lower.length]])),
      );
      made.push(
        component(
          `c${number}`,
          domain,
          [...targets].flatMap((each) => (each === undefined ? [] : [addressOf(each)])),
          { site },
        ),
      );
    }
    return made;
  });

/** A subset in which no reference is left hanging: what a blueprint has after components were taken out. */
function closedSubset(
  components: readonly ComponentSpec[],
  keep: readonly boolean[],
): readonly ComponentSpec[] {
  const kept = new Map(components.filter((_, at) => keep[at] ?? true).map((each) => [addressOf(each), each]));
  for (let before = -1; before !== kept.size; ) {
    before = kept.size;
    for (const each of kept.values()) {
      if (!addressesIn(each).every((address) => kept.has(formatAddress(address))))
        kept.delete(addressOf(each));
    }
  }
  return [...kept.values()];
}

const changes = fc.tuple(
  anySpec,
  fc.array(fc.boolean(), { maxLength: 14 }),
  fc.array(fc.boolean(), { maxLength: 14 }),
);

function membersOf(graph: StackGraph, phase: "converge" | "prune"): readonly string[] {
  return graph.stacks.flatMap((stack) => (stack[phase]?.components ?? []).map(addressOf)).sort();
}

describe("makeStackGraph", () => {
  it("puts every stack after all it depends on, and every component after what it refers to", () => {
    fc.assert(
      fc.property(anySpec, (components) => {
        const graph = makeStackGraph(spec(components));
        const built = new Set<string>();
        const done = new Set<string>();
        for (const stack of graph.stacks) {
          expect(stack.dependsOn.every((name) => done.has(name))).toBe(true);
          for (const each of stack.converge.components) {
            expect(addressesIn(each).every((address) => built.has(formatAddress(address)))).toBe(true);
            built.add(addressOf(each));
          }
          done.add(stack.name);
        }
        expect([...built].sort()).toEqual(components.map(addressOf).sort());
      }),
    );
  });

  it("keeps in converge all that is old or new, and in prune all that is new, where something goes away", () => {
    fc.assert(
      fc.property(changes, ([components, wasThere, isThere]) => {
        const old = closedSubset(components, wasThere);
        const next = closedSubset(components, isThere);
        const graph = makeStackGraph(spec(next), spec(old));
        const union = new Set([...old, ...next].map(addressOf));
        expect(membersOf(graph, "converge")).toEqual([...union].sort());
        for (const stack of graph.stacks) {
          const belongs = (each: ComponentSpec) => each.site === stack.site && each.domain === stack.domain;
          const goes = old.filter(belongs).some((each) => !next.map(addressOf).includes(addressOf(each)));
          expect(stack.prune !== undefined).toBe(goes);
          if (goes)
            expect(stack.prune?.components.map(addressOf).sort()).toEqual(
              next.filter(belongs).map(addressOf).sort(),
            );
        }
      }),
    );
  });

  it("takes nothing away before all that used it", () => {
    fc.assert(
      fc.property(changes, ([components, wasThere, isThere]) => {
        const old = closedSubset(components, wasThere);
        const graph = makeStackGraph(spec(closedSubset(components, isThere)), spec(old));
        const left = new Map(
          graph.stacks.flatMap(({ converge }) => converge.components.map((each) => [addressOf(each), each])),
        );
        for (const stack of graph.stacks.toReversed()) {
          if (stack.prune === undefined) continue;
          const kept = new Set(stack.prune.components.map(addressOf));
          for (const each of stack.converge.components)
            if (!kept.has(addressOf(each))) left.delete(addressOf(each));
          for (const each of left.values()) {
            expect(addressesIn(each).every((address) => left.has(formatAddress(address)))).toBe(true);
          }
        }
      }),
    );
  });

  it("does not depend on the order of its input", () => {
    fc.assert(
      fc.property(changes, fc.infiniteStream(fc.nat()), ([components, wasThere], noise) => {
        const old = closedSubset(components, wasThere);
        const shuffle = <T>(list: readonly T[]) =>
          list
            .map((item) => ({ item, key: noise.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ item }) => item);
        const straight = makeStackGraph(spec(components), spec(old));
        const shuffled = makeStackGraph(spec(shuffle(components)), spec(shuffle(old)));
        expect(shuffled.stacks).toEqual(straight.stacks);
      }),
    );
  });

  it("tells a stack what components of other stacks were born as, where that is another name", () => {
    const born = { component: "db", site: "virginia" };
    const graph = makeStackGraph(
      spec([component("orders", "data", [], { born }), component("report", "compute", ["orders"])]),
    );
    expect(graph.stacks.map((stack) => stack.converge.otherBirths)).toEqual([
      {},
      { "orders@virginia": born },
    ]);
  });

  it("empties a stack of which nothing is left", () => {
    const graph = makeStackGraph(
      spec([component("vpc", "network")]),
      spec([component("vpc", "network"), component("db", "data", ["vpc"])]),
    );
    expect(graph.stacks.map((stack) => [stack.name, stack.prune?.components])).toEqual([
      ["shop.virginia.network", undefined],
      ["shop.virginia.data", []],
    ]);
  });

  it("refuses to turn a component into one of another type", () => {
    const next = spec([component("db", "data", [], { type: "mysql" })]);
    const make = () => makeStackGraph(next, spec([component("db", "data", [], { type: "postgres" })]));
    expect(make).toThrow(TerraneError);
    expect(make).toThrow('"db@virginia" is a postgres and would become a mysql');
  });

  it("refuses stacks that depend on each other, with the whole path", () => {
    const components = [
      component("a", "network"),
      component("b", "network", ["d@iowa"]),
      component("c", "network", ["a@virginia"], { site: "iowa" }),
      component("d", "network", [], { site: "iowa" }),
    ];
    expect(() => makeStackGraph(spec(components))).toThrow(
      "stacks depend on each other in a circle: shop.iowa.network → shop.virginia.network → shop.iowa.network",
    );
  });

  it("gives a stack the other sites that its components reach into", () => {
    const graph = makeStackGraph(
      spec([component("vpc", "network", [], { site: "iowa" }), component("link", "traffic", ["vpc@iowa"])]),
    );
    expect(Object.keys(graph.stacks[1]?.converge.otherSites ?? {})).toEqual(["iowa"]);
  });

  it("freezes what it makes", () => {
    const graph = makeStackGraph(spec([component("vpc", "network")]));
    expect(Object.isFrozen(graph.stacks[0]?.converge.components[0]?.fields)).toBe(true);
  });
});
