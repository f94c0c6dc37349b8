/**
 * The one place that starts the Pulumi CLI: in a process group of its own, with exactly the environment handed in,
 * asked once to end and killed only after a stated time or a second wish. Knows nothing of stacks or events.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PulumiCommand, Workspace } from "@pulumi/pulumi/automation/index.js";
import { version as sdkVersion } from "@pulumi/pulumi/version.js";
import { parse as parseSemver, type SemVer } from "semver";
import { TerraneError } from "../errors.ts";
import { killGroup } from "./end-engines.ts";
import type { FoundEngine } from "./find.ts";
import { projectName } from "./project.ts";
import type { EngineExit } from "./request.ts";
import { pinnedEngineVersion } from "./version.ts";

/** Characters kept of each output stream, from its end; of what is asked for as an answer, all. */
const keptOutput = 64 * 1024;
/** And from its beginning: a Go program that crashes says why, and then what each of its thousands of routines did. */
const keptBeginning = 4 * 1024;

export interface EngineProcessOptions {
  readonly engine: FoundEngine;
  /** The whole environment of the engine. */
  readonly environment: Readonly<Record<string, string>>;
  /** Backend URL: a new stack in a folder is made without starting the engine for it. */
  readonly stateUrl: string;
  readonly signal: AbortSignal;
  readonly force?: AbortSignal;
  /** Milliseconds between asking the engine to end and killing it; without it, it is never killed for being slow. */
  readonly grace?: number;
  /** Where the program is served; replaces the address of the Automation API's own language server. */
  readonly clientAddress?: string;
  /** Told of each process started, for whoever watches over them. */
  readonly onStart?: (pid: number) => void;
  /** As `EngineRequest` has it. */
  readonly putOnRecord?: (pid: number) => Promise<void>;
}

/** The CLI ended otherwise than with code 0, or was never started. */
export class EngineStopped extends Error {
  readonly exit: EngineExit;
  readonly stdout: string;
  readonly stderr: string;

  constructor(exit: EngineExit, stdout: string, stderr: string) {
    super(`the engine ended with ${exit.signal ?? exit.code ?? "nothing"}`);
    this.name = "EngineStopped";
    this.exit = exit;
    this.stdout = stdout;
    this.stderr = stderr;
  }
}

interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** What the Automation API calls on a PulumiCommand; `run` is stripped from its public types. */
interface CommandFace {
  readonly command: string;
  readonly version: SemVer | null;
  run(args: string[], cwd: string, environment: Record<string, string>): Promise<CommandResult>;
}

/**
 * A PulumiCommand for one engine operation.
 * @throws TerraneError `internal` when the SDK is not the pinned one: the shape relied on here is not public.
 */
export function makeCommand(options: EngineProcessOptions): PulumiCommand {
  if (sdkVersion !== pinnedEngineVersion) {
    throw new TerraneError(
      "internal",
      `@pulumi/pulumi is ${sdkVersion}, but this release works with ${pinnedEngineVersion} only`,
    );
  }
  const face: CommandFace = {
    command: options.engine.command,
    version: parseSemver(options.engine.version),
    run: async (args, cwd) =>
      (await answerInProcess(args, options.stateUrl)) ?? (await runChild(args, cwd, options)),
  };
  return face as unknown as PulumiCommand;
}

/** Runs a command of the CLI that the Automation API has no verb for, or a less careful one. */
export function runInWorkspace(workspace: Workspace, args: string[]): Promise<CommandResult> {
  const face = workspace.pulumiCommand as unknown as CommandFace;
  return face.run(args, workspace.workDir, {});
}

/**
 * What the Automation API asks besides the operation itself, answered without a process: a stack is named in every
 * call, so nothing has to be selected, and outputs are read in our own program.
 */
async function answerInProcess(
  args: readonly string[],
  stateUrl: string,
): Promise<CommandResult | undefined> {
  const nothing = (stdout: string): CommandResult => ({ stdout, stderr: "", code: 0 });
  const [first, second, third] = args;
  if (first !== "stack") return undefined;
  if (second === "select") return nothing("");
  if (second === "output") return nothing("{}");
  if (second === "history") return nothing("[]");
  if (second === "init" && third !== undefined && stateUrl.startsWith("file://")) {
    await makeStackFile(fileURLToPath(stateUrl), third);
    return nothing("");
  }
  return undefined;
}

// What `pulumi stack init` of 3.250 leaves in a folder before it makes the secrets provider, which `up` does as well.
async function makeStackFile(root: string, stack: string): Promise<void> {
  const folder = join(root, ".pulumi", "stacks", projectName);
  await mkdir(folder, { recursive: true });
  await writeFile(join(root, ".pulumi", "meta.yaml"), "version: 1\n", { flag: "wx" }).catch(ignoreExisting);
  const checkpoint = { version: 3, checkpoint: { stack: `organization/${projectName}/${stack}` } };
  const file = join(folder, `${stack}.json`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(checkpoint), { flag: "wx" }).catch(ignoreExisting);
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}

