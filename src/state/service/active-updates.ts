/**
 * Updates at work through this service: previews, which live here only, and those that write. Each has a token of its
 * own that dies with it.
 */
import { randomUUID } from "node:crypto";
import { TerraneError } from "../../errors.ts";
import { trace } from "../../model/trace-points.ts";
import type { JournalEntry } from "../deployment/journal-entry.ts";
import { entryKinds } from "../deployment/journal-entry.ts";
import { assertSealedHere, foreignSeal, sealedElsewhere } from "../deployment/sealed-here.ts";
import type { EndedUpdate, RunningUpdate } from "../stacks/running-update.ts";
import type { Stack, StackRef } from "../stacks/stack-rows.ts";
import type { StackStore } from "../stacks/stack-store.ts";
import type { UpdateAbout, UpdateKind, UpdateStatus } from "../stacks/update-rows.ts";
import type { Access, HeldLease } from "./access.ts";
import { isSameToken, makeToken } from "./tokens.ts";

export interface NewUpdate {
  readonly access: Access;
  readonly ref: StackRef;
  readonly kind: UpdateKind;
  /** Shows what would change, and changes nothing. */
  readonly isPreview: boolean;
  readonly about: UpdateAbout;
  readonly engine: string | undefined;
}

/** Milliseconds without a word of its engine after which an update is closed, where nobody watches over the engine. */
const silence = 5 * 60_000;

export class ActiveUpdate {
  readonly id = randomUUID();
  readonly #token = makeToken();
  readonly #created: NewUpdate;
  readonly #forget: (failure?: unknown) => void;
  #running: RunningUpdate | undefined;
  #held: HeldLease | undefined;
  #isCancelled = false;
  /** Why nothing more may be begun, where its secrets would be sealed elsewhere. */
  #foreign: TerraneError | undefined;
  #end: Promise<EndedUpdate | undefined> | undefined;
  #silence: NodeJS.Timeout | undefined;

  /** @param forget told once it has ended, with the error where its end could not be saved */
  constructor(created: NewUpdate, forget: (failure?: unknown) => void) {
    this.#created = created;
    this.#forget = forget;
  }

  get ref(): StackRef {
    return this.#created.ref;
  }

  get access(): Access {
    return this.#created.access;
  }

