/**
 * Entries that the database could not take: kept in files until it can, so that what they tell of is lost to nobody.
 * Their secrets are sealed as in the database. Whoever closes the update next on this machine takes them in.
 */
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { TerraneError } from "../../errors.ts";
import { entryKinds, type JournalEntry } from "../deployment/journal-entry.ts";
import { privateMode, writeWhole } from "../write-whole.ts";

export class UnsavedJournal {
  readonly #folder: string;
  /** Update → what it has made and only a file knows. */
  readonly #made = new Map<string, Set<string>>();
  /** Update → whether files hold all that it was to keep: their disk may be the full one. */
  readonly #isKept = new Map<string, boolean>();

  /** @param folder absolute; made when something must be kept */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Keeps a batch and answers the error that says what the state does not know. An entry that only begins a step is
   * not acknowledged, so its step is not begun: without others the cause speaks for itself.
   */
  async keep(
    stack: string,
    update: string,
    { batch, bytes, entries, cause }: UnsavedBatch,
  ): Promise<TerraneError> {
    const ended = entries.filter(({ kind }) => kind !== entryKinds.begin);
    if (ended.length === 0) return cause;
    const made = this.#made.get(update) ?? new Set();
    this.#made.set(update, made);
    for (const { state } of ended) if (state?.id !== undefined) made.add(`${state.urn} (${state.id})`);
    const isWritten = await this.#write(`${update}.${String(batch).padStart(6, "0")}.gz.b64`, bytes);
    this.#isKept.set(update, isWritten && this.#isKept.get(update) !== false);
    return this.#notSaved(stack, update, { made: [...made], begun: [], cause });
  }

  /** False where nothing can be written: what exists is told then, and found in the clouds by its tags. */
  async #write(name: string, bytes: Uint8Array): Promise<boolean> {
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeWhole(join(this.#folder, name), Buffer.from(bytes).toString("base64"), privateMode);
      return true;
    } catch {
      return false;
    }
  }

  /**
   * The error that says all that the state of an update of this process lacks; undefined where it lacks nothing.
   * @param begun URNs of what was begun and has no end, neither in the database nor in a file
   */
  tell(
    stack: string,
    update: string,
    begun: readonly string[],
    cause: TerraneError,
  ): TerraneError | undefined {
    const made = this.#made.get(update);
    if (made === undefined && begun.length === 0) return undefined;
    return this.#notSaved(stack, update, { made: [...(made ?? [])], begun, cause });
  }

  #notSaved(stack: string, update: string, { made, begun, cause }: Lacking): TerraneError {
    const isKept = this.#isKept.get(update);
    const lacks = [
      `the database took no more (${cause.message})`,
      ...(made.length === 0 ? [] : [`${countOf(made)} that the state does not know: ${made.join(", ")}`]),
      ...(begun.length === 0 ? [] : [`${countOf(begun)} or not, since that was begun: ${begun.join(", ")}`]),
    ];
    const where =
      isKept === undefined ? "" : isKept ? `. Kept in ${this.#folder}` : `. ${this.#folder} took it neither`;
    return new TerraneError("state-not-saved", `${stack}: ${lacks.join("; ")}${where}`, {
      cause,
      ...(cause.code === "disk-full" ? { next: makeRoom } : {}),
      details: { ...(isKept === true ? { folder: this.#folder } : {}), made, begun, why: cause.message },
    });
  }

  /** What is kept of an update, in its order. */
  async take(update: string): Promise<readonly Uint8Array[]> {
    const files = await this.#filesOf(update);
    return Promise.all(files.map(async (file) => Buffer.from(await readFile(file, "utf8"), "base64")));
  }

  /** Once the update is closed. */
  async drop(update: string): Promise<void> {
    this.#made.delete(update);
    this.#isKept.delete(update);
    for (const file of await this.#filesOf(update)) await rm(file, { force: true });
  }

  async #filesOf(update: string): Promise<readonly string[]> {
    const names = await readdir(this.#folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    });
    return names
      .filter((name) => name.startsWith(`${update}.`) && name.endsWith(".b64"))
      .sort()
      .map((name) => join(this.#folder, name));
  }
}

interface Lacking {
  /** URN and id of what exists. */
  readonly made: readonly string[];
  /** URNs of what may exist. */
  readonly begun: readonly string[];
  readonly cause: TerraneError;
}

const makeRoom =
  "Make room on that disk, then run the command again: it takes in what was kept, and finds the rest by its tags.";

function countOf(resources: readonly string[]): string {
  return resources.length === 1 ? "1 resource exists" : `${resources.length} resources exist`;
}

export interface UnsavedBatch {
  readonly batch: number;
  /** As the engine sent them. */
  readonly bytes: Uint8Array;
  readonly entries: readonly JournalEntry[];
  /** Why the database did not take them. */
  readonly cause: TerraneError;
}
