/** Whatever is moved: no resource is lost or doubled, and every reference leads to what it led to before. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Checkpoint, StateEntry } from "../../../src/state/deployment/checkpoint.ts";
import { moveResources } from "../../../src/state/deployment/move-resources.ts";
import type { ResourceMove } from "../../../src/state/store.ts";

const stacks = ["shop.east.network", "shop.east.data", "shop.west.data"];
const componentType = "terrane:component:Thing";
const partType = "aws:sqs/queue:Queue";

interface Part {
  /** The earlier parts of its stack that it depends on, counted from the first. */
  readonly needs: readonly number[];
  /** An older one is still to be deleted. */
  readonly hasOlder: boolean;
  readonly isSetAside: boolean;
}

interface Component {
  readonly stack: number;
  readonly parts: readonly Part[];
  /** Where it goes; undefined: it stays. */
  readonly to: number | undefined;
}

const part = fc.record({
  needs: fc.array(fc.nat(8), { maxLength: 3 }),
  hasOlder: fc.boolean(),
  isSetAside: fc.boolean(),
});
const component: fc.Arbitrary<Component> = fc.record({
  stack: fc.nat(2),
  parts: fc.array(part, { maxLength: 4 }),
  to: fc.option(fc.nat(2), { nil: undefined }),
});

const urnOf = (stack: string, types: string, name: string) =>
  `urn:pulumi:${stack}::terrane::${types}::${name}`;
const rootOf = (stack: string) => urnOf(stack, "pulumi:pulumi:Stack", `terrane-${stack}`);
const providerOf = (stack: string) => urnOf(stack, "pulumi:providers:aws", "aws");
const partName = (at: number, place: number) => `c${at}-${place}`;
const partOf = (stack: string, at: number, place: number) =>
  urnOf(stack, `${componentType}$${partType}`, partName(at, place));

/** The states of all stacks, with an id on every part that says which one it is. */
function statesOf(components: readonly Component[]): ReadonlyMap<string, Checkpoint> {
  return new Map(
    stacks.map((stack, number) => {
      const resources: object[] = [
        { urn: rootOf(stack), type: "pulumi:pulumi:Stack" },
        { urn: providerOf(stack), type: "pulumi:providers:aws", custom: true, id: `aws-${stack}` },
      ];
      const earlier: string[] = [];
      const older: object[] = [];
      for (const [at, each] of components.entries()) {
        if (each.stack !== number) continue;
        const own = urnOf(stack, componentType, `c${at}`);
        resources.push({ urn: own, type: componentType, parent: rootOf(stack) });
        for (const [place, { needs, hasOlder }] of each.parts.entries()) {
          const dependencies = [...new Set(needs.flatMap((need) => earlier[need] ?? []))];
          const entry = {
            urn: partOf(stack, at, place),
            ...{ type: partType, custom: true, id: partName(at, place), parent: own },
            ...{ provider: `${providerOf(stack)}::aws-${stack}`, dependencies },
            ...{ propertyDependencies: { needs: dependencies }, inputs: { needs: dependencies } },
          };
          resources.push(entry);
          if (hasOlder) older.push({ ...entry, id: `${entry.id}-older`, delete: true, dependencies: [] });
          earlier.push(entry.urn);
        }
      }
      const filled = [...resources, ...older].map((each) => ({
        ...{ custom: false, delete: false, protect: false, ...each },
      }));
      return [stack, { checkpoint: { latest: { resources: filled as StateEntry[] } } }];
    }),
  );
}

/** Components under other names in other stacks; parts of those that stay set aside, with what they replaced. */
function movesOf(components: readonly Component[]): readonly ResourceMove[] {
  return components.flatMap(({ stack: number, to, parts }, at) => {
    const stack = stacks[number] ?? "";
    const target = stacks[to ?? number] ?? "";
    if (to !== undefined) {
      return [
        {
          from: { stack, urn: urnOf(stack, componentType, `c${at}`) },
          to: { stack: target, urn: urnOf(target, componentType, `moved${at}`) },
        },
        ...parts.flatMap((_, place) =>
          target === stack
            ? []
            : [
                {
                  from: { stack, urn: partOf(stack, at, place) },
                  to: { stack: target, urn: partOf(target, at, place) },
                },
              ],
        ),
      ];
    }
    return parts.flatMap(({ isSetAside, hasOlder }, place): ResourceMove[] => {
      const urn = partOf(stack, at, place);
      const aside = (mark: string) => ({ from: { stack, urn }, to: { stack, urn: `${urn}~${mark}` } });
      return [
        ...(isSetAside ? [aside("new")] : []),
        ...(isSetAside && hasOlder ? [{ ...aside("old"), replaced: true as const }] : []),
      ];
    });
  });
}