  isOpenedBy(token: string): boolean {
    return isSameToken(token, this.#token);
  }

  /**
   * @param tags that its client gives the stack
   * @throws TerraneError `lease-held`, `read-only`, `stack-not-found`
   */
  async start(
    store: StackStore,
    tags: Stack["tags"] | undefined,
  ): Promise<{ readonly version: number; readonly token: string }> {
    const { access, ref, kind, isPreview, about, engine } = this.#created;
    if (isPreview) {
      const stack = await store.find(ref);
      return { version: stack?.version ?? 0, token: this.#token };
    }
    this.#held = await access.hold(ref, kind);
    const { lease } = this.#held;
    this.#running = await store.beginUpdate(ref, {
      ...{ id: this.id, kind, lease, about },
      isSameSecret: (one, other) => access.secrets.isSame(one, other),
      ...(engine === undefined ? {} : { engine }),
    });
    if (tags !== undefined) await store.setTags(ref, tags, lease);
    this.hear();
    trace("update:started", { stack: ref.name, update: this.#running.update.id, kind });
    return { version: this.#running.update.version, token: this.#token };
  }

  /** Its engine gave a sign of life. */
  hear(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => void this.end("interrupted").catch(() => {}), silence).unref();
  }

  /**
   * Durable when it resolves. Entries that are refused leave those beside them as they are: what was done stays on record.
   * @throws TerraneError `lease-lost`; `plan-stale`, `cancelled` or `state-foreign` for a step that must not be begun
   */
  async append(entries: readonly JournalEntry[], bytes: Uint8Array): Promise<void> {
    const running = this.#writing();
    const refused = entries.filter((entry) => !this.#admits(entry));
    if (refused.length === 0) return running.append(entries, bytes);
    const admitted = entries.filter((entry) => !refused.includes(entry));
    if (admitted.length > 0) await running.appendEntries(admitted);
    throw this.#refusal(refused);
  }

  /** @throws TerraneError as `append` */
  async replaceWhole(state: Parameters<RunningUpdate["replaceWhole"]>[0]): Promise<void> {
    if (this.#isCancelled) throw this.#refusal([]);
    assertSealedHere(this.ref, state.deployment.secrets_providers);
    await this.#writing().replaceWhole(state);
  }

  addEvents(bytes: Uint8Array, changes: Readonly<Record<string, number>> | undefined): void {
    this.#running?.addEvents(bytes, changes);
  }

  /** No further step begins; a second time, it ends at once with what is on record. */
  async cancel(): Promise<void> {
    if (this.#isCancelled || this.#running === undefined) await this.end("cancelled");
    this.#isCancelled = true;
  }

  /** @throws TerraneError `lease-lost`, `state-corrupt` */
  end(status: Exclude<UpdateStatus, "running">): Promise<EndedUpdate | undefined> {
    const isFailed = this.#foreign !== undefined && status === "succeeded";
    this.#end ??= this.#close(this.#isCancelled ? "cancelled" : isFailed ? "failed" : status);
    return this.#end;
  }

  /** Nobody may go on with it. */
  async abandon(): Promise<void> {
    const { access, ref, kind } = this.#created;
    const isAtWork = this.#running !== undefined && this.#end === undefined;
    await this.end("interrupted").catch(() => undefined);
    if (isAtWork) access.onClosed?.(ref, kind);
  }

  async #close(status: Exclude<UpdateStatus, "running">): Promise<EndedUpdate | undefined> {
    clearTimeout(this.#silence);
    let failure: unknown;
    try {
      return await this.#running?.end(status);
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      this.#forget(failure);
      await this.#held?.[Symbol.asyncDispose]();
    }
  }

  #writing(): RunningUpdate {
    if (this.#running !== undefined) return this.#running;
    throw new TerraneError("read-only", `${this.ref.name}: a preview saves nothing`);
  }

  #admits(entry: JournalEntry): boolean {
    if (this.#isForeign(entry)) return false;
    if (entry.kind !== entryKinds.begin || !entry.operation) return true;
    const { resource, type } = entry.operation;
    return (
      !this.#isCancelled &&
      this.#foreign === undefined &&
      this.#created.access.authorise?.(resource.urn, type) !== false
    );
  }

  /** An engine names what seals its secrets first, and does not wait for the answer before it begins something. */
  #isForeign({ secretsProvider, newSnapshot }: JournalEntry): boolean {
    const provider = secretsProvider ?? newSnapshot?.secrets_providers;
    if (sealedElsewhere(this.ref, provider) === undefined) return false;
    this.#foreign ??= foreignSeal(this.ref, provider);
    return true;
  }

  #refusal(refused: readonly JournalEntry[]): TerraneError {
    const { name } = this.ref;
    if (this.#foreign !== undefined) return this.#foreign;
    if (this.#isCancelled) return new TerraneError("cancelled", `${name}: the update was cancelled`);
    const steps = refused.map(({ operation }) => `${operation?.type} ${operation?.resource.urn}`);
    return new TerraneError("plan-stale", `${name}: not part of what was agreed to: ${steps.join(", ")}`, {
      details: { refused: steps },
    });
  }
}

export class ActiveUpdates {
  readonly #updates = new Map<string, ActiveUpdate>();
  readonly #unsaved = new Map<Access, TerraneError>();

  add(created: NewUpdate): ActiveUpdate {
    const update = new ActiveUpdate(created, (failure) => {
      this.#updates.delete(update.id);
      if (failure instanceof TerraneError && failure.code === "state-not-saved")
        this.#unsaved.set(created.access, failure);
    });
    this.#updates.set(update.id, update);
    return update;
  }

  find(id: string): ActiveUpdate | undefined {
    return this.#updates.get(id);
  }

  /**
   * Ends what those of an access have left at work.
   * @throws TerraneError `state-not-saved` when one of them, ended now or before, left what the database did not take
   */
  async endAllOf(access: Access): Promise<void> {
    const left = [...this.#updates.values()].filter((update) => update.access === access);
    await Promise.all(left.map((update) => update.abandon()));
    const unsaved = this.#unsaved.get(access);
    this.#unsaved.delete(access);
    if (unsaved !== undefined) throw unsaved;
  }
}
