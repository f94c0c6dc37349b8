/** Holds our replay of a journal against the engine's own, entry by entry, and counts what was seen on the way. */
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type {
  DeployedResource,
  Deployment,
  VersionedDeployment,
} from "../../src/state/deployment/deployment.ts";
import { entryKinds, type JournalEntry, parseEntry } from "../../src/state/deployment/journal-entry.ts";
import { Replay } from "../../src/state/deployment/replay.ts";
import type { Journal, Judge, Replayed } from "./replay-judge.ts";
import { engine, now } from "./states.ts";

/** How often each thing occurred in the journals that were compared. */
export class Coverage {
  readonly #counts = new Map<string, number>();
  journals = 0;
  states = 0;
  /** States of the engine that do not pass its own check. */
  unsound = 0;
  /** Programs that brought the engine down. */
  crashed = 0;

  get occurred(): readonly string[] {
    return [...this.#counts.keys()];
  }

  note(entry: JournalEntry): void {
    for (const [name, kind] of Object.entries(entryKinds)) if (kind === entry.kind) this.#count(name);
    for (const field of fields) if (typeof entry[field] === "number") this.#count(field);
    if (entry.isRefresh) this.#count("isRefresh");
    if (entry.operation) this.#count(entry.operation.type);
    for (const [what, has] of Object.entries(traits)) if (entry.state && has(entry.state)) this.#count(what);
  }

  noteState(state: Deployment): void {
    this.states++;
    if (state.pending_operations?.length) this.#count("pending");
    if (state.extensions) this.#count("extensions");
  }

  toString(): string {
    const counts = [...this.#counts].map(([what, count]) => `${what} ${count}`).join(", ");
    return `${this.journals} journals, ${this.states} states (${this.unsound} unsound, ${this.crashed} crashes): ${counts}`;
  }

  #count(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }
}

/** What a resource has that a replay may get wrong. */
const traits: Readonly<Record<string, (resource: DeployedResource) => boolean>> = {
  aliases: ({ aliases }) => Boolean(aliases?.length),
  views: ({ viewOf }) => Boolean(viewOf),
  deletedWith: ({ deletedWith }) => Boolean(deletedWith),
  replaceWith: ({ replaceWith }) => Boolean(replaceWith?.length),
  external: (resource) => Boolean(resource["external"]),
  imported: (resource) => Boolean(resource["importID"]),
  secrets: (resource) => JSON.stringify(resource).includes("1b47061264138c4ac30d75fd1eb44270"),
};

const fields = [
  "removeOld",
  "removeNew",
  "deleteOld",
  "deleteNew",
  "pendingReplacementOld",
  "pendingReplacementNew",
] as const;

/** Compares the states after every one of `cuts` entries; the first that differs is written down and told. */
export async function compareReplays(
  judge: Judge,
  journal: Journal,
  {
    cuts,
    coverage,
    name,
  }: { readonly cuts: readonly number[]; readonly coverage: Coverage; readonly name: string },
): Promise<void> {
  const entries = journal.entries.map(parseEntry);
  coverage.journals++;
  for (const entry of entries) coverage.note(entry);
  for (const judged of await judge.replay(journal, cuts)) {
    const failure = compare(journal, entries, judged, coverage);
    if (failure === undefined) continue;
    const file = join(await mkdtemp(join(tmpdir(), "terrane-replay-")), "case.json");
    await writeFile(
      file,
      JSON.stringify({ ...journal, entries: entries.slice(0, judged.cut), judged }, null, 1),
    );
    throw new Error(`${name} (${journal.what}) differs after ${judged.cut} entries: ${file}`, {
      cause: failure,
    });
  }
}

function compare(
  { base }: Journal,
  entries: readonly JournalEntry[],
  judged: Replayed,
  coverage: Coverage,
): unknown {
  try {
    const replay = new Replay(base);
    if (judged.failed !== "") {
      expect(() => runTo(replay, entries, judged.cut)).toThrow();
      return undefined;
    }
    const ours = runTo(replay, entries, judged.cut);
    coverage.noteState(ours.deployment);
    const isUnsound = judged.integrity !== "" || judged.unreadable !== "";
    if (isUnsound) coverage.unsound++;
    const compared =
      isUnsound || hasEmptyUrn(judged.state) ? withoutReplaceWith : (state: VersionedDeployment) => state;
    expect(canonical(compared(ours))).toEqual(canonical(compared(judged.state)));
    return undefined;
  } catch (error) {
    return error;
  }
}

function runTo(replay: Replay, entries: readonly JournalEntry[], cut: number): VersionedDeployment {
  for (const entry of entries.slice(0, cut)) replay.add(entry);
  return replay.deployment({ now, engine });
}

/** Without what may differ: the moment, the order of what is pending, and lists that Go leaves out when empty. */
function canonical({ version, features, deployment }: VersionedDeployment) {
  const { manifest, pending_operations: pending, resources, ...rest } = deployment;
  return {
    version,
    features: features ?? [],
    ...rest,
    manifest: { ...manifest, time: undefined },
    resources: resources ?? [],
    pending: (pending ?? []).map((each) => JSON.stringify(sorted(each))).sort(),
  };
}

/** What the engine's replayer leaves somewhere for each `replaceWith` that dangled. */
function hasEmptyUrn({ deployment }: VersionedDeployment): boolean {
  return deployment.resources?.some(({ replaceWith }) => replaceWith?.includes("")) ?? false;
}

/** The one field in which the engine's replayer itself makes states that do not pass, and what follows from it. */
function withoutReplaceWith({ deployment, features }: VersionedDeployment): VersionedDeployment {
  const strip = (resource: DeployedResource) => ({ ...resource, replaceWith: undefined });
  const others = features?.filter((feature) => feature !== "replaceWith") ?? [];
  return {
    version: others.length,
    features: others,
    deployment: { ...deployment, resources: deployment.resources?.map(strip) ?? [] },
  };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}

/** Nothing, everything, and a few in between. */
export function cutsOf(length: number, draw: Draw, count: number): readonly number[] {
  const cuts = new Set([0, length]);
  for (let i = 0; i < count; i++) cuts.add(draw(length + 1));
  return [...cuts].sort((one, other) => one - other);
}

/**
 * The same journal as it may arrive when steps run side by side: entries change places with neighbours that have nothing
 * to do with them.
 */
export function permuted(journal: Journal, draw: Draw): Journal {
  const entries = journal.entries.map(parseEntry);
  for (let i = 0; i < 3 * entries.length; i++) {
    const at = draw(entries.length);
    const [one, other] = [entries[at], entries[at + 1]];
    if (one && other && areIndependent(one, other)) entries.splice(at, 2, other, one);
  }
  return { ...journal, what: `${journal.what}, permuted`, entries };
}

function areIndependent(one: JournalEntry, other: JournalEntry): boolean {
  if (one.operationID === 0 || other.operationID === 0) return false;
  const of = (entry: JournalEntry) => [
    `operation ${entry.operationID}`,
    ...[entry.removeNew, entry.deleteNew, entry.pendingReplacementNew].map((each) => `operation ${each}`),
    ...[entry.removeOld, entry.deleteOld, entry.pendingReplacementOld].map((each) => `base ${each}`),
  ];
  const touched = new Set(of(one).filter((each) => !/null|undefined/.test(each)));
  return !of(other).some((each) => touched.has(each));
}

/** A whole number from 0 on, below the one given. */
export type Draw = (below: number) => number;

/** The same numbers for the same seed. Source of the generator: mulberry32, public domain. */
export function drawFrom(seed: number): Draw {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Journals of one source, each as it came and as it may have come, held against the engine's own replayer. */
export async function compareMany(
  judge: Judge,
  source: "engine" | "steps",
  { seeds, coverage }: { readonly seeds: Iterable<number>; readonly coverage: Coverage },
): Promise<void> {
  for (const seed of seeds) {
    const journal = await judge[source](seed);
    if (journal === undefined) {
      coverage.crashed++;
      continue;
    }
    const draw = drawFrom(seed);
    for (const each of [journal, permuted(journal, draw)]) {
      const cuts = cutsOf(each.entries.length, draw, 4);
      await compareReplays(judge, each, { cuts, coverage, name: `${source}, seed ${seed}` });
    }
  }
}

export function* seedsFrom(first: number, count: number): Iterable<number> {
  for (let i = 0; i < count; i++) yield first + i;
}
