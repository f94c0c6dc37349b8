/**
 * Stacks with their states, in the ledger's database. A state changes in one transaction with everything that goes with
 * it, and only for the holder of the lease; it is read without one. Knows nothing of engines or HTTP.
 */
import { TerraneError } from "../../errors.ts";
import { writeAudited } from "../../ledger/audit.ts";
import { heldBy, type Lease, leaseLost } from "../../ledger/lease.ts";
import { defaultRetention, type Retention } from "../../model/retention.ts";
import type { Database, Row, Statement } from "../../sql/database.ts";
import { emptyState, parseCanonical } from "../deployment/canonical.ts";
import type { VersionedDeployment } from "../deployment/deployment.ts";
import { renameInState } from "../deployment/rename-stack.ts";
import type { StackCipher } from "../keys/keys.ts";
import { StackKeyring, type StackKeys } from "../keys/stack-keyring.ts";
import { type BeginUpdate, beginUpdate, closeInterrupted, importedAs } from "./begin-update.ts";
import { changeTags } from "./change-tags.ts";
import { type CheckpointInfo, readCheckpoints, type SaveReason } from "./checkpoint-rows.ts";
import type { RunningUpdate, UpdateSurroundings } from "./running-update.ts";
import { makeSaving } from "./saving.ts";
import { type Checkpoint, type Reading, readCheckpoint, readSound } from "./sound-checkpoint.ts";
import { entryOf, madeAct, removedAct, savedAct } from "./stack-act.ts";
import {
  countStacks,
  deleteStack,
  insertStack,
  isTagged,
  listStacks,
  makeStack,
  nameStack,
  readHead,
  type Stack,
  type StackFilter,
  type StackHead,
  type StackRef,
  stackColumns,
  toName,
  toStack,
} from "./stack-rows.ts";
import { UnsavedJournal } from "./unsaved-journal.ts";
import { readUpdate, readUpdates, type Update, type UpdatePage } from "./update-rows.ts";
import { type SaveOptions, writeHeld } from "./write-held.ts";

export interface StackStoreOptions {
  readonly database: Database;
  readonly keys: StackKeys;
  readonly now: () => Date;
  readonly retention?: Partial<Retention>;
  /** Folder for what the database cannot take, absolute. Default: nothing is kept. */
  readonly unsaved?: string;
}

export class StackStore {
  readonly #database: Database;
  readonly #surroundings: UpdateSurroundings;
  readonly #keyring: StackKeyring;

