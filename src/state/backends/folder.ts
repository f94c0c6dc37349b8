/**
 * State in a folder: Pulumi's own file layout, so that a plain `pulumi login file://…` reads it too. It has no lease
 * of its own; the ledger's lease on the environment keeps writers apart.
 */
import { createHash, randomBytes } from "node:crypto";
import { link, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BackendAccess } from "../../model/state-access.ts";
import { Secret } from "../../values/secret.ts";
import { type Checkpoint, parseCheckpoint, summarize } from "../deployment/checkpoint.ts";
import { type MovedState, moveResources } from "../deployment/move-resources.ts";
import {
  type AccessLease,
  countByReading,
  type StateMoves,
  type StateReader,
  type StateStore,
} from "../store.ts";
import { privateMode, writeAside } from "../write-whole.ts";
import { type FileChanges, FileJournal } from "./journal.ts";
import { hasSecrets, isSameKey, reseal, StackKeys } from "./reseal.ts";

/** Pulumi project of every stack. */
const project = "terrane";

export interface StateFolderOptions {
  /** Absolute path; made when missing. */
  readonly root: string;
  /** Without it, a key made once beside the state serves. */
  readonly passphrase?: Secret<string>;
}

export async function openStateFolder(options: StateFolderOptions): Promise<StateFolder> {
  const { root } = options;
  await mkdir(join(root, "settings"), { recursive: true, mode: 0o700 });
  const passphrase = options.passphrase ?? (await readOrMakeKey(join(root, "key")));
  return new StateFolder(root, passphrase);
}

export class StateFolder implements StateStore {
  readonly #root: string;
  readonly #passphrase: Secret<string>;
  readonly #journal: FileJournal;
  readonly #saved: FolderReader;

  constructor(root: string, passphrase: Secret<string>) {
    this.#root = root;
    this.#passphrase = passphrase;
    this.#journal = new FileJournal(root);
    this.#saved = new FolderReader(root, passphrase, (stack) => this.#journal.pending(environmentOf(stack)));
  }

