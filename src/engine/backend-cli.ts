/**
 * Stacks of any Pulumi backend, through the engine's own command line: list, export, import, tags. Secrets of an export
 * are in clear, so states go through pipes, never through files. Knows nothing of leases: who may write is the caller's.
 */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { TerraneError } from "../errors.ts";
import { saysDiskFull } from "../model/disk-full.ts";
import type { Secret } from "../values/secret.ts";
import type { FoundEngine } from "./find.ts";
import { projectName } from "./project.ts";
import { cleanMessage } from "./words.ts";

export interface BackendOptions {
  readonly engine: FoundEngine;
  /** TERRANE_HOME, absolute. */
  readonly home: string;
  /** Pulumi backend: `file:///…`, `s3://…`, `postgres://…`, `https://…` */
  readonly url: string;
  /** Opens the secrets of stacks that are sealed with a passphrase, and seals those of new ones. */
  readonly passphrase?: Secret<string>;
  /** Variables that the engine may see; those of the backend's cloud are among them. */
  readonly environment: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Longest answer that is taken, characters. */
const longestAnswer = 512 * 1024 * 1024;
/** Characters kept of what it says beside its answer. */
const keptWords = 64 * 1024;

const stackListSchema = z.array(z.looseObject({ name: z.string() }));
const tagsSchema = z.record(z.string(), z.string());

export class BackendCli implements AsyncDisposable {
  readonly #options: BackendOptions;
  readonly #folder: string;

  private constructor(options: BackendOptions, folder: string) {
    this.#options = options;
    this.#folder = folder;
  }

  static async open(options: BackendOptions): Promise<BackendCli> {
    await mkdir(join(options.home, "pulumi"), { recursive: true, mode: 0o700 });
    const folder = await mkdtemp(join(options.environment["TMPDIR"] ?? tmpdir(), "terrane-backend-"));
    await writeFile(join(folder, "Pulumi.yaml"), JSON.stringify({ name: projectName, runtime: "nodejs" }));
    return new BackendCli(options, folder);
  }

  /** Names of the stacks of terrane's project. */
  async list(): Promise<readonly string[]> {
    const answer = await this.#run(["stack", "ls", "--json"]);
    return stackListSchema.parse(JSON.parse(answer)).map(({ name }) => name);
  }

  /** A state as the engine exports it, its secrets in clear; undefined where there is no such stack. */
  async exportState(stack: string): Promise<string | undefined> {
    return this.#run(["stack", "export", "--show-secrets", "--stack", stack]).catch(ignoreMissing);
  }

  /** The same with its secrets sealed. */
  async exportSealed(stack: string): Promise<string | undefined> {
    return this.#run(["stack", "export", "--stack", stack]).catch(ignoreMissing);
  }

  /** Forgets a stack that holds nothing. */
  async removeStack(stack: string): Promise<void> {
    await this.#run(["stack", "rm", "--yes", "--preserve-config", "--stack", stack]).catch(ignoreMissing);
  }

  /** @param state as an export; secrets in clear are sealed with the stack's own provider */
  async importState(stack: string, state: string): Promise<void> {
    await this.#run(["stack", "import", "--stack", stack], state);
  }

  async init(stack: string): Promise<void> {
    await this.#run(["stack", "init", stack, "--no-select"]);
  }

  /** Undefined where there is no such stack. */
  async tags(stack: string): Promise<Readonly<Record<string, string>> | undefined> {
    const answer = await this.#run(["stack", "tag", "ls", "--json", "--stack", stack]).catch(ignoreMissing);
    return answer === undefined ? undefined : tagsSchema.parse(JSON.parse(answer) ?? {});
  }

  async setTag(stack: string, name: string, value: string): Promise<void> {
    await this.#run(["stack", "tag", "set", name, value, "--stack", stack]);
  }

  async removeTag(stack: string, name: string): Promise<void> {
    await this.#run(["stack", "tag", "rm", name, "--stack", stack]);
  }

  /** How a backend that keeps secrets itself is named in a state; undefined for one that does not. */
  serviceProvider(stack: string): { readonly type: string; readonly state: object } | undefined {
    const { url } = this.#options;
    if (!/^https?:/.test(url)) return undefined;
    return { type: "service", state: { url, owner: "organization", project: projectName, stack } };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** @throws MissingStack, TerraneError `wrong-passphrase`, `lease-held`, `disk-full`, `engine-failed` */
  #run(args: readonly string[], input = ""): Promise<string> {
    const { engine, signal } = this.#options;
    return new Promise((resolve, reject) => {
      const child = spawn(engine.command, [...args, "--non-interactive", "--color", "never"], {
        cwd: this.#folder,
        env: this.#environment(),
        stdio: ["pipe", "pipe", "pipe"],
        ...(signal === undefined ? {} : { signal }),
      });
      const answer: string[] = [];
      let length = 0;
      let words = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        length += text.length;
        if (length <= longestAnswer) answer.push(text);
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        words = (words + text).slice(-keptWords);
      });
      // An engine that ends before it has read everything has said why.
      child.stdin.on("error", () => {}).end(input);
      child.once("error", reject);
      child.once("close", (code) => {
        if (code === 0 && length <= longestAnswer) resolve(answer.join(""));
        else reject(this.#explain(cleanMessage(words)));
      });
    });
  }

  #environment(): Record<string, string> {
    const { environment, home, url, passphrase } = this.#options;
    return {
      ...environment,
      PULUMI_HOME: join(home, "pulumi"),
      PULUMI_BACKEND_URL: url,
      PULUMI_CREDENTIALS_PATH: join(this.#folder, "credentials"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DIY_BACKEND_NO_LEGACY_WARNING: "true",
      ...(passphrase === undefined ? {} : { PULUMI_CONFIG_PASSPHRASE: passphrase.reveal() }),
    };
  }

  #explain(words: string): Error {
    const where = hideCredentials(this.#options.url);
    const message = `${where}: ${words.replaceAll(this.#options.url, where)}`;
    if (/no stack named/.test(words)) return new MissingStack(message);
    if (/incorrect passphrase|passphrase must be set/i.test(words)) {
      return new TerraneError("wrong-passphrase", message, {
        next: "Give the passphrase of that backend's secrets with --passphrase-from.",
      });
    }
    if (/currently locked/.test(words)) return new TerraneError("lease-held", message);
    return new TerraneError(saysDiskFull(words) ? "disk-full" : "engine-failed", message);
  }
}

class MissingStack extends Error {}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof MissingStack) return undefined;
  throw error;
}

/** A backend's URL for people: without user, password and parameters. */
export function hideCredentials(url: string): string {
  if (!URL.canParse(url)) return url;
  const parsed = new URL(url);
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}
