/**
 * Reads checkpoints, and believes only what is what was saved. Of anything else it says what is wrong, how it differs
 * from the newest good one, and how that one comes back. Changes nothing.
 */
import { type ErrorCode, messageOf, TerraneError } from "../../errors.ts";
import { readStackClaim } from "../../ledger/stack-claim.ts";
import type { StateDifference } from "../../model/saved-state.ts";
import type { Database } from "../../sql/database.ts";
import { parseCanonical } from "../deployment/canonical.ts";
import { compareStates } from "../deployment/compare.ts";
import { assertReadable, parseDeployment, type VersionedDeployment } from "../deployment/deployment.ts";
import { faultsOf } from "../deployment/integrity.ts";
import {
  type CheckpointInfo,
  type PackedCheckpoint,
  readCheckpoints,
  readPacked,
} from "./checkpoint-rows.ts";
import { digestOf, unpack } from "./pack.ts";
import { type Stack, toName } from "./stack-rows.ts";

export interface Checkpoint extends CheckpointInfo {
  /** Canonical text of a `VersionedDeployment`. */
  readonly text: Buffer;
}

export interface Reading {
  readonly database: Database;
  readonly now: () => Date;
}

/** How a stack is called on the command line: those of terrane itself without their project. */
export function commandName({ project, name }: Pick<Stack, "project" | "name">): string {
  return project === "terrane" ? name : `${project}/${name}`;
}

/**
 * Undefined where there is none of that serial; the newest is always there.
 * @throws TerraneError `state-corrupt`, `state-tampered`, `state-newer`
 */
export async function readCheckpoint(
  reading: Reading,
  stack: Stack,
  serial: number,
): Promise<Checkpoint | undefined> {
  const opened = await openCheckpoint(reading.database, stack, serial);
  if (opened === undefined || !("what" in opened)) return opened;
  throw await damaged(reading, stack, serial, opened);
}

/**
 * What a stack holds, for whoever is to build on it: whole, readable and with nothing dangling.
 * @throws TerraneError `state-corrupt`, `state-tampered`, `state-newer`
 */
export async function readSound(
  reading: Reading,
  stack: Stack,
  serial = stack.serial,
): Promise<VersionedDeployment | undefined> {
  const checkpoint = await readCheckpoint(reading, stack, serial);
  if (checkpoint === undefined) return undefined;
  const state = parseCanonical(stack.name, checkpoint.text);
  assertReadable(stack.name, state);
  const damage = danglingIn(state);
  if (damage === undefined) return state;
  throw await damaged(reading, stack, serial, damage);
}

/** What is wrong with a checkpoint. */
export interface Damage {
  readonly code: Extract<ErrorCode, "state-corrupt" | "state-tampered">;
  /** Follows its name: `is not JSON`. */
  readonly what: string;
  /** What stands there all the same, where it can be read. */
  readonly found?: { readonly state: VersionedDeployment; readonly digest: string };
}

export async function openCheckpoint(
  database: Database,
  stack: Stack,
  serial: number,
): Promise<Checkpoint | Damage | undefined> {
  const row = await readPacked(database, stack, serial);
  const isNewest = serial === stack.serial;
  if (row === undefined) {
    return isNewest && serial > 0 ? { code: "state-corrupt", what: "is missing" } : undefined;
  }
  return openRow(stack, row, isNewest ? await savedDigest(database, stack) : row.digest);
}

/** The environment that a stack belongs to; those of plain Pulumi projects belong to none. */
export function environmentOf({ project, name }: Pick<Stack, "project" | "name">): string | undefined {
  const [environment, ...rest] = name.split(".");
  return project === "terrane" && rest.length === 2 ? environment : undefined;
}

/** Of the newest checkpoint: the audit is believed over the stack's row, which is as easily written as a checkpoint. */
async function savedDigest(database: Database, stack: Stack): Promise<string> {
  const environment = environmentOf(stack);
  if (environment === undefined) return stack.digest;
  const claim = await readStackClaim(database, environment, toName(stack));
  return claim?.serial === stack.serial ? claim.digest : stack.digest;
}

