/**
 * States in any Pulumi backend that is not a folder: engines write there themselves, and what is there is asked through
 * the engine's command line, which is handed in. Nothing is fenced and no step is authorised there.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { TerraneError } from "../../errors.ts";
import type { BackendAccess } from "../../model/state-access.ts";
import type { Secret } from "../../values/secret.ts";
import { summarizeDeployment } from "../deployment/checkpoint.ts";
import { digestOf } from "../stacks/pack.ts";
import {
  type AccessLease,
  countByReading,
  type StateHead,
  type StateMoves,
  type StateReader,
  type StateStore,
  type StateSummary,
} from "../store.ts";
import { parsePortable } from "./portable-state.ts";

/** What is asked of the engine's command line. */
export interface BackendStates {
  /** As the engine exports it, its secrets sealed; undefined where there is no such stack. */
  exportSealed(stack: string): Promise<string | undefined>;
  /** Forgets a stack that holds nothing. */
  removeStack(stack: string): Promise<void>;
}

export interface BackendStoreOptions {
  readonly url: string;
  readonly passphrase: Secret<string>;
  /** Variables that reach the backend: credentials of its cloud. */
  readonly environment: Readonly<Record<string, string>>;
  /** Folder for the stacks' settings files. Absolute. */
  readonly settings: string;
  readonly states: BackendStates;
}

export class BackendStore implements StateStore {
  readonly #options: BackendStoreOptions;

  constructor(options: BackendStoreOptions) {
    this.#options = options;
  }

  /** The engine derives its keys itself, and says so. */
  async assertUsable(): Promise<void> {}

  async head(stack: string): Promise<StateHead | undefined> {
    const text = await this.#options.states.exportSealed(stack);
    return text === undefined ? undefined : { digest: digestOf(Buffer.from(text)) };
  }

  counts(stacks: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return countByReading(this, stacks);
  }

  async read(stack: string): Promise<StateSummary | undefined> {
    const text = await this.#options.states.exportSealed(stack);
    if (text === undefined) return undefined;
    return summarizeDeployment(digestOf(Buffer.from(text)), parsePortable(stack, text).deployment);
  }

  async open(stack: string): Promise<AccessLease<BackendAccess>> {
    const { url, passphrase, environment, settings, states } = this.#options;
    const settingsFolder = join(settings, stack);
    await mkdir(settingsFolder, { recursive: true, mode: 0o700 });
    const exists = (await states.exportSealed(stack)) !== undefined;
    return {
      access: { kind: "backend", url, passphrase, environment, settingsFolder, exists },
      [Symbol.asyncDispose]: async () => {},
    };
  }

  async openCopy(stack: string): Promise<AccessLease<BackendAccess>> {
    const { passphrase, environment, states } = this.#options;
    const text = await states.exportSealed(stack);
    const copy = await mkdtemp(join(tmpdir(), "terrane-state-"));
    const settingsFolder = join(copy, "settings");
    await mkdir(settingsFolder, { mode: 0o700 });
    if (text !== undefined) {
      const { version, features, deployment } = parsePortable(stack, text);
      const checkpoint = { stack: `organization/terrane/${stack}`, latest: deployment };
      const folder = join(copy, ".pulumi", "stacks", "terrane");
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(join(copy, ".pulumi", "meta.yaml"), "version: 1\n");
      await writeFile(
        join(folder, `${stack}.json`),
        JSON.stringify({ version, ...(features === undefined ? {} : { features }), checkpoint }),
      );
    }
    const url = pathToFileURL(copy).href;
    return {
      access: { kind: "backend", url, passphrase, environment, settingsFolder, exists: text !== undefined },
      [Symbol.asyncDispose]: () => rm(copy, { recursive: true, force: true }),
    };
  }

  /** The engine writes whole states there, each as it comes. */
  async closeInterrupted(): Promise<undefined> {}

  async remove(stack: string): Promise<void> {
    await this.#options.states.removeStack(stack);
    await rm(join(this.#options.settings, stack), { recursive: true, force: true });
  }

  async afterMoves(moves: StateMoves): Promise<StateReader> {
    assertNone(moves);
    return this;
  }

  async move(moves: StateMoves): Promise<void> {
    assertNone(moves);
  }
}

/** Several states of such a backend cannot be changed together. */
function assertNone({ resources }: StateMoves): void {
  if (resources.length === 0) return;
  throw new TerraneError("not-in-this-release", "resources cannot be moved between states in this backend", {
    next: "Bring the states into the ledger's database, where that is one transaction: terrane migrate --from URL --all",
  });
}