function runChild(args: string[], cwd: string, options: EngineProcessOptions): Promise<CommandResult> {
  const { signal, force } = options;
  if (signal.aborted || force?.aborted === true) {
    return Promise.reject(new EngineStopped({ stopped: "asked" }, "", ""));
  }
  return new Promise((resolve, reject) => {
    const child = spawnEngine(withClient(args, options.clientAddress), cwd, options);
    let unrecorded: unknown;
    const begun = child.pid === undefined ? undefined : begin(child, child.pid, options);
    begun?.catch((error: unknown) => {
      unrecorded = error;
    });
    const isAnswer = args[0] === "stack" && args[1] === "export";
    const stdout = listen(child.stdout, isAnswer ? Number.POSITIVE_INFINITY : keptOutput);
    const stderr = listen(child.stderr, keptOutput);
    let stopped: EngineExit["stopped"] = "no";
    let timer: NodeJS.Timeout | undefined;

    const kill = () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      stopped = "forced";
      if (child.pid !== undefined) killGroup(child.pid);
    };
    const ask = () => {
      if (stopped !== "no") return;
      stopped = "asked";
      child.kill("SIGINT");
      if (options.grace !== undefined) timer = setTimeout(kill, options.grace);
    };
    signal.addEventListener("abort", ask, { once: true });
    force?.addEventListener("abort", kill, { once: true });
    const release = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", ask);
      force?.removeEventListener("abort", kill);
    };

    child.once("error", (cause) => {
      release();
      reject(cannotStart(options.engine.command, cause));
    });
    child.once("close", (code, name) => {
      release();
      if (unrecorded !== undefined) return reject(unrecorded);
      if (options.putOnRecord !== undefined && code !== null && notStarted.includes(code)) {
        return reject(cannotStart(options.engine.command, stderr()));
      }
      if (code === 0) return resolve({ stdout: stdout(), stderr: stderr(), code });
      const exit: EngineExit = {
        ...(code === null ? {} : { code }),
        ...(name === null ? {} : { signal: name }),
        stopped,
      };
      reject(new EngineStopped(exit, stdout(), stderr()));
    });
  });
}

function cannotStart(command: string, cause: unknown): TerraneError {
  return new TerraneError("engine-missing", `the engine at ${command} cannot be started`, { cause });
}

/** Exit codes of a shell that finds no such program, or may not run it (POSIX, Shell Command Language, 2.8.2). */
const notStarted: readonly number[] = [126, 127];

/** Becomes the program, keeping its process id, at one line of input; ends where that never comes. */
const atOneWord = 'read -r word && exec "$0" "$@" </dev/null';

/** An own process group: a terminal's Ctrl-C does not reach the engine, which takes a second signal as "stop now". */
function spawnEngine(args: readonly string[], cwd: string, options: EngineProcessOptions): ChildProcess {
  const { engine, environment: env, putOnRecord } = options;
  const surroundings = { cwd, env, detached: true } as const;
  return putOnRecord === undefined
    ? spawn(engine.command, args, { ...surroundings, stdio: ["ignore", "pipe", "pipe"] })
    : spawn("/bin/sh", ["-c", atOneWord, engine.command, ...args], { ...surroundings, stdio: "pipe" });
}

/** Gives the waiting process the word once it is on record; without a record it ends by itself. */
async function begin(child: ChildProcess, pid: number, options: EngineProcessOptions): Promise<void> {
  // A process that was killed while it waited reads no more.
  child.stdin?.on("error", () => undefined);
  try {
    await options.putOnRecord?.(pid);
    child.stdin?.write("go\n");
    options.onStart?.(pid);
  } finally {
    child.stdin?.end();
  }
}

function withClient(args: readonly string[], address: string | undefined): string[] {
  const own = args.map((arg) =>
    address !== undefined && arg.startsWith("--client=") ? `--client=${address}` : arg,
  );
  return [...own, "--non-interactive", "--color", "never"];
}

/** The beginning and the end of what a stream says. */
function listen(stream: NodeJS.ReadableStream | null, kept: number): () => string {
  let beginning = "";
  let end = "";
  stream?.setEncoding("utf8");
  stream?.on("data", (chunk: string) => {
    const room = keptBeginning - beginning.length;
    beginning += chunk.slice(0, room);
    const rest = room < chunk.length ? chunk.slice(room) : "";
    end = end.length + rest.length <= kept ? end + rest : (end + rest).slice(-kept);
  });
  return () => beginning + end;
}