/** @param trusted digest of what was saved, whatever became of the one beside it */
async function openRow(stack: Stack, row: PackedCheckpoint, trusted: string): Promise<Checkpoint | Damage> {
  let text: Buffer;
  try {
    text = await unpack(`checkpoint ${row.serial} of ${stack.name}`, row.packed);
  } catch (error) {
    if (error instanceof TerraneError && error.code === "state-newer") throw error;
    return { code: "state-corrupt", what: "cannot be unpacked: it is cut short or overwritten" };
  }
  const digest = digestOf(text);
  if (digest === trusted) {
    const { packed: _, ...info } = row;
    return { ...info, text };
  }
  const digests = `its digest is ${short(digest)}, and ${short(trusted)} was saved`;
  try {
    const state = parseDeployment(stack.name, text);
    return { code: "state-tampered", what: `was changed by hand: ${digests}`, found: { state, digest } };
  } catch (error) {
    return { code: "state-corrupt", what: `is not what was saved: ${digests}; ${messageOf(error)}` };
  }
}

function danglingIn({ deployment }: VersionedDeployment): Damage | undefined {
  const [first, ...others] = faultsOf(deployment);
  if (first === undefined) return undefined;
  const more = others.length === 0 ? "" : `, and ${others.length} faults more`;
  return { code: "state-corrupt", what: `does not hold together: ${first.path}: ${first.message}${more}` };
}

async function damaged(
  reading: Reading,
  stack: Stack,
  serial: number,
  { code, what, found }: Damage,
): Promise<TerraneError> {
  const good = await findGood(reading.database, stack, serial);
  const called = commandName(stack);
  const difference = good && found ? compareStates(good.state.deployment, found.state.deployment) : undefined;
  const sentences = [
    `the state of ${called} (checkpoint ${serial}) ${what}`,
    ...(difference === undefined ? [] : [describe(difference, good?.info.serial ?? 0)]),
    good === undefined
      ? "no earlier checkpoint is good"
      : `the newest good one is checkpoint ${good.info.serial}, ${age(good.info, reading.now())}, of ${good.info.resources} resources`,
    ...(found === undefined
      ? []
      : [`if the change is right: \`terrane state restore ${called} --accept ${short(found.digest)}\``]),
  ];
  return new TerraneError(code, sentences.join("; "), {
    next:
      good === undefined
        ? "Restore the ledger's database from a backup."
        : `terrane state restore ${called} --serial ${good.info.serial}`,
    details: {
      stack: called,
      serial,
      ...(good === undefined ? {} : { good: { serial: good.info.serial, createdAt: good.info.createdAt } }),
      ...(found === undefined ? {} : { found: found.digest }),
    },
  });
}

interface GoodCheckpoint {
  readonly info: CheckpointInfo;
  readonly state: VersionedDeployment;
}

/** The newest earlier one that is whole and holds together. */
async function findGood(
  database: Database,
  stack: Stack,
  below: number,
): Promise<GoodCheckpoint | undefined> {
  for (const { serial } of await readCheckpoints(database, stack)) {
    if (serial >= below) continue;
    const opened = await openCheckpoint(database, stack, serial);
    if (opened === undefined || "what" in opened) continue;
    const { text, ...info } = opened;
    const state = parseCanonical(stack.name, text);
    if (danglingIn(state) === undefined) return { info, state };
  }
  return undefined;
}

/** Differences told before the rest is only counted. */
const mostTold = 3;

function describe({ resources, others }: StateDifference, serial: number): string {
  const changes = resources.flatMap(({ kind, urn, properties }) =>
    kind === "changed"
      ? properties.map(({ path, before, after }) => ({
          isWeighty: weighty.has(path),
          text: `${urn}: ${path} ${show(before)} → ${show(after)}`,
        }))
      : [{ isWeighty: true, text: `${urn} ${kind}` }],
  );
  const told = [
    ...changes.filter(({ isWeighty }) => isWeighty),
    ...changes.filter(({ isWeighty }) => !isWeighty),
    ...others.map(({ path }) => ({ text: `${path} changed` })),
  ].map(({ text }) => text);
  if (told.length === 0) return `it says the same as checkpoint ${serial}`;
  const rest = told.length > mostTold ? `, and ${told.length - mostTold} more` : "";
  return `beside checkpoint ${serial}: ${told.slice(0, mostTold).join(", ")}${rest}`;
}

/** What an edit by hand is mostly about; told before what an update may have changed since that checkpoint. */
const weighty: ReadonlySet<string> = new Set(
  "id type parent provider protect delete retainOnDelete custom external".split(" "),
);

function show(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** To one unit: enough to tell an hour from a week. */
function age({ createdAt }: CheckpointInfo, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - Date.parse(createdAt)) / 1000));
  if (seconds < 120) return `${seconds} s old`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min old`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h old` : `${Math.round(seconds / 86_400)} d old`;
}

/** Enough of a digest to name it. */
function short(digest: string): string {
  return digest.slice(0, 12);
}
