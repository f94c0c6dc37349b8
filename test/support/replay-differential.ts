/** Holds our replay of a journal against the engine's own, entry by entry, and counts what was seen on the way. */
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type { DeployedResource, Deployment, VersionedDeployment } from "../../src/state/deployment.ts";
import { entryKinds, type JournalEntry, parseEntry } from "../../src/state/journal-entry.ts";
import { Replay } from "../../src/state/replay.ts";
import type { Journal, Judge, Replayed } from "./replay-judge.ts";
import { engine, now } from "./states.ts";

/** How often each thing occurred in the journals that were compared. */
export class Coverage {
  readonly counts = new Map<string, number>();
  states = 0;
  /** States of the engine that do not pass its own check: there is nothing to be equal to. */
  unsound = 0;

  note(entry: JournalEntry): void {
    for (const [name, kind] of Object.entries(entryKinds)) if (kind === entry.kind) this.#count(name);
    for (const field of fields) if (typeof entry[field] === "number") this.#count(field);
    if (entry.isRefresh) this.#count("isRefresh");
    if (entry.operation) this.#count(entry.operation.type);
    const state = entry.state;
    if (!state) return;
    if (state.aliases?.length) this.#count("aliases");
    if (state.viewOf) this.#count("views");
    if (state.deletedWith) this.#count("deletedWith");
    if (state["external"]) this.#count("external");
    if (state["importID"]) this.#count("imported");
    if (JSON.stringify(state).includes("1b47061264138c4ac30d75fd1eb44270")) this.#count("secrets");
  }

  notePending(state: Deployment): void {
    if (state.pending_operations?.length) this.#count("pending");
  }

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }
}

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
    coverage.states++;
    coverage.notePending(ours.deployment);
    if (judged.integrity !== "" || judged.unreadable !== "") {
      coverage.unsound++;
      expect(canonical(withoutReplaceWith(ours))).toEqual(canonical(withoutReplaceWith(judged.state)));
    } else {
      expect(canonical(ours)).toEqual(canonical(judged.state));
    }
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

/** The one field in which the engine's replayer itself makes states that do not pass. */
function withoutReplaceWith(state: VersionedDeployment): VersionedDeployment {
  const strip = ({ replaceWith: _, ...resource }: DeployedResource) => resource as DeployedResource;
  const { resources } = state.deployment;
  return {
    ...state,
    deployment: { ...state.deployment, ...(resources ? { resources: resources.map(strip) } : {}) },
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

/** Nothing, everything, and a few in between, drawn from the seed. */
export function cutsOf(length: number, seed: number, count: number): readonly number[] {
  const cuts = new Set([0, length]);
  let drawn = seed;
  for (let i = 0; i < count && length > 0; i++) {
    drawn = (Math.imul(drawn, 1_103_515_245) + 12_345) & 0x7fffffff;
    cuts.add(drawn % (length + 1));
  }
  return [...cuts].sort((one, other) => one - other);
}