function after(
  states: ReadonlyMap<string, Checkpoint>,
  moves: readonly ResourceMove[],
): ReadonlyMap<string, Checkpoint> {
  const changed = moveResources(states, { resources: moves, providers: {}, stacks });
  return new Map(
    stacks.flatMap((stack) => {
      const now = changed.get(stack)?.checkpoint ?? states.get(stack);
      return now === undefined || now === "gone" ? [] : [[stack, now] as const];
    }),
  );
}

const entriesOf = (checkpoint: Checkpoint | undefined) => checkpoint?.checkpoint.latest?.resources ?? [];

/** Id → where it stands, for everything a cloud has. */
function placesOf(states: ReadonlyMap<string, Checkpoint>) {
  return [...states].flatMap(([stack, state]) =>
    entriesOf(state).flatMap((each) =>
      each.type === partType ? [`${each.id} ${stack} ${each.urn}${each.delete ? " older" : ""}`] : [],
    ),
  );
}

describe("moving any resources between any states", () => {
  it("puts each where it is to stand, once, and leaves all others where they are", () => {
    fc.assert(
      fc.property(fc.array(component, { maxLength: 5 }), (components) => {
        const states = statesOf(components);
        const moves = movesOf(components);
        const expected = placesOf(states).map((place) => {
          const [id, stack, urn] = place.split(" ");
          const isOlder = place.endsWith(" older");
          const own = moves.filter((each) => each.from.stack === stack && each.from.urn === urn);
          const move = own.find((each) => (each.replaced ?? false) === isOlder) ?? own[0];
          const stays = isOlder && move?.replaced !== true ? " older" : "";
          return move === undefined ? place : `${id} ${move.to.stack} ${move.to.urn}${stays}`;
        });
        expect(placesOf(after(states, moves)).sort()).toEqual(expected.sort());
      }),
    );
  });

  it("leaves states that an engine can read: one of each URN, and all it refers to before it, in the same stack", () => {
    fc.assert(
      fc.property(fc.array(component, { maxLength: 5 }), (components) => {
        for (const [stack, state] of after(statesOf(components), movesOf(components))) {
          const seen = new Set<string>();
          const providers = new Set<string>();
          for (const entry of entriesOf(state)) {
            expect(entry.urn.startsWith(`urn:pulumi:${stack}::`)).toBe(true);
            expect(seen.has(entry.urn) && !entry.delete).toBe(false);
            const properties = Object.values(entry.propertyDependencies ?? {}).flatMap((urns) => urns ?? []);
            for (const urn of [entry.parent ?? [], entry.dependencies ?? [], properties].flat()) {
              expect(seen).toContain(urn);
            }
            if (entry.provider !== undefined) expect(providers).toContain(entry.provider);
            seen.add(entry.urn);
            providers.add(`${entry.urn}::${entry.id}`);
          }
        }
      }),
    );
  });

  it("keeps every dependency on what is in the same stack afterwards, whatever it is called then", () => {
    const idsNeeded = (states: ReadonlyMap<string, Checkpoint>) =>
      [...states.values()].flatMap((state) => {
        const ids = new Map(entriesOf(state).map((each) => [each.delete ? "" : each.urn, each.id]));
        return entriesOf(state).flatMap(({ id, delete: older, dependencies }) =>
          older ? [] : (dependencies ?? []).map((urn) => `${id} needs ${ids.get(urn)}`),
        );
      });
    fc.assert(
      fc.property(fc.array(component, { maxLength: 5 }), (components) => {
        const states = statesOf(components);
        const now = after(states, movesOf(components));
        const home = new Map(placesOf(now).map((place) => place.split(" ").slice(0, 2) as [string, string]));
        const kept = idsNeeded(states).filter((needed) => {
          const [from = "", to = ""] = needed.split(" needs ");
          return home.get(from) === home.get(to);
        });
        expect(idsNeeded(now).filter((each) => !each.includes("older"))).toEqual(
          expect.arrayContaining(kept),
        );
      }),
    );
  });

  it("is undone by the moves back", () => {
    fc.assert(
      fc.property(fc.array(component, { maxLength: 5 }), (components) => {
        const states = statesOf(components);
        const moves = movesOf(components).filter((move) => move.replaced !== true);
        const back = moves.map(({ from, to }) => ({ from: to, to: from }));
        expect(placesOf(after(after(states, moves), back)).sort()).toEqual(placesOf(states).sort());
      }),
    );
  });
});
