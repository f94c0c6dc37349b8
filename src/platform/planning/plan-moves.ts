/**
 * Which moves are left to make, told by what the states hold, and how each resource is called before and after. A part
 * keeps its name: it is named for what its component was born as.
 */
import type { Lease } from "../../ledger/lease.ts";
import type { Ledger, RecordedOutputs } from "../../ledger/ledger.ts";
import type { PlanMove } from "../../model/plan.ts";
import { type ComponentMove, stackOf } from "../../model/spec.ts";
import type { StateMoves, StateReader, StateResource } from "../../state/store.ts";
import type { Change } from "../applying/change.ts";

export interface PlannedMoves {
  readonly moves: readonly PlanMove[];
  readonly states: StateMoves;
}

const componentPrefix = "terrane:component:";
const providerPrefix = "pulumi:providers:";

/** Undefined where everything stands where it belongs. */
export async function planMoves(
  change: Pick<Change, "graph" | "moves" | "state">,
): Promise<PlannedMoves | undefined> {
  if (change.moves.length === 0) return undefined;
  const environment = change.graph.environment.name;
  const stacks = stacksOf(change);
  const held = await resourcesByStack(stacks, change.state);
  const taken = new Set([...held.values()].flat().map((resource) => resource.urn));
  const left = change.moves.flatMap((move) => {
    const planned = planMove(environment, move, held);
    const [root] = planned?.resources ?? [];
    if (planned === undefined || root === undefined || taken.has(root.to)) return [];
    taken.add(root.to);
    return [{ move, planned }];
  });
  if (left.length === 0) return undefined;
  return {
    moves: left.map(({ planned }) => planned),
    states: {
      resources: left.flatMap(({ planned: { from, to, resources } }) =>
        resources.map((each) => ({
          from: { stack: from.stack, urn: each.from },
          to: { stack: to.stack, urn: each.to },
        })),
      ),
      providers: renamedProviders(
        left.map(({ move }) => move),
        held,
      ),
      stacks,
    },
  };
}

/** Every stack of the environment, under the names it has and those it may have had. */
export function stacksOf({ graph, moves }: Pick<Change, "graph" | "moves">): readonly string[] {
  const { name } = graph.environment;
  const moved = moves.flatMap(({ from, to }) => [stackOf(name, from), stackOf(name, to)]);
  return [...new Set([...graph.stacks.map((stack) => stack.name), ...moved])];
}

/** What the ledger has of moved components goes with them. Can be done again. */
export async function moveOutputs(
  ledger: Ledger,
  lease: Lease,
  environment: string,
  moves: readonly ComponentMove[],
): Promise<void> {
  const outputs = new Map(await ledger.readOutputs(environment));
  const changed = new Set<string>();
  for (const { from, to } of moves) {
    const [source, target] = [stackOf(environment, from), stackOf(environment, to)];
    const { [from.component]: own, ...others } = outputs.get(source) ?? {};
    if (own === undefined) continue;
    outputs.set(source, others);
    outputs.set(target, { ...outputs.get(target), [to.component]: own } satisfies RecordedOutputs);
    changed.add(source).add(target);
  }
  for (const stack of changed) {
    const left = outputs.get(stack) ?? {};
    if (Object.keys(left).length === 0) await ledger.removeOutputs(lease, environment, stack);
    else await ledger.saveOutputs(lease, environment, stack, left);
  }
}

type Held = ReadonlyMap<string, readonly StateResource[]>;

async function resourcesByStack(stacks: readonly string[], state: StateReader): Promise<Held> {
  return new Map(
    await Promise.all(
      stacks.map(async (stack) => [stack, (await state.read(stack))?.resources ?? []] as const),
    ),
  );
}

function planMove(environment: string, { from, to }: ComponentMove, held: Held): PlanMove | undefined {
  const [source, target] = [stackOf(environment, from), stackOf(environment, to)];
  const resources = held.get(source) ?? [];
  const root = resources.find(
    ({ urn, type }) => type.startsWith(componentPrefix) && nameOf(urn) === from.component,
  );
  if (root === undefined) return undefined;
  const parts = new Set([root.urn]);
  // In a state a parent stands before its children.
  for (const { urn, parent } of resources) if (parent !== undefined && parts.has(parent)) parts.add(urn);
  const [, ...rest] = parts;
  const elsewhere = (urn: string) => `urn:pulumi:${target}::${urn.split("::").slice(1).join("::")}`;
  const renamed = `${elsewhere(root.urn).slice(0, -from.component.length)}${to.component}`;
  const moves = [{ from: root.urn, to: renamed }, ...rest.map((urn) => ({ from: urn, to: elsewhere(urn) }))];
  return {
    type: root.type.slice(componentPrefix.length),
    from: { stack: source, component: from.component },
    to: { stack: target, component: to.component },
    // A part that stays in its stack keeps its URN.
    resources: moves.filter((each) => each.from !== each.to),
  };
}

/** Providers are named for their site, or for a component in it: `virginia`, `cluster@virginia`. */
function renamedProviders(moves: readonly ComponentMove[], held: Held): StateMoves["providers"] {
  const sites = new Map(moves.map(({ from, to }) => [from.site, to.site]));
  const names = [...held.values()]
    .flat()
    .flatMap(({ urn, type }) => (type.startsWith(providerPrefix) ? [nameOf(urn)] : []));
  return Object.fromEntries(
    names.flatMap((name) => {
      const site = name.slice(name.indexOf("@") + 1);
      const now = sites.get(site);
      return now === undefined || now === site
        ? []
        : [[name, `${name.slice(0, name.length - site.length)}${now}`]];
    }),
  );
}

/** `urn:pulumi:<stack>::<project>::<types from the parent down>::<name>` */
function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
