/** `terrane state serve` as the process that people start, for tests. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import type { TestProject } from "./project.ts";

const entry = fileURLToPath(new URL("../../bin/terrane.js", import.meta.url));

export interface EndedProcess {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ServeCommand extends AsyncDisposable {
  readonly pid: number;
  readonly stdout: () => string;
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<EndedProcess>;
}

/** Runs `terrane` to its end, whatever that is. */
export async function runTerrane(project: TestProject, ...args: readonly string[]): Promise<EndedProcess> {
  return startTerrane(project, args).ended;
}

/** Resolves when it says where it serves. @throws Error where it ends before */
export async function startServeCommand(
  project: TestProject,
  ...args: readonly string[]
): Promise<ServeCommand> {
  const { child, said, ended } = startTerrane(project, ["state", "serve", ...args]);
  await vi.waitFor(
    () => {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${said.stderr}`);
      if (!/"tokenFile".*\n}\n|Ctrl-C/s.test(said.stdout)) throw new Error("it serves nothing yet");
    },
    { timeout: 30_000, interval: 20 },
  );
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  return {
    pid: child.pid ?? 0,
    stdout: () => said.stdout,
    end,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) await end("SIGKILL");
    },
  };
}

/** Starts `terrane` as people do, in the project's folder. */
export function startTerrane({ dir, context }: TestProject, args: readonly string[]) {
  const child = spawn(process.execPath, [entry, ...args], {
    cwd: dir,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      TERRANE_HOME: context.home,
      NO_COLOR: "1",
      ...context.environment,
    },
  });
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.stderr += text;
  });
  const ended = new Promise<EndedProcess>((resolve) => {
    child.once("close", (code) => resolve({ code, ...said }));
  });
  return { child, said, ended };
}
