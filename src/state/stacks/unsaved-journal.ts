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
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const file = join(this.#folder, `${update}.${String(batch).padStart(6, "0")}.gz.b64`);
    await writeWhole(file, Buffer.from(bytes).toString("base64"), privateMode);
    const made = ended.flatMap(({ state }) =>
      state?.id === undefined ? [] : [`${state.urn} (${state.id})`],
    );
    const what =
      made.length === 1
        ? "a resource that the state does not know"
        : "resources that the state does not know";
    return new TerraneError(
      "state-not-saved",
      `${stack}: the database took no more; there ${made.length === 1 ? "is" : `are ${made.length}`} ${what}: ${made.join(", ")}. Kept in ${file}`,
      { cause, details: { file, made, why: cause.message } },
    );
  }

  /** What is kept of an update, in its order. */
  async take(update: string): Promise<readonly Uint8Array[]> {
    const files = await this.#filesOf(update);
    return Promise.all(files.map(async (file) => Buffer.from(await readFile(file, "utf8"), "base64")));
  }

  /** Once the update is closed. */
  async drop(update: string): Promise<void> {
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

export interface UnsavedBatch {
  readonly batch: number;
  /** As the engine sent them. */
  readonly bytes: Uint8Array;
  readonly entries: readonly JournalEntry[];
  /** Why the database did not take them. */
  readonly cause: TerraneError;
}
