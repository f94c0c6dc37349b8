/**
 * Before a change is planned: ends what an engine that was killed has left open. A create that was begun is looked up
 * in the clouds; what it has made is taken into the state, so that no second one is made and nothing is lost. Updates
 * and deletes that were begun are read again.
 */
import { TerraneError } from "../../errors.ts";
import type { CloudInventory } from "../../model/cloud-inventory.ts";
import { addCounts, type ChangeCounts, noChanges } from "../../model/plan.ts";
import type { StateSummary } from "../../state/store.ts";
import type { Change } from "../applying/change.ts";
import { stacksOf } from "../planning/plan-moves.ts";
import { findMade, type Testimony } from "./find-made.ts";

/** What became of one step that was begun and whose end nobody had recorded. */
export interface BegunOutcome {
  readonly stack: string;
  readonly urn: string;
  /** As the engine calls it: `creating`, `updating`, `deleting`, … */
  readonly operation: string;
  /**
   * `kept`: it was made and is in the state now. `absent`: it was not made. `there`, `gone`: what was being changed or
   * deleted, as its cloud has it now.
   */
  readonly became: "kept" | "absent" | "there" | "gone";
  readonly id?: string;
}

/** What a process that is gone has left, put in order. */
export interface Adopted {
  /** What was open, and what became of each. */
  readonly begun: readonly BegunOutcome[];
  /** Stack → what had been done there by the update that broke off. */
  readonly done: ReadonlyMap<string, ChangeCounts>;
}

/** Whether a state has something that was begun and whose end nobody recorded, and the clouds can be asked about it. */
export async function hasBegun(change: Change): Promise<boolean> {
  return change.inventory !== undefined && (await findOpen(change)).length > 0;
}

/**
 * Under the environment's lease: otherwise what is open may be somebody's who works on it. Where the clouds cannot be
 * asked, the state stays as it is and the engine warns of it.
 * @throws TerraneError `made-twice`, `create-unknowable`; the engine's error where the state cannot be brought in order
 */
export async function adoptBegun(change: Change, testimony: Testimony = {}): Promise<Adopted> {
  const { inventory, tenure } = change;
  const closed = await Promise.all(
    stacksOf(change).map(async (stack) => {
      return [stack, await change.state.closeInterrupted(stack, tenure.lease)] as const;
    }),
  );
  const done = new Map(closed.map(([stack, counts]) => [stack, toCounts(counts)]));
  if (inventory === undefined) return { begun: [], done };
  const outcomes: BegunOutcome[] = [];
  for (const { stack, pending } of await findOpen(change)) {
    const ended = await adoptStack(change, stack, pending, { inventory, testimony });
    for (const outcome of ended) {
      const message = describe(outcome);
      change.emit({ type: "diagnostic", stack, severity: "info", urn: outcome.urn, message });
    }
    outcomes.push(...ended);
  }
  for (const { stack, became, operation } of outcomes) {
    const also = {
      create: became === "kept" ? 1 : 0,
      delete: became === "gone" && operation === "deleting" ? 1 : 0,
    };
    done.set(stack, addCounts([done.get(stack) ?? noChanges, { ...noChanges, ...also }]));
  }
  return { begun: outcomes, done };
}

function toCounts(changes: Readonly<Record<string, number>> | undefined): ChangeCounts {
  const { create = 0, update = 0, replace = 0, delete: deleted = 0 } = changes ?? {};
  return { create, update, replace, delete: deleted, same: 0 };
}

interface Open {
  readonly stack: string;
  readonly pending: StateSummary["pending"];
}

/** Nothing is moved yet: what was begun stands where it was begun. */
async function findOpen(change: Change): Promise<readonly Open[]> {
  const open = await Promise.all(
    stacksOf(change).map(async (stack): Promise<Open> => {
      return { stack, pending: (await change.state.read(stack))?.pending ?? [] };
    }),
  );
  return open.filter(({ pending }) => pending.length > 0);
}

async function adoptStack(
  change: Change,
  stack: string,
  pending: StateSummary["pending"],
  { inventory, testimony }: { readonly inventory: CloudInventory; readonly testimony: Testimony },
): Promise<readonly BegunOutcome[]> {
  const environment = change.graph.environment.name;
  const { signal } = change;
  await using lease = await change.state.open(stack, { lease: change.tenure.lease });
  const { error, creates } = await change.engine.adopt(stack, lease.access, (begun) =>
    findMade(begun, { inventory, environment, testimony, signal }),
  );
  if (error !== undefined) throw error;
  const ids = new Map(creates.map(({ urn, id }) => [urn, id]));
  const left = await change.state.read(stack);
  if (left !== undefined && left.pending.length > 0) {
    throw new TerraneError("state-corrupt", `${stack}: what was begun stays open: ${left.pending[0]?.urn}`);
  }
  const there = new Map((left?.resources ?? []).map((resource) => [resource.urn, resource.id]));
  const outcomes = pending.map(({ urn, operation }): BegunOutcome => {
    const id = operation === "creating" ? ids.get(urn) : there.get(urn);
    const isThere = operation === "creating" ? id !== undefined : there.has(urn);
    const [yes, no] = operation === "creating" ? (["kept", "absent"] as const) : (["there", "gone"] as const);
    return { stack, urn, operation, became: isThere ? yes : no, ...(id === undefined ? {} : { id }) };
  });
  return outcomes;
}

function describe({ operation, became }: BegunOutcome): string {
  const begun = `an interrupted operation was ${operation} it`;
  switch (became) {
    case "kept":
      return `${begun}, and it exists: kept`;
    case "absent":
      return `${begun}, and had made nothing`;
    case "there":
      return `${begun}: read again, as its cloud has it`;
    case "gone":
      return `${begun}, and it is gone`;
  }
}
