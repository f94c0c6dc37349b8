/**
 * Rewrites states so that resources stand under other URNs, in the same stack or in another, as the engine would have
 * written them had they always stood there. Pure: nothing is read, nothing is stored, no cloud is asked.
 */
import { isDeepStrictEqual } from "node:util";
import { TerraneError } from "../../errors.ts";
import type { ResourcePlace, StateMoves } from "../store.ts";
import type { Checkpoint, PendingOperation, StateEntry } from "./checkpoint.ts";
import { isProvider, isRoot, nameOf, rootOf, withStack } from "./urns.ts";

export interface MovedState {
  /** `gone`: nothing is left in it that anybody uses. */
  readonly checkpoint: Checkpoint | "gone";
  /** The stack that a new one began as the twin of; absent where the stack was there before. */
  readonly sealedAs?: string;
  /** Entries that came from other stacks: their secrets are still sealed with the key of those. */
  readonly foreign: readonly { readonly entry: StateEntry; readonly from: string }[];
}

/**
 * @param states of every stack that the moves touch, by name; a stack to be made is not among them
 * @returns the stacks that change
 * @throws TerraneError `plan-stale` when a resource to be moved is not there, or its place is taken
 */
export function moveResources(
  states: ReadonlyMap<string, Checkpoint>,
  moves: StateMoves,
): ReadonlyMap<string, MovedState> {
  return new Mover(states, moves).run();
}

/** One stack while it is rewritten. */
interface Target {
  readonly stack: string;
  readonly base: Checkpoint;
  readonly sealedAs?: string;
  /** What stood here before. */
  readonly residents: StateEntry[];
  /** What comes from other stacks; needs nothing of the residents but providers, so it stands behind them. */
  readonly arrivals: StateEntry[];
  readonly operations: PendingOperation[];
  readonly foreign: { readonly entry: StateEntry; readonly from: string }[];
  /** Something of it went to another stack. */
  left: boolean;
  changed: boolean;
}

class Mover {
  readonly #states: ReadonlyMap<string, Checkpoint>;
  readonly #moves: StateMoves;
  /** `<stack> <URN>` → place. */
  readonly #places: ReadonlyMap<string, ResourcePlace>;
  /** Those of several resources of one URN that are replaced and go their own way. */
  readonly #older = new Map<object, ResourcePlace>();
  /** Every URN there is to become another, whatever its stack: a URN names its stack. */
  readonly #urns = new Map<string, string>();
  readonly #targets = new Map<string, Target>();

