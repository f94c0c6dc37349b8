/**
 * What a rebuild may find an environment to have been made from: its record, or its documents as they are now, where the
 * record is of an earlier day or gone. Which of them it was, only a plan on what the clouds hold tells.
 */
import { isDeepStrictEqual } from "node:util";
import { TerraneError } from "../../errors.ts";
import type { EnvironmentRecord } from "../../model/record.ts";
import type { OpenProject } from "../project/open-project.ts";
import {
  type Prepared,
  type PreparedUp,
  prepareRecorded,
  prepareUp,
  type UpWish,
} from "../project/prepare.ts";
import type { Candidate } from "./prove-rebuilt.ts";
import { simulatedInventory } from "./simulated-inventory.ts";

export interface Candidates extends AsyncDisposable {
  /** The first one that fits counts. */
  readonly candidates: readonly Candidate[];
  /** Everything that any of them has: what may be there. */
  readonly whole: Prepared;
  /** What an `up` of the documents would leave in the ledger; absent where they are gone, wrong, or as the record is. */
  readonly documents?: PreparedUp;
}

/**
 * @throws TerraneError `not-in-this-release` on a live target; where there is no record: `environment-not-found` when the
 * clouds hold nothing of it either, `state-foreign` when what they hold is of several lives, or why its documents cannot
 * be used
 */
export async function findCandidates(
  project: OpenProject,
  name: string,
  record: EnvironmentRecord | undefined,
  startedBy: string,
): Promise<Candidates> {
  if (record === undefined) return await fromDocuments(project, name, startedBy);
  assertAskable(record);
  const recorded = await prepareRecorded(project, record);
  const fromRecord: Candidate = { spec: "record", prepared: recorded };
  const documents = await documentsOf(project, name, { target: undefined, startedBy });
  if (documents === undefined) return { candidates: [fromRecord], whole: recorded, ...nothingHeld };
  return {
    candidates: [fromRecord, { spec: "documents", prepared: documents }],
    // Its converge phase is what is new, and what the record has beside it.
    whole: documents,
    documents,
    [Symbol.asyncDispose]: () => documents[Symbol.asyncDispose](),
  };
}

const nothingHeld = { [Symbol.asyncDispose]: async () => {} };

/** A provider of a live cloud knows no way of finding instead of making. */
function assertAskable({ name, target }: EnvironmentRecord): void {
  if (target === "simulated") return;
  throw new TerraneError(
    "not-in-this-release",
    `${name} is on live clouds, which cannot be asked by tags yet`,
    {
      next: "Bring a backup of the state back: `terrane state restore` or `terrane state push`. Nothing was changed.",
    },
  );
}

/** Undefined where they say nothing else than the record, or cannot be used: then the record alone has to fit. */
async function documentsOf(
  project: OpenProject,
  name: string,
  wish: UpWish,
): Promise<PreparedUp | undefined> {
  try {
    const found = await prepareUp(project, name, wish);
    const { record, spec, moves } = found;
    // What was renamed since stands under other names than it would be looked for.
    if (moves.length === 0 && !isDeepStrictEqual(written(record?.applied), written(spec))) return found;
    await found[Symbol.asyncDispose]();
    return undefined;
  } catch (error) {
    if (error instanceof TerraneError) return undefined;
    throw error;
  }
}

/** What comes back of a value that was written down: plain objects, nothing undefined. */
function written(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null));
}

async function fromDocuments(project: OpenProject, name: string, startedBy: string): Promise<Candidates> {
  const made = (await simulatedInventory(project.app.clouds).listTagged(name)).filter(
    ({ resource }) => resource !== undefined,
  );
  const lives = [...new Set(made.map(({ incarnation }) => incarnation ?? "no incarnation"))];
  const [incarnation, ...others] = lives;
  if (incarnation === undefined) {
    throw new TerraneError(
      "environment-not-found",
      `the environment ${name} is neither on record nor in the clouds`,
    );
  }
  if (others.length > 0) {
    throw new TerraneError("state-foreign", `the clouds hold ${name} of several lives: ${lives.join(", ")}`, {
      next: `Look at them with \`terrane cloud ls --environment ${name}\`, and delete all but one.`,
    });
  }
  const documents = await prepareUp(project, name, { target: "simulated", startedBy, incarnation });
  return {
    candidates: [{ spec: "documents", prepared: documents }],
    whole: documents,
    documents,
    [Symbol.asyncDispose]: () => documents[Symbol.asyncDispose](),
  };
}