  constructor({ database, keys, now, retention, unsaved }: StackStoreOptions) {
    this.#database = database;
    this.#keyring = new StackKeyring(database, keys);
    this.#surroundings = {
      ...{ database, now, retention: { ...defaultRetention, ...retention } },
      ...(unsaved === undefined ? {} : { unsaved: new UnsavedJournal(unsaved) }),
    };
  }

  /** Where its rows are, for those who read checkpoints one by one. */
  get reading(): Reading & UpdateSurroundings {
    return this.#surroundings;
  }

  /** @throws TerraneError `stack-exists`, `lease-lost` */
  async create(ref: StackRef, lease: Lease, about: { readonly tags?: Stack["tags"] } = {}): Promise<Stack> {
    const stack = await this.#make(ref, about.tags ?? {});
    const entry = await entryOf(this.#database, lease, madeAct(stack, this.#surroundings.now()));
    const result = await writeAudited(this.#database, [heldBy(lease), insertStack(stack)], [entry]);
    if (result.ok) return stack;
    throw result.failed === 0
      ? leaseLost(lease)
      : new TerraneError("stack-exists", `the stack ${toName(ref)} already exists`);
  }

  async find(ref: StackRef): Promise<Stack | undefined> {
    const [row] = await this.#database.read<Row>(
      `SELECT ${stackColumns} FROM stacks WHERE project = ? AND name = ?`,
      [ref.project, ref.name],
    );
    return row === undefined ? undefined : toStack(row);
  }

  /** @throws TerraneError `stack-not-found` */
  async get(ref: StackRef): Promise<Stack> {
    const stack = await this.find(ref);
    if (stack !== undefined) return stack;
    throw new TerraneError("stack-not-found", `there is no stack ${toName(ref)}`);
  }

  /** In the order of project and name. */
  async list(filter: StackFilter = {}): Promise<readonly Stack[]> {
    const { sql, parameters } = listStacks(filter);
    const stacks = (await this.#database.read<Row>(sql, parameters)).map(toStack);
    return stacks.filter((stack) => isTagged(stack, filter));
  }

  /** Resources of each stack of a project that there is, its root not counted; without opening a state. */
  async counts(project: string, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return countStacks(this.#database, project, names);
  }

  /** Which state a stack has, without opening it; undefined where there is no such stack. */
  async head(ref: StackRef): Promise<StackHead | undefined> {
    return readHead(this.#database, ref);
  }

  /**
   * The newest checkpoint, or the one of that serial; undefined where there is none.
   * @throws TerraneError `stack-not-found`, `state-corrupt`
   */
  async checkpoint(ref: StackRef, serial?: number): Promise<Checkpoint | undefined> {
    return this.checkpointOf(await this.get(ref), serial);
  }

  /** The same for a stack at hand. @throws TerraneError `state-corrupt` */
  async checkpointOf(stack: Stack, serial = stack.serial): Promise<Checkpoint | undefined> {
    return readCheckpoint(this.#surroundings, stack, serial);
  }

  /**
   * What it holds, for whoever is to build on it; undefined before the first save.
   * @throws TerraneError `state-corrupt`, also for a state that does not hold together; `state-tampered`, `state-newer`
   */
  async soundState(stack: Stack): Promise<VersionedDeployment | undefined> {
    return readSound(this.#surroundings, stack);
  }

  /** What is kept, newest first. @throws TerraneError `stack-not-found` */
  async checkpoints(ref: StackRef): Promise<readonly CheckpointInfo[]> {
    return readCheckpoints(this.#database, await this.get(ref));
  }

  /** @throws TerraneError `stack-not-found`, `state-corrupt` */
  async state(ref: StackRef): Promise<VersionedDeployment> {
    const stack = await this.get(ref);
    const checkpoint = await this.checkpointOf(stack);
    return checkpoint === undefined ? emptyState : parseCanonical(stack.name, checkpoint.text);
  }

  /**
   * Saves a state as the next checkpoint.
   * @throws TerraneError `stack-not-found`, `lease-lost`, `plan-stale` when the stack has moved on meanwhile
   */
  async save(stack: Stack, state: VersionedDeployment, how: SaveOptions): Promise<StackHead> {
    const { lease, reason, and = [], as, audit } = how;
    const { head, statements } = await makeSaving(this.#surroundings, stack, state, reason);
    const act = savedAct(stack, head, { at: this.#surroundings.now(), facts: { reason }, as });
    const entries = audit?.(head) ?? [await entryOf(this.#database, lease, act)];
    await writeHeld(this.#database, stack, lease, [...statements, ...and], entries);
    return head;
  }

  /**
   * Takes a state that somebody brings along, as an update of its own.
   * @returns the update's id
   * @throws TerraneError `stack-not-found`, `lease-lost`, `plan-stale`
   */
  async importState(ref: StackRef, state: VersionedDeployment, lease: Lease): Promise<string> {
    await this.closeInterrupted(ref, lease);
    const stack = await this.get(ref);
    const { id, statements } = importedAs(stack, lease, this.#surroundings.now());
    await this.save(stack, state, { lease, reason: "import", and: statements });
    return id;
  }

  /**
   * Saves the states of several stacks, all or none; `gone` forgets a stack, and one that is not there is made.
   * @throws TerraneError `lease-lost`, `plan-stale` when one of them has moved on meanwhile
   */
  async saveAll(
    states: ReadonlyMap<StackRef, VersionedDeployment | "gone">,
    { lease, reason }: { readonly lease: Lease; readonly reason: SaveReason },
  ): Promise<void> {
    const statements: Statement[] = [];
    const left: Record<string, StackHead | null> = {};
    for (const [ref, state] of states) {
      const found = await this.find(ref);
      if (state === "gone") {
        left[toName(ref)] = null;
        if (found !== undefined) statements.push(...deleteStack(found));
        continue;
      }
      const stack = found ?? (await this.#make(ref, {}));
      if (found === undefined) statements.push(insertStack(stack));
      const saving = await makeSaving(this.#surroundings, stack, state, reason);
      left[toName(ref)] = saving.head;
      statements.push(...saving.statements);
    }
    const act = { at: this.#surroundings.now(), what: "states saved", facts: { reason }, left };
    const entry = await entryOf(this.#database, lease, act);
    await writeHeld(this.#database, { name: "the states" }, lease, statements, [entry]);
  }

  /**
   * Writes nothing where they are the same.
   * @param what goes on record of it; absent for tags that come with something that is on record itself
   * @throws TerraneError `stack-not-found`, `lease-lost`
   */
  async setTags(ref: StackRef, tags: Stack["tags"], lease: Lease, what?: string): Promise<void> {
    const record = what === undefined ? undefined : { what, at: this.#surroundings.now() };
    await changeTags(this.#database, await this.get(ref), { tags, lease, record });
  }

  /**
   * Gives a stack another name, and its resources the URNs that go with it.
   * @param there lease of where it goes, where that is another one
   * @throws TerraneError `stack-not-found`, `stack-exists`, `lease-lost`
   */
  async rename(ref: StackRef, to: StackRef, lease: Lease, there?: Lease): Promise<void> {
    const stack = await this.get(ref);
    if ((await this.find(to)) !== undefined) {
      throw new TerraneError("stack-exists", `the stack ${toName(to)} already exists`);
    }
    const state = renameInState(await this.state(ref), ref, to);
    const renamed = [...(there === undefined ? [] : [heldBy(there)]), nameStack(stack, to)];
    if (stack.serial > 0) {
      await this.save(stack, state, { lease, reason: "rename", and: renamed, as: to });
      return;
    }
    const act = savedAct(stack, stack, { at: this.#surroundings.now(), facts: {}, as: to });
    await writeHeld(this.#database, stack, lease, renamed, [await entryOf(this.#database, lease, act)]);
  }

  /**
   * Forgets a stack and its history.
   * @throws TerraneError `stack-not-empty` when it holds anything but its root, `lease-lost`
   */
  async remove(
    ref: StackRef,
    lease: Lease,
    { force = false }: { readonly force?: boolean } = {},
  ): Promise<void> {
    const stack = await this.find(ref);
    if (stack === undefined) return;
    const { resources } = (await this.state(ref)).deployment;
    const held = (resources ?? []).filter(({ type }) => type !== "pulumi:pulumi:Stack");
    if (held.length > 0 && !force) {
      throw new TerraneError("stack-not-empty", `${stack.name} still holds ${held.length} resources`);
    }
    const entry = await entryOf(this.#database, lease, removedAct(stack, this.#surroundings.now()));
    await writeHeld(this.#database, stack, lease, deleteStack(stack), [entry]);
    this.#keyring.forget(ref);
  }

  /**
   * Begins an update of what the stack holds now; one that an earlier holder left open is closed first.
   * @throws TerraneError `stack-not-found`, `state-moved`, `lease-lost`, `plan-stale`, `state-corrupt`
   */
  async beginUpdate(ref: StackRef, begin: BeginUpdate): Promise<RunningUpdate> {
    await this.closeInterrupted(ref, begin.lease);
    return beginUpdate(this.#surroundings, await this.get(ref), begin);
  }

  /**
   * Ends an update whose engine or process died, with what it had made durable.
   * @param lease of whoever does it
   * @returns the update; undefined where none was left open
   * @throws TerraneError `stack-not-found`, `lease-lost`, `state-corrupt`
   */
  async closeInterrupted(ref: StackRef, lease: Lease): Promise<Update | undefined> {
    return closeInterrupted(this.#surroundings, await this.get(ref), lease);
  }

  async update(id: string): Promise<Update | undefined> {
    return readUpdate(this.#database, id);
  }

  /** Newest first. @throws TerraneError `stack-not-found` */
  async updates(ref: StackRef, page: UpdatePage): Promise<readonly Update[]> {
    return readUpdates(this.#database, await this.get(ref), page);
  }

  /** Seals and opens the secrets of a stack. Its keys are made when the first one is sealed. */
  cipherOf(stack: Stack): StackCipher {
    return this.#keyring.cipherOf(stack, async () => (await this.find(stack)) ?? "unwritten");
  }

  /** A stack that is not there yet, as a preview needs it: nothing is written. */
  foresee(ref: StackRef): Stack {
    return makeStack(ref, {
      id: this.#keyring.foresee(ref),
      key: "",
      tags: {},
      at: this.#surroundings.now(),
    });
  }

  async #make(ref: StackRef, tags: Stack["tags"]): Promise<Stack> {
    const { id, key } = await this.#keyring.claim(ref);
    return makeStack(ref, { id, key, tags, at: this.#surroundings.now() });
  }
}