  constructor(states: ReadonlyMap<string, Checkpoint>, moves: StateMoves) {
    this.#states = states;
    this.#moves = moves;
    this.#places = new Map(
      moves.resources.flatMap(({ from, to, replaced }) =>
        replaced ? [] : [[`${from.stack} ${from.urn}`, to] as const],
      ),
    );
    for (const { from, to, replaced } of moves.resources) {
      const entry = replaced ? this.#olderAt(from) : undefined;
      if (entry !== undefined) this.#older.set(entry, to);
    }
  }

  run(): ReadonlyMap<string, MovedState> {
    this.#assertPossible();
    for (const [stack, checkpoint] of this.#states) this.#openTarget(stack, checkpoint);
    for (const [stack, checkpoint] of this.#states) {
      for (const entry of checkpoint.checkpoint.latest?.resources ?? []) {
        const { urn } = this.#placeOf(stack, entry);
        if (urn !== entry.urn && !entry.delete) this.#urns.set(entry.urn, urn);
      }
    }
    for (const [stack, checkpoint] of this.#states) this.#distribute(stack, checkpoint);
    for (const stack of this.#states.keys()) this.#dropForsakenProviders(stack);
    return new Map(
      [...this.#targets.values()]
        .filter((target) => target.changed)
        .map((target) => [target.stack, this.#toMoved(target)]),
    );
  }

  #assertPossible(): void {
    if (this.#older.size < this.#moves.resources.filter(({ replaced }) => replaced).length) {
      throw new TerraneError("plan-stale", "what was replaced is no longer there");
    }
    for (const { from, to, replaced } of this.#moves.resources) {
      const there = replaced || this.#entriesOf(from.stack).some((each) => each.urn === from.urn);
      if (!there) throw new TerraneError("plan-stale", `${from.stack} no longer holds ${from.urn}`);
      const taken = this.#entriesOf(to.stack).some(
        (entry) => entry.urn === to.urn && this.#placeOf(to.stack, entry).urn === to.urn,
      );
      if (taken) throw new TerraneError("plan-stale", `${to.stack} holds ${to.urn} already`);
    }
  }

  #openTarget(stack: string, base: Checkpoint, sealedAs?: string): Target {
    const known = this.#targets.get(stack);
    if (known !== undefined) return known;
    const target: Target = {
      stack,
      base,
      residents: [],
      arrivals: [],
      operations: [],
      foreign: [],
      left: false,
      changed: sealedAs !== undefined,
      ...(sealedAs === undefined ? {} : { sealedAs }),
    };
    this.#targets.set(stack, target);
    return target;
  }

  /** Where a resource of a stack stands afterwards; what it replaced goes with it, unless that has a move of its own. */
  #placeOf(stack: string, entry: Pick<StateEntry, "urn">): ResourcePlace {
    const { urn } = entry;
    const moved = this.#older.get(entry) ?? this.#places.get(`${stack} ${urn}`);
    if (moved !== undefined) return moved;
    return { stack, urn: isProvider(urn) ? this.#renameProvider(urn) : urn };
  }

  /** What is replaced itself means the replaced one of two that share a URN; everything else means the other. */
  #referredFrom(stack: string, entry: StateEntry, urn: string): ResourcePlace {
    const older = entry.delete
      ? this.#entriesOf(stack).find((each) => each.urn === urn && this.#older.has(each))
      : undefined;
    return this.#placeOf(stack, older ?? { urn });
  }

  #olderAt({ stack, urn }: ResourcePlace): StateEntry | undefined {
    return this.#entriesOf(stack).find((each) => each.urn === urn && each.delete && !this.#older.has(each));
  }

  #renameProvider(urn: string): string {
    const name = nameOf(urn);
    return urn.slice(0, urn.length - name.length) + (this.#moves.providers[name] ?? name);
  }

  #distribute(stack: string, checkpoint: Checkpoint): void {
    const { latest } = checkpoint.checkpoint;
    const source = this.#targetFor(stack, stack);
    for (const entry of latest?.resources ?? []) {
      const target = this.#targetFor(this.#placeOf(stack, entry).stack, stack);
      const rewritten = this.#rewrite(entry, stack, target);
      if (target === source) {
        source.residents.push(rewritten);
        source.changed ||= !isDeepStrictEqual(rewritten, entry);
        continue;
      }
      target.arrivals.push(rewritten);
      target.foreign.push({ entry: rewritten, from: stack });
      target.changed = source.changed = source.left = true;
    }
    for (const operation of latest?.pending_operations ?? []) {
      const target = this.#targetFor(this.#placeOf(stack, operation.resource).stack, stack);
      const resource = this.#rewrite(operation.resource, stack, target);
      target.operations.push({ ...operation, resource });
      if (target !== source) target.foreign.push({ entry: resource, from: stack });
    }
  }

  /** The stack that something of `from` goes to; a new one begins as `from`'s twin, with its root and its key. */
  #targetFor(stack: string, from: string): Target {
    const known = this.#targets.get(stack);
    if (known !== undefined) return known;
    const base = this.#states.get(from);
    const root = base?.checkpoint.latest?.resources?.find((entry) => isRoot(entry.urn));
    if (base === undefined || root === undefined) {
      throw new TerraneError("state-corrupt", `the state of ${from} has no root`);
    }
    const { stack: name, latest } = base.checkpoint;
    const twin: Checkpoint = {
      ...base,
      checkpoint: {
        ...base.checkpoint,
        ...(name === undefined ? {} : { stack: name.replace(from, stack) }),
        latest: { ...latest, resources: [], pending_operations: [] },
      },
    };
    const target = this.#openTarget(stack, twin, from);
    target.residents.push({ ...root, urn: rootOf(root.urn, from, stack), outputs: {} });
    return target;
  }

  /** An entry of `from` as it stands in `target`: what it refers to and leaves behind is forgotten until the next `up`. */
  #rewrite(entry: StateEntry, from: string, target: Target): StateEntry {
    const place = this.#placeOf(from, entry);
    const inTarget = (urn: string): string[] => {
      const to = this.#referredFrom(from, entry, urn);
      return to.stack === target.stack ? [to.urn] : [];
    };
    const { parent, provider, dependencies, propertyDependencies, deletedWith, replaceWith } = entry;
    const propertyLists = Object.entries(propertyDependencies ?? {}).map(([key, urns]) => [
      key,
      urns?.flatMap(inTarget) ?? null,
    ]);
    const [heldBy] = deletedWith === undefined ? [] : inTarget(deletedWith);
    const { deletedWith: _, ...rest } = entry;
    return {
      ...rest,
      urn: place.urn,
      // Under a URN of its own it is no longer the older one of two.
      delete: entry.delete && place.urn === this.#placeOf(from, { urn: entry.urn }).urn,
      ...("inputs" in entry ? { inputs: this.#rewriteValue(entry["inputs"]) } : {}),
      ...(entry.outputs ? { outputs: this.#rewriteProperties(entry.outputs) } : {}),
      ...(parent === undefined ? {} : { parent: this.#parentOf(parent, from, target.stack) }),
      ...(provider === undefined ? {} : { provider: this.#providerFor(provider, from, target) }),
      ...(dependencies ? { dependencies: dependencies.flatMap(inTarget) } : {}),
      ...(propertyDependencies ? { propertyDependencies: Object.fromEntries(propertyLists) } : {}),
      ...(heldBy === undefined ? {} : { deletedWith: heldBy }),
      ...(replaceWith ? { replaceWith: replaceWith.flatMap(inTarget) } : {}),
    };
  }

  #parentOf(parent: string, from: string, stack: string): string {
    return isRoot(parent) ? rootOf(parent, from, stack) : this.#placeOf(from, { urn: parent }).urn;
  }

  /** References to resources among properties are plain URNs. */
  #rewriteValue(value: unknown): unknown {
    if (typeof value === "string") return this.#urns.get(value) ?? value;
    if (Array.isArray(value)) return value.map((each) => this.#rewriteValue(each));
    if (typeof value !== "object" || value === null) return value;
    return this.#rewriteProperties(value);
  }

  #rewriteProperties(properties: object): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(properties).map(([key, each]) => [key, this.#rewriteValue(each)]),
    );
  }

  /** A stack that has the provider already lends its own; any other gets a copy. */
  #providerFor(reference: string, from: string, target: Target): string {
    const urn = reference.slice(0, reference.lastIndexOf("::"));
    const id = reference.slice(urn.length + 2);
    if (from === target.stack) return `${this.#renameProvider(urn)}::${id}`;
    const there = this.#renameProvider(withStack(urn, target.stack));
    const known =
      this.#entriesOf(target.stack).find(
        (entry) => !entry.delete && this.#placeOf(target.stack, entry).urn === there,
      ) ?? target.arrivals.find((entry) => entry.urn === there);
    if (known !== undefined) return `${there}::${known.id ?? id}`;
    const provider = this.#entriesOf(from).find((entry) => entry.urn === urn && entry.id === id);
    if (provider === undefined) throw new TerraneError("state-corrupt", `${from} has no provider ${urn}`);
    const copy = { ...this.#rewrite(provider, from, target), urn: there };
    target.arrivals.push(copy);
    target.foreign.push({ entry: copy, from });
    return `${there}::${id}`;
  }

  /** Providers that only what went away has used go with it. */
  #dropForsakenProviders(stack: string): void {
    const target = this.#targets.get(stack);
    if (target?.left !== true) return;
    const used = new Set([...target.residents, ...target.arrivals].map((entry) => entry.provider));
    const usedBefore = new Set(
      this.#entriesOf(stack).flatMap(({ provider }) =>
        provider === undefined ? [] : [this.#providerFor(provider, stack, target)],
      ),
    );
    const kept = target.residents.filter((entry) => {
      const reference = `${entry.urn}::${entry.id}`;
      return !isProvider(entry.urn) || used.has(reference) || !usedBefore.has(reference);
    });
    target.residents.splice(0, target.residents.length, ...kept);
  }

  #entriesOf(stack: string): readonly StateEntry[] {
    return this.#states.get(stack)?.checkpoint.latest?.resources ?? [];
  }

  #toMoved(target: Target): MovedState {
    const resources = [...target.residents, ...target.arrivals];
    const isEmpty = resources.every((entry) => isRoot(entry.urn) || isProvider(entry.urn));
    if (target.left && isEmpty && target.operations.length === 0) return { checkpoint: "gone", foreign: [] };
    const { checkpoint } = target.base;
    const latest = { ...checkpoint.latest, resources, pending_operations: target.operations };
    return {
      checkpoint: { ...target.base, checkpoint: { ...checkpoint, latest } },
      foreign: target.foreign,
      ...(target.sealedAs === undefined ? {} : { sealedAs: target.sealedAs }),
    };
  }
}
