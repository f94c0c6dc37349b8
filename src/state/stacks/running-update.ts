/**
 * One update at work: what its engine says is made durable under the lease, entry by entry, and kept as a running
 * replay, so that its end is one checkpoint in one transaction.
 */
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { z } from "zod";
import { type ErrorCode, TerraneError } from "../../errors.ts";
import { writeAudited } from "../../ledger/audit.ts";
import { heldBy, type Lease, leaseLost } from "../../ledger/lease.ts";
import type { Retention } from "../../model/retention.ts";
import { trace } from "../../model/trace-points.ts";
import type { Database, Statement } from "../../sql/database.ts";
import { canonicalEntry, countsOf, formatBody, formatHead } from "../deployment/canonical.ts";
import { type BegunOperation, toDeployment, type VersionedDeployment } from "../deployment/deployment.ts";
import { noteIntegrity } from "../deployment/integrity.ts";
import { type JournalEntry, parseEntry } from "../deployment/journal-entry.ts";
import { type IsSameSecret, keepSealed } from "../deployment/keep-sealed.ts";
import { Replay } from "../deployment/replay.ts";
import { dropCheckpoints, saveCheckpoint } from "./checkpoint-rows.ts";
import { digestOf, packState } from "./pack.ts";
import { entryOf, savedAct } from "./stack-act.ts";
import type { Stack } from "./stack-rows.ts";
import type { UnsavedBatch, UnsavedJournal } from "./unsaved-journal.ts";
import {
  addEvents,
  appendJournal,
  dropEvents,
  endUpdate,
  type Update,
  type UpdateEnd,
} from "./update-rows.ts";

const compress = promisify(gzip);
const decompress = promisify(gunzip);

export interface UpdateSurroundings {
  readonly database: Database;
  readonly retention: Retention;
  readonly now: () => Date;
  /** Where entries go that the database cannot take; absent: they are lost with their engine. */
  readonly unsaved?: UnsavedJournal;
}

/** What the database says when it is out of reach or full. */
const goneCodes: readonly ErrorCode[] = ["database-unavailable", "disk-full", "permission-denied"];

function isGone(error: unknown): error is TerraneError {
  return error instanceof TerraneError && goneCodes.includes(error.code);
}

/** How an update came to its end. */
export interface EndedUpdate {
  readonly status: UpdateEnd["status"];
  /** Of the checkpoint it leaves: the one it began with where it changed nothing. */
  readonly serial: number;
  readonly digest: string;
}

/** Version of the engine that a manifest names where the engine does not say. */
const unknownEngine = "";

export interface UpdateParts {
  readonly stack: Stack;
  readonly update: Update;
  /** The checkpoint that the update begins with. */
  readonly base: VersionedDeployment;
  readonly engine?: string;
  readonly isSameSecret?: IsSameSecret;
}

export class RunningUpdate {
  readonly update: Update;
  readonly #stack: Stack;
  readonly #surroundings: UpdateSurroundings;
  readonly #base: VersionedDeployment;
  readonly #isSameSecret: IsSameSecret;
  readonly #replay: Replay;
  readonly #engine: string;
  /** The newest whole state, of an engine that sends no entries. */
  #whole: VersionedDeployment | undefined;
  #batch = 0;
  #events: Uint8Array[] = [];
  #changes: Readonly<Record<string, number>> | undefined;
  #ended: EndedUpdate | undefined;

  constructor(surroundings: UpdateSurroundings, { stack, update, base, engine, isSameSecret }: UpdateParts) {
    this.update = update;
    this.#stack = stack;
    this.#surroundings = surroundings;
    this.#base = base;
    this.#isSameSecret = isSameSecret ?? (() => false);
    this.#replay = new Replay(base.deployment);
    this.#engine = engine ?? base.deployment.manifest?.version ?? unknownEngine;
  }

