/** How updates begin, and how those end that nobody ended. */
import { randomUUID } from "node:crypto";
import { TerraneError } from "../../errors.ts";
import type { Lease } from "../../ledger/lease.ts";
import type { Statement } from "../../sql/database.ts";
import { assertHere } from "../backends/place.ts";
import { emptyState, parseCanonical } from "../deployment/canonical.ts";
import type { BegunOperation, VersionedDeployment } from "../deployment/deployment.ts";
import type { IsSameSecret } from "../deployment/keep-sealed.ts";
import { RunningUpdate, type UpdateSurroundings } from "./running-update.ts";
import { readCheckpoint } from "./sound-checkpoint.ts";
import type { Stack } from "./stack-rows.ts";
import {
  endUpdate,
  insertUpdate,
  nothingAbout,
  readUpdate,
  type Update,
  type UpdateAbout,
  type UpdateKind,
} from "./update-rows.ts";
import { writeHeld } from "./write-held.ts";

export interface BeginUpdate {
  /** Default: a new one. */
  readonly id?: string;
  readonly kind: UpdateKind;
  readonly lease: Lease;
  readonly about?: UpdateAbout;
  /** Version that the engine calls itself by, `v3.250.0`: what it saves says so. */
  readonly engine?: string;
  /** Secrets that are the same stay sealed as they are. Default: nobody knows of any. */
  readonly isSameSecret?: IsSameSecret;
}

/** @throws TerraneError `state-moved`, `lease-lost`, `plan-stale`, `state-corrupt` */
export async function beginUpdate(
  surroundings: UpdateSurroundings,
  stack: Stack,
  { id = randomUUID(), kind, lease, about, engine, isSameSecret }: BeginUpdate,
): Promise<RunningUpdate> {
  const { database, now } = surroundings;
  assertHere(stack);
  const update = newUpdate(stack, { id, kind, lease, at: now(), ...(about === undefined ? {} : { about }) });
  const base = await baseOf(surroundings, stack);
  await writeHeld(database, stack, lease, insertUpdate(update));
  return new RunningUpdate(surroundings, {
    stack,
    update,
    base,
    ...(engine === undefined ? {} : { engine }),
    ...(isSameSecret === undefined ? {} : { isSameSecret }),
  });
}

function newUpdate(
  stack: Stack,
  {
    id,
    kind,
    lease,
    about,
    at,
  }: Required<Pick<BeginUpdate, "id" | "kind" | "lease">> & {
    readonly about?: UpdateAbout;
    readonly at: Date;
  },
): Update {
  return {
    ...{ id, kind, lease, stack: stack.id, version: stack.version + 1, status: "running" },
    about: about ?? nothingAbout,
    baseSerial: stack.serial,
    serial: undefined,
    changes: undefined,
    startedAt: at.toISOString(),
    endedAt: undefined,
  };
}

/** The update that an import is, to be written behind its checkpoint: it begins and ends there. */
export function importedAs(
  stack: Stack,
  lease: Lease,
  at: Date,
): { readonly id: string; readonly statements: readonly Statement[] } {
  const serial = stack.serial + 1;
  const update = newUpdate({ ...stack, serial }, { id: randomUUID(), kind: "import", lease, at });
  const end = { status: "succeeded", serial, changes: undefined, at: update.startedAt } as const;
  return { id: update.id, statements: [...insertUpdate(update), ...endUpdate(update, end)] };
}

export async function closeInterrupted(
  surroundings: UpdateSurroundings,
  stack: Stack,
  lease: Lease,
): Promise<Update | undefined> {
  if (stack.activeUpdate === undefined) return undefined;
  const update = await readUpdate(surroundings.database, stack.activeUpdate);
  if (update === undefined) {
    throw new TerraneError("state-corrupt", `${stack.name} names an update that is not there`);
  }
  const base = await baseOf(surroundings, stack);
  const running = new RunningUpdate(surroundings, { stack, update, base });
  await running.takeJournal();
  await running.end("interrupted", lease);
  return readUpdate(surroundings.database, update.id);
}

/** What an update that is open has begun and not ended, as far as it is on record; nothing is written. */
export async function readBegun(
  surroundings: UpdateSurroundings,
  stack: Stack,
): Promise<readonly BegunOperation[]> {
  const { activeUpdate } = stack;
  const update =
    activeUpdate === undefined ? undefined : await readUpdate(surroundings.database, activeUpdate);
  if (update === undefined) return [];
  const running = new RunningUpdate(surroundings, { stack, update, base: await baseOf(surroundings, stack) });
  await running.takeJournal();
  return running.begun;
}

async function baseOf(surroundings: UpdateSurroundings, stack: Stack): Promise<VersionedDeployment> {
  const checkpoint = await readCheckpoint(surroundings, stack, stack.serial);
  return checkpoint === undefined ? emptyState : parseCanonical(stack.name, checkpoint.text);
}
