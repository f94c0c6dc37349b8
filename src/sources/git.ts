/**
 * Runs git against a repository that nobody vouches for: no shell, no prompt, no hook, no checkout, three transports,
 * bounded time and size. What a tag holds is read as objects, so no link is ever followed and no filter runs.
 */
import { execFile } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { devNull } from "node:os";
import { join } from "node:path";
import { TerraneError } from "../errors.ts";

export interface GitHost {
  /** Where the repository's name leads to: an https or ssh URL, or an absolute path. */
  readonly remote: string;
  /** As people wrote it. */
  readonly name: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** For one call, milliseconds. */
const patience = 60_000;
/** What a fetch may bring, bytes: blueprints are text, a repository of them at one commit is small. */
const largestFetch = 128 * 1024 * 1024;
/** What a call may print, bytes. */
const largestAnswer = 16 * 1024 * 1024;

/** What git needs of the caller: to be found, to reach the network, and to prove who asks. */
const passedOn = [
  ...["PATH", "HOME", "USERPROFILE", "SYSTEMROOT", "TMPDIR", "TEMP", "XDG_CONFIG_HOME"],
  ...["SSH_AUTH_SOCK", "GIT_SSH_COMMAND", "GIT_SSL_CAINFO", "SSL_CERT_FILE", "SSL_CERT_DIR"],
  ...["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"],
];

/** Hashes by the full names of tags; for an annotated tag, of the commit behind it. */
export async function listTags(host: GitHost): Promise<ReadonlyMap<string, string>> {
  const answer = await runGit(host, ["ls-remote", "--tags", "--", host.remote]);
  const commits = new Map<string, string>();
  for (const line of answer.toString("utf8").split("\n")) {
    const [, hash, tag, peeled] = /^([0-9a-f]{40,64})\trefs\/tags\/(.+?)(\^\{\})?$/.exec(line) ?? [];
    if (hash === undefined || tag === undefined) continue;
    if (peeled !== undefined || !commits.has(tag)) commits.set(tag, hash);
  }
  return commits;
}

export interface TreeFile {
  /** Within the repository. */
  readonly path: string;
  readonly hash: string;
  readonly isLink: boolean;
  readonly bytes: number;
}

/** Tags fetched into a bare repository of their own. */
export class FetchedTags {
  readonly #host: GitHost;
  readonly #folder: string;

  private constructor(host: GitHost, folder: string) {
    this.#host = host;
    this.#folder = folder;
  }

  /** @param folder empty; the caller removes it */
  static async fetch(host: GitHost, folder: string, tags: readonly string[]): Promise<FetchedTags> {
    await runGit(host, ["init", "--quiet", "--bare", "--template=", "--", folder]);
    const options = ["--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head"];
    const specs = tags.map((tag) => `refs/tags/${tag}:refs/tags/${tag}`);
    const watch = new AbortController();
    const timer = setInterval(() => {
      if (bytesBelow(join(folder, "objects", "pack")) > largestFetch) watch.abort();
    }, 100);
    try {
      await runGit(host, ["fetch", ...options, "--", host.remote, ...specs], {
        folder,
        signal: watch.signal,
      });
    } finally {
      clearInterval(timer);
    }
    return new FetchedTags(host, folder);
  }

  async commitOf(tag: string): Promise<string> {
    const answer = await this.#run([
      "rev-parse",
      "--verify",
      "--end-of-options",
      `refs/tags/${tag}^{commit}`,
    ]);
    return answer.toString("utf8").trim();
  }

  /** Files and links below a folder of the repository; `.` is the whole of it. */
  async filesAt(commit: string, folder: string): Promise<readonly TreeFile[]> {
    const below = folder === "." ? [] : [`${folder}/`];
    const answer = await this.#run(["ls-tree", "-r", "-z", "-l", "--full-tree", commit, "--", ...below]);
    return answer
      .toString("utf8")
      .split("\0")
      .flatMap((entry) => {
        const [, mode, hash, bytes, path] = /^(\d{6}) blob ([0-9a-f]+) +(\d+)\t(.+)$/s.exec(entry) ?? [];
        if (mode === undefined || hash === undefined || path === undefined) return [];
        return [{ path, hash, isLink: mode === "120000", bytes: Number(bytes) }];
      });
  }

  async read(file: TreeFile): Promise<Buffer> {
    return await this.#run(["cat-file", "blob", file.hash]);
  }

  #run(parameters: readonly string[]): Promise<Buffer> {
    return runGit(this.#host, parameters, { folder: this.#folder });
  }
}

async function runGit(
  host: GitHost,
  parameters: readonly string[],
  options: { readonly folder?: string; readonly signal?: AbortSignal } = {},
): Promise<Buffer> {
  const safe = ["-c", `core.hooksPath=${devNull}`, "-c", "fetch.fsckObjects=true", "-c", "gc.auto=0"];
  const where = options.folder === undefined ? [] : [`--git-dir=${options.folder}`];
  return await new Promise((resolve, reject) => {
    execFile(
      "git",
      [...safe, ...where, ...parameters],
      {
        env: environmentFor(host),
        encoding: "buffer",
        timeout: patience,
        killSignal: "SIGKILL",
        maxBuffer: largestAnswer,
        windowsHide: true,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(refusal(host, error, stderr.toString("utf8")));
      },
    );
  });
}

function environmentFor({ environment }: GitHost): NodeJS.ProcessEnv {
  const known = passedOn.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    GIT_SSH_COMMAND: "ssh -oBatchMode=yes",
    ...Object.fromEntries(known),
    LC_ALL: "C",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "",
    SSH_ASKPASS: "",
    GCM_INTERACTIVE: "never",
    GIT_ALLOW_PROTOCOL: "https:ssh:file",
    GIT_LITERAL_PATHSPECS: "1",
    GIT_NO_REPLACE_OBJECTS: "1",
  };
}

type Failure = Error & { readonly code?: string | number | null; readonly killed?: boolean };

function refusal(host: GitHost, error: Failure, stderr: string): TerraneError {
  if (error.code === "ENOENT") {
    return new TerraneError("source-unavailable", `git, which ${host.name} is read with, is not installed`, {
      next: "Install git, or name a folder in terrane.yaml.",
      cause: error,
    });
  }
  const why =
    error.name === "AbortError"
      ? `it holds more than ${largestFetch / 1024 / 1024} MiB`
      : error.killed === true
        ? `there was no answer within ${patience / 1000} s`
        : lastWords(stderr);
  return new TerraneError("source-unavailable", `the blueprints of ${host.name} cannot be read: ${why}`, {
    cause: error,
  });
}

/** Git's own reason: its first fatal line, without what it only advises. */
function lastWords(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  const fatal = lines.find((line) => line.startsWith("fatal:")) ?? lines[0] ?? "git failed";
  return fatal.replace(/^fatal: /, "").slice(0, 300);
}

function bytesBelow(folder: string): number {
  try {
    return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  } catch {
    // Not there yet, or a file that git has just renamed.
    return 0;
  }
}
