/**
 * Changes of several files at once: written down whole before the first is touched, so that a process that ends in
 * between leaves either nothing or something that the next writer completes. Readers see what is written down as done.
 */
import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { TerraneError } from "../../errors.ts";
import { privateMode, writeWhole } from "../write-whole.ts";

/** Path below the root → its new text, or null for a file that goes away. */
export type FileChanges = Readonly<Record<string, string | null>>;

const changesSchema = z.record(z.string(), z.string().nullable());

export class FileJournal {
  readonly #root: string;
  readonly #folder: string;

  constructor(root: string) {
    this.#root = root;
    this.#folder = join(root, "journal");
  }

  /**
   * From here on the changes are made, whoever makes them.
   * @param name of what is changed; whoever commits or completes under a name is alone with it
   */
  async commit(name: string, changes: FileChanges): Promise<void> {
    await writeState(this.#fileOf(name), JSON.stringify(changes));
  }

  /** What is committed and not made yet; for readers. */
  async pending(name: string): Promise<FileChanges> {
    let text: string;
    try {
      text = await readFile(this.#fileOf(name), "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
      throw error;
    }
    try {
      return changesSchema.parse(JSON.parse(text));
    } catch (cause) {
      throw new TerraneError("state-corrupt", `the journal of ${name} cannot be read`, { cause });
    }
  }

  /** Makes what is committed. */
  async complete(name: string): Promise<void> {
    const changes = Object.entries(await this.pending(name));
    if (changes.length === 0) return;
    // Whoever reads the files without the journal may then see something twice, but never misses anything.
    for (const [path, text] of changes) if (text !== null) await writeState(join(this.#root, path), text);
    for (const [path, text] of changes) if (text === null) await rm(join(this.#root, path), { force: true });
    await rm(this.#fileOf(name), { force: true });
  }

  #fileOf(name: string): string {
    return join(this.#folder, `${name}.json`);
  }
}

async function writeState(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeWhole(file, text, privateMode);
}
