/**
 * Rewrites states so that resources stand under other URNs, in the same stack or in another, as the engine would have
 * written them had they always stood there. Pure: nothing is read, nothing is stored, no cloud is asked.
 */
import { isDeepStrictEqual } from "node:util";
import { TerraneError } from "../errors.ts";
import type { Checkpoint, PendingOperation, StateEntry } from "./checkpoint.ts";
import type { StateMoves } from "./store.ts";

export interface MovedState {
  /** `gone`: nothing is left in it that anybody uses. */
  readonly checkpoint: Checkpoint | "gone";
  /** The stack whose key seals the secrets of a new stack; absent where the stack was there before. */
  readonly sealedAs?: string;
  /** Entries that came from stacks with another key: their secrets are still sealed with that one. */
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

const rootType = "pulumi:pulumi:Stack";
const providerPrefix = "pulumi:providers:";

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
  readonly #places: ReadonlyMap<string, { readonly stack: string; readonly urn: string }>;
  /** Every URN there is to become another, whatever its stack: a URN names its stack. */
  readonly #urns = new Map<string, string>();
  readonly #targets = new Map<string, Target>();

  constructor(states: ReadonlyMap<string, Checkpoint>, moves: StateMoves) {
    this.#states = states;
    this.#moves = moves;
    this.#places = new Map(moves.resources.map(({ from, to }) => [`${from.stack} ${from.urn}`, to]));
  }

  run(): ReadonlyMap<string, MovedState> {
    this.#assertPossible();
    for (const [stack, checkpoint] of this.#states) this.#openTarget(stack, checkpoint);
    for (const [stack, checkpoint] of this.#states) {
      for (const entry of checkpoint.checkpoint.latest?.resources ?? []) {
        const { urn } = this.#placeOf(stack, entry.urn);
        if (urn !== entry.urn) this.#urns.set(entry.urn, urn);
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
    for (const { from, to } of this.#moves.resources) {
      const has = (place: { readonly stack: string; readonly urn: string }) =>
        this.#entriesOf(place.stack).some((entry) => entry.urn === place.urn);
      if (!has(from)) throw new TerraneError("plan-stale", `${from.stack} no longer holds ${from.urn}`);
      if (has(to)) throw new TerraneError("plan-stale", `${to.stack} holds ${to.urn} already`);
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

  /** Where a resource of a stack stands afterwards. */
  #placeOf(stack: string, urn: string): { readonly stack: string; readonly urn: string } {
    const moved = this.#places.get(`${stack} ${urn}`);
    if (moved !== undefined) return moved;
    return isProvider(urn) ? { stack, urn: this.#renameProvider(urn) } : { stack, urn };
  }

  #renameProvider(urn: string): string {
    const name = urn.slice(urn.lastIndexOf("::") + 2);
    return urn.slice(0, urn.length - name.length) + (this.#moves.providers[name] ?? name);
  }

  #distribute(stack: string, checkpoint: Checkpoint): void {
    const { latest } = checkpoint.checkpoint;
    const source = this.#targetFor(stack, stack);
    for (const entry of latest?.resources ?? []) {
      const target = this.#targetFor(this.#placeOf(stack, entry.urn).stack, stack);
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
      const target = this.#targetFor(this.#placeOf(stack, operation.resource.urn).stack, stack);
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
    const root = base?.checkpoint.latest?.resources?.find((entry) => entry.type === rootType);
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
    const inTarget = (urn: string): string[] => {
      const to = this.#placeOf(from, urn);
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
      urn: this.#placeOf(from, entry.urn).urn,
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
    return typeOf(parent) === rootType ? rootOf(parent, from, stack) : this.#placeOf(from, parent).urn;
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
    if (from === target.stack) return `${this.#placeOf(from, urn).urn}::${id}`;
    const there = this.#renameProvider(withStack(urn, target.stack));
    const known =
      this.#entriesOf(target.stack).find(
        (entry) => this.#placeOf(target.stack, entry.urn).urn === there && !entry.delete,
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
    const used = new Set(target.residents.map((entry) => entry.provider));
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
    const isEmpty = resources.every((entry) => entry.type === rootType || isProvider(entry.urn));
    if (target.left && isEmpty && target.operations.length === 0) return { checkpoint: "gone", foreign: [] };
    const { checkpoint } = target.base;
    const latest = { ...checkpoint.latest, resources, pending_operations: target.operations };
    return {
      checkpoint: { ...target.base, checkpoint: { ...checkpoint, latest } },
      foreign: target.foreign.filter(({ from }) => from !== target.sealedAs),
      ...(target.sealedAs === undefined ? {} : { sealedAs: target.sealedAs }),
    };
  }
}

function typeOf(urn: string): string {
  return urn.split("::")[2] ?? "";
}

function isProvider(urn: string): boolean {
  return typeOf(urn).startsWith(providerPrefix);
}

function withStack(urn: string, stack: string): string {
  return urn.replace(/^urn:pulumi:.*?::/, `urn:pulumi:${stack}::`);
}

/** `<project>-<stack>` is the name of a root. */
function rootOf(urn: string, from: string, to: string): string {
  const moved = withStack(urn, to);
  return moved.endsWith(`-${from}`) ? `${moved.slice(0, -from.length)}${to}` : moved;
}