  /**
   * Durable when it resolves.
   * @param bytes the entries as the engine sent them: gzip of `{ "entries": […] }`
   * @throws TerraneError `lease-lost`; `state-not-saved` when the database took nothing, and a file did
   */
  async append(entries: readonly JournalEntry[], bytes: Uint8Array): Promise<void> {
    const { id } = this.update;
    const traced = { stack: this.#stack.name, update: id, entries };
    trace("journal:append", traced);
    const batch = this.#batch++;
    await this.#write([appendJournal(id, batch, bytes)]).catch(async (cause: unknown) => {
      throw await this.#keepUnsaved({ batch, bytes, entries, cause });
    });
    for (const entry of entries) this.#replay.add(canonicalEntry(entry));
    trace("journal:durable", traced);
  }

  /** For entries that are not all of those that came together. */
  async appendEntries(entries: readonly JournalEntry[]): Promise<void> {
    await this.append(entries, await compress(JSON.stringify({ entries })));
  }

  /**
   * The state as a whole, from an engine that keeps no journal. Durable when it resolves.
   * @throws TerraneError `lease-lost`, `state-corrupt`, `state-newer`
   */
  async replaceWhole(state: VersionedDeployment): Promise<void> {
    const { id } = this.update;
    const bytes = await compress(JSON.stringify({ whole: state }));
    await this.#write([
      { sql: "DELETE FROM journal WHERE update_id = ?", parameters: [id] },
      appendJournal(id, this.#batch++, bytes),
    ]);
    this.#whole = state;
  }

  /** What was begun and has not ended, as far as it is on record. */
  get begun(): readonly BegunOperation[] {
    return this.#whole?.deployment.pending_operations ?? this.#replay.begun;
  }

  /** As the engine has counted them; of one that died, as its journal has. */
  get changes(): Readonly<Record<string, number>> | undefined {
    return this.#changes ?? (this.#whole === undefined ? this.#replay.changes : undefined);
  }

  /** What the engine tells of its progress, gzip as it came; kept until the end, since nothing depends on it. */
  addEvents(bytes: Uint8Array, changes: Readonly<Record<string, number>> | undefined): void {
    this.#events.push(bytes);
    this.#changes = changes ?? this.#changes;
  }

  /**
   * Takes what an earlier process had made durable.
   * @throws TerraneError `state-corrupt`
   */
  async takeJournal(): Promise<void> {
    const rows = await this.#surroundings.database.read<{ batch: number; bytes: Uint8Array }>(
      "SELECT batch, bytes FROM journal WHERE update_id = ? ORDER BY batch",
      [this.update.id],
    );
    for (const { batch, bytes } of rows) {
      this.#batch = batch + 1;
      const { entries, whole } = await this.#parseBatch(bytes);
      for (const entry of entries) this.#replay.add(canonicalEntry(parseEntry(entry)));
      if (whole !== undefined) this.#whole = toDeployment(this.#stack.name, whole);
    }
  }

  /**
   * Leaves the checkpoint and closes the update, in one transaction. A second call answers what the first one did.
   * @throws TerraneError `lease-lost`; `state-corrupt` when the entries do not make a state; `state-not-saved` when the
   *   database is gone and files hold what it did not take
   */
  async end(status: UpdateEnd["status"], lease = this.update.lease): Promise<EndedUpdate> {
    if (this.#ended !== undefined) return this.#ended;
    try {
      return await this.#leave(status, lease);
    } catch (cause) {
      const { unsaved } = this.#surroundings;
      if (!isGone(cause) || unsaved === undefined) throw cause;
      throw unsaved.tell(this.#stack.name, this.update.id, this.#begun(), cause) ?? cause;
    }
  }

  /** URNs of what has a begin and no end. */
  #begun(): readonly string[] {
    const { now } = this.#surroundings;
    const { deployment } = this.#replay.deployment({ now: now(), engine: this.#engine });
    return (deployment.pending_operations ?? []).map(({ resource }) => resource.urn);
  }

  async #leave(status: UpdateEnd["status"], lease: Lease): Promise<EndedUpdate> {
    const { database, now, retention } = this.#surroundings;
    const at = now();
    await this.#takeUnsaved();
    const said = this.#whole ?? this.#replay.deployment({ now: at, engine: this.#engine });
    const state = noteIntegrity(keepSealed(this.#base, said, this.#isSameSecret));
    trace("update:ending", { stack: this.#stack.name, update: this.update.id });
    const text = await this.#nextText(state);
    const serial = text === undefined ? this.#stack.serial : this.#stack.serial + 1;
    const saved = text === undefined ? undefined : await packState(text);
    const save =
      saved === undefined
        ? []
        : saveCheckpoint(this.#stack, {
            packed: saved,
            ...countsOf(state),
            reason: status === "interrupted" ? "interrupted" : "update",
            update: this.update.id,
            at: at.toISOString(),
          });
    const events =
      this.#events.length === 0 ? [] : [addEvents(this.update.id, 0, Buffer.concat(this.#events))];
    const statements = [
      heldBy(lease),
      ...save,
      ...endUpdate(this.update, { status, serial, changes: this.changes, at: at.toISOString() }),
      ...events,
      dropEvents(this.#stack.id, this.update.version),
      dropCheckpoints(this.#stack.id, serial, retention, at),
    ];
    const head = { serial, digest: saved?.digest ?? this.#stack.digest };
    const act = savedAct(this.#stack, head, { at, facts: { reason: this.update.kind, status } });
    const entries = saved === undefined ? [] : [await entryOf(database, lease, act)];
    const result = await writeAudited(database, statements, entries);
    if (!result.ok) throw result.failed === 0 ? leaseLost(lease) : this.#lost(result.failed);
    this.#ended = { status, ...head };
    trace("update:ended", { stack: this.#stack.name, update: this.update.id, serial });
    await this.#surroundings.unsaved?.drop(this.update.id);
    return this.#ended;
  }

  async #keepUnsaved(failed: Omit<UnsavedBatch, "cause"> & { readonly cause: unknown }): Promise<unknown> {
    const { cause, ...rest } = failed;
    const { unsaved } = this.#surroundings;
    if (!isGone(cause) || unsaved === undefined) return cause;
    return unsaved.keep(this.#stack.name, this.update.id, { ...rest, cause });
  }

  /** An entry that reached the database after all counts once. */
  async #takeUnsaved(): Promise<void> {
    for (const bytes of (await this.#surroundings.unsaved?.take(this.update.id)) ?? []) {
      const { entries } = await this.#parseBatch(bytes);
      for (const entry of entries) this.#replay.add(canonicalEntry(parseEntry(entry)));
    }
  }

  /** The text to be saved; undefined where it says what the last checkpoint says. */
  async #nextText(state: VersionedDeployment): Promise<Buffer | undefined> {
    const body = await formatBody(state);
    const { manifest } = this.#base.deployment;
    if (this.#stack.serial > 0) {
      const sameManifest = Buffer.concat([formatHead(state, manifest), body]);
      if (digestOf(sameManifest) === this.#stack.digest) return undefined;
    }
    return Buffer.concat([formatHead(state, state.deployment.manifest), body]);
  }

  async #parseBatch(bytes: Uint8Array): Promise<z.infer<typeof batchSchema>> {
    try {
      return batchSchema.parse(JSON.parse((await decompress(bytes)).toString("utf8")));
    } catch (cause) {
      throw new TerraneError("state-corrupt", `the journal of ${this.#stack.name} cannot be read`, { cause });
    }
  }

  async #write(statements: readonly Statement[]): Promise<void> {
    if (this.#ended !== undefined) throw this.#lost(1);
    const result = await this.#surroundings.database.write([heldBy(this.update.lease), ...statements]);
    if (!result.ok) throw this.#lost(result.failed);
  }

  #lost(guard: number): TerraneError {
    if (guard === 0) return leaseLost(this.update.lease);
    return new TerraneError(
      "lease-lost",
      `${this.#stack.name}: update ${this.update.id} was ended by somebody else`,
    );
  }
}

const batchSchema = z.object({ entries: z.array(z.unknown()).default([]), whole: z.unknown().optional() });