  async open(stack: string): Promise<AccessLease<BackendAccess>> {
    await this.#journal.complete(environmentOf(stack));
    const settingsFolder = dirname(join(this.#root, settingsPath(stack)));
    await mkdir(settingsFolder, { recursive: true, mode: 0o700 });
    const exists = (await this.#saved.text(stackPath(stack), stack)) !== undefined;
    const url = pathToFileURL(this.#root).href;
    return {
      access: { kind: "backend", url, passphrase: this.#passphrase, settingsFolder, exists },
      [Symbol.asyncDispose]: async () => {},
    };
  }

  /** The engine derives its keys itself, and says so. */
  async assertUsable(): Promise<void> {}

  openCopy(stack: string): Promise<AccessLease<BackendAccess>> {
    return this.#saved.openCopy(stack);
  }

  read(stack: string) {
    return this.#saved.read(stack);
  }

  /** The engine writes whole states there, each as it comes. */
  async closeInterrupted(): Promise<undefined> {}

  counts(stacks: readonly string[]) {
    return this.#saved.counts(stacks);
  }

  head(stack: string) {
    return this.#saved.head(stack);
  }

  async remove(stack: string): Promise<void> {
    await this.#journal.complete(environmentOf(stack));
    await rm(dirname(join(this.#root, settingsPath(stack))), { recursive: true, force: true });
    for (const path of filesOf(stack)) await rm(join(this.#root, path), { force: true });
  }

  async afterMoves(moves: StateMoves): Promise<StateReader> {
    const changes = await this.#changesFor(moves);
    return new FolderReader(this.#root, this.#passphrase, async (stack) => ({
      ...(await this.#journal.pending(environmentOf(stack))),
      ...changes,
    }));
  }

  async move(moves: StateMoves): Promise<void> {
    const [first] = moves.stacks;
    if (first === undefined) return;
    const environment = environmentOf(first);
    await this.#journal.complete(environment);
    await this.#journal.commit(environment, await this.#changesFor(moves));
    await this.#journal.complete(environment);
  }

  async #changesFor(moves: StateMoves): Promise<FileChanges> {
    const states = new Map<string, Checkpoint>();
    for (const stack of moves.stacks) {
      const text = await this.#saved.text(stackPath(stack), stack);
      if (text !== undefined) states.set(stack, parseCheckpoint(stack, text));
    }
    const changes: Record<string, string | null> = {};
    const keys = new StackKeys(this.#passphrase);
    for (const [stack, moved] of moveResources(states, moves)) {
      Object.assign(changes, await this.#filesOfMoved(stack, moved, { states, keys }));
    }
    return changes;
  }

  async #filesOfMoved(
    stack: string,
    moved: MovedState,
    { states, keys }: { readonly states: ReadonlyMap<string, Checkpoint>; readonly keys: StackKeys },
  ): Promise<FileChanges> {
    const gone = Object.fromEntries([...filesOf(stack), settingsPath(stack)].map((path) => [path, null]));
    if (moved.checkpoint === "gone") return gone;
    const checkpoint = await resealForeign(stack, moved, moved.checkpoint, states, keys);
    const settings =
      moved.sealedAs === undefined
        ? undefined
        : await this.#saved.text(settingsPath(moved.sealedAs), moved.sealedAs);
    return {
      // What the engine's storage notes about the file is about another one.
      [`${stackPath(stack)}.attrs`]: null,
      [stackPath(stack)]: JSON.stringify(checkpoint),
      ...(settings === undefined ? {} : { [settingsPath(stack)]: settings.toString("utf8") }),
    };
  }
}

/** Reads what was last saved, with changes that are not made yet as if they were. */
class FolderReader implements StateReader {
  readonly #root: string;
  readonly #passphrase: Secret<string>;
  readonly #changes: (stack: string) => Promise<FileChanges>;

  constructor(root: string, passphrase: Secret<string>, changes: (stack: string) => Promise<FileChanges>) {
    this.#root = root;
    this.#passphrase = passphrase;
    this.#changes = changes;
  }

  async text(path: string, stack: string): Promise<Buffer | undefined> {
    const changed = (await this.#changes(stack))[path];
    if (changed === null) return undefined;
    return changed === undefined ? readIfThere(join(this.#root, path)) : Buffer.from(changed);
  }

  async read(stack: string) {
    const text = await this.text(stackPath(stack), stack);
    return text === undefined ? undefined : summarize(stack, text);
  }

  counts(stacks: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return countByReading(this, stacks);
  }

  async head(stack: string) {
    const text = await this.text(stackPath(stack), stack);
    return text === undefined ? undefined : { digest: createHash("sha256").update(text).digest("hex") };
  }

  async openCopy(stack: string): Promise<AccessLease<BackendAccess>> {
    const copy = await mkdtemp(join(tmpdir(), "terrane-state-"));
    const settingsFolder = dirname(join(copy, settingsPath(stack)));
    await mkdir(settingsFolder, { recursive: true, mode: 0o700 });
    const text = await this.text(stackPath(stack), stack);
    if (text !== undefined) {
      await mkdir(dirname(join(copy, stackPath(stack))), { recursive: true });
      await writeFile(join(copy, stackPath(stack)), text);
      const paths = [settingsPath(stack), join(".pulumi", "meta.yaml")];
      for (const path of paths) {
        const beside = await this.text(path, stack);
        if (beside !== undefined) await writeFile(join(copy, path), beside, { mode: 0o600 });
      }
    }
    const url = pathToFileURL(copy).href;
    return {
      access: {
        kind: "backend",
        url,
        passphrase: this.#passphrase,
        settingsFolder,
        exists: text !== undefined,
      },
      [Symbol.asyncDispose]: () => rm(copy, { recursive: true, force: true }),
    };
  }
}

/** `<environment>.<site>.<domain>`: the ledger's lease is on the environment. */
function environmentOf(stack: string): string {
  return stack.split(".")[0] ?? stack;
}

function stackPath(stack: string): string {
  return join(".pulumi", "stacks", project, `${stack}.json`);
}

/** Holds the salt of the stack's secrets. */
function settingsPath(stack: string): string {
  return join("settings", stack, `Pulumi.${stack}.yaml`);
}

function filesOf(stack: string): readonly string[] {
  return ["", ".attrs", ".bak", ".bak.attrs"].map((suffix) => `${stackPath(stack)}${suffix}`);
}

async function resealForeign(
  stack: string,
  { foreign, sealedAs }: MovedState,
  checkpoint: Checkpoint,
  states: ReadonlyMap<string, Checkpoint>,
  keys: StackKeys,
): Promise<Checkpoint> {
  const resealed = new Map<unknown, unknown>();
  for (const { entry, from } of foreign) {
    const source = states.get(from);
    // A new stack takes over the key of the one it began as.
    if (from === sealedAs) continue;
    if (source === undefined || isSameKey(source, checkpoint) || !hasSecrets(entry)) continue;
    resealed.set(entry, reseal(entry, await keys.of(from, source), await keys.of(stack, checkpoint)));
  }
  if (resealed.size === 0) return checkpoint;
  const { latest } = checkpoint.checkpoint;
  const mend = <T>(value: T): T => (resealed.get(value) ?? value) as T;
  return {
    ...checkpoint,
    checkpoint: {
      ...checkpoint.checkpoint,
      latest: {
        ...latest,
        resources: latest?.resources?.map(mend),
        pending_operations: latest?.pending_operations?.map((each) => ({
          ...each,
          resource: mend(each.resource),
        })),
      },
    },
  };
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}

/** Two processes that start at once agree on one key: it is written whole, then linked into place exclusively. */
async function readOrMakeKey(path: string): Promise<Secret<string>> {
  const found = await readIfThere(path);
  if (found !== undefined) return new Secret(found.toString("utf8").trim());
  const aside = await writeAside(path, `${randomBytes(32).toString("base64url")}\n`, privateMode);
  await link(aside, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  await rm(aside, { force: true });
  return readOrMakeKey(path);
}
