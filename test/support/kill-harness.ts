/** Runs the command line as a process of its own, in projects that are copies of prepared ones, with stdin closed. */
import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PlatformContext } from "../../src/platform/context.ts";
import { onHost } from "./hosts.ts";
import type { KillWish } from "./kill-points.ts";
import { canary, components, documents, environment, now, secretVariable } from "./kill-world.ts";
import { applying, makeProject, type ProjectFiles, type TestProject, writersIn } from "./project.ts";

const program = fileURLToPath(new URL("./kill-program.ts", import.meta.url));

/** A command that has ended. */
export interface CommandRun {
  readonly argv: readonly string[];
  /** Absent when a signal ended it. */
  readonly code?: number;
  readonly signal?: string;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly pid: number;
  readonly ended: Promise<CommandRun>;
}

type Asked = [
  argv: readonly string[],
  kill?: Omit<KillWish, "mark"> | undefined,
  variables?: Readonly<Record<string, string>>,
  host?: string,
];

export interface KillProject extends ProjectFiles, AsyncDisposable {
  readonly dir: string;
  readonly context: PlatformContext;
  /** Everything that was run here, in order of their end. */
  readonly runs: CommandRun[];
  /** `variables`: more of the environment of the process. `host`: it runs on another host, of that name. */
  run(...asked: Asked): Promise<CommandRun>;
  start(...asked: Asked): RunningCommand;
  /** Engines that were at work when a point was reached. */
  struckEngines(): Promise<readonly number[]>;
}

/** A project as it is before the operation: with nothing, or with an environment that is up. */
export type Stage = "new" | "up";

export class Stages implements AsyncDisposable {
  readonly #prepared = new Map<Stage, Promise<TestProject>>();

  /** A copy of the stage, of its own. */
  async open(stage: Stage): Promise<KillProject> {
    const prepared = this.#prepared.get(stage) ?? prepare(stage);
    this.#prepared.set(stage, prepared);
    const dir = await mkdtemp(join(tmpdir(), "terrane-kill-"));
    await cp((await prepared).dir, dir, { recursive: true });
    return openProject(dir, (await prepared).context);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const project of this.#prepared.values()) await (await project)[Symbol.asyncDispose]();
  }
}

async function prepare(stage: Stage): Promise<TestProject> {
  const project = await makeProject(documents());
  if (stage === "up") {
    const { upEnvironment } = await import("../../src/platform/up.ts");
    await upEnvironment(inWorld(project.context), environment, applying());
  }
  return project;
}

function inWorld(context: PlatformContext): PlatformContext {
  return {
    ...context,
    components,
    now,
    environment: { ...context.environment, [secretVariable]: canary },
  };
}

function openProject(dir: string, prepared: PlatformContext): KillProject {
  const context = inWorld({ ...prepared, dir });
  const runs: CommandRun[] = [];
  const marks: string[] = [];
  const running = new Set<ChildProcess>();
  const start: KillProject["start"] = (argv, kill, variables = {}, host) => {
    const mark = join(dir, `struck-${marks.length}`);
    marks.push(mark);
    const here = { program: process.execPath, args: [program, ...argv] };
    const started = host === undefined ? here : onHost(host, here.program, here.args);
    const child = spawn(started.program, started.args, {
      cwd: dir,
      env: {
        ...context.environment,
        TERRANE_HOME: context.home,
        NO_COLOR: "1",
        ...variables,
        ...(kill === undefined ? {} : { TERRANE_TEST_KILL: JSON.stringify({ ...kill, mark }) }),
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    const said = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
    const ended = new Promise<CommandRun>((resolve, reject) => {
      child.once("error", reject);
      // Not `close`: an engine that was orphaned may hold the streams open.
      child.once("exit", (code, signal) => {
        running.delete(child);
        const run = {
          argv,
          ...(code === null ? {} : { code }),
          ...(signal === null ? {} : { signal }),
          get stdout() {
            return said.stdout;
          },
          get stderr() {
            return said.stderr;
          },
        };
        runs.push(run);
        setImmediate(() => resolve(run));
      });
    });
    if (child.pid === undefined) throw new Error("the command line could not be started");
    return { pid: child.pid, ended };
  };
  return {
    ...{ dir, context, runs, start },
    run: (...asked) => start(...asked).ended,
    struckEngines: async () => {
      const texts = await Promise.all(marks.map((mark) => readFile(mark, "utf8").catch(() => "")));
      return texts.filter((text) => text !== "").map(Number);
    },
    ...writersIn(dir),
    [Symbol.asyncDispose]: async () => {
      for (const child of running) child.kill("SIGKILL");
      await rm(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
