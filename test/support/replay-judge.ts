/** The judge of test/replay-judge: built once from its sources, then asked by JSON lines for as long as a suite runs. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Deployment, VersionedDeployment } from "../../src/state/deployment/deployment.ts";
import { buildGoProgram } from "./go-program.ts";

const linked = { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": "v3.250.0" };
/** Milliseconds that building it from nothing may take. */
export const buildTimeout = 900_000;

/** Entries as the engine's own journal wrote them, on top of their base. */
export interface Journal {
  /** What the engine was asked to do. */
  readonly what: string;
  readonly base: Deployment;
  readonly entries: readonly unknown[];
}

export interface Verdict {
  /** Why the engine could not read the state; empty when it can. */
  readonly unreadable: string;
  /** What its integrity check found; empty when nothing. */
  readonly integrity: string;
}

export interface Replayed extends Verdict {
  /** Number of entries. */
  readonly cut: number;
  readonly state: VersionedDeployment;
  /** Why the engine's replayer gave up; empty when it did not. */
  readonly failed: string;
}

export interface Judge extends AsyncDisposable {
  /**
   * The journal of a random operation of the engine itself; undefined where that brings the engine down, as some of its
   * own generators' programs do.
   */
  engine(seed: number): Promise<Journal | undefined>;
  /** The journal of random steps, some of kinds that no random program leads to. */
  steps(seed: number): Promise<Journal>;
  /** States after so many entries, by the engine's own replayer. */
  replay(journal: Journal, cuts: readonly number[]): Promise<readonly Replayed[]>;
  verify(state: unknown): Promise<Verdict>;
}

class JudgeDied extends Error {}

export async function openJudge(): Promise<Judge> {
  const file = await buildGoProgram("replay-judge", linked);
  let process = start(file);
  const ask = async <T>(request: object): Promise<T> => {
    const line = await process.ask(JSON.stringify(request)).catch((error) => {
      process = start(file);
      throw error;
    });
    const answer = JSON.parse(line) as T & { readonly error?: string; readonly stack?: string };
    if (answer.error !== undefined) throw new Error(`the judge: ${answer.error}\n${answer.stack}`);
    return answer;
  };
  return {
    engine: (seed) =>
      ask<Journal>({ do: "engine", seed }).catch((error) => {
        if (error instanceof JudgeDied) return undefined;
        throw error;
      }),
    steps: (seed) => ask({ do: "steps", seed }),
    replay: ({ base, entries }, cuts) => ask({ do: "replay", base, entries, cuts }),
    verify: (state) => ask({ do: "verify", state }),
    [Symbol.asyncDispose]: () => process.end(),
  };
}

/** One process; requests are answered in their order. */
function start(file: string) {
  const child = spawn(file, { stdio: ["pipe", "pipe", "pipe"] });
  const waiting: { resolve(line: string): void; reject(error: Error): void }[] = [];
  let lastWords = "";
  child.stderr.on("data", (bytes) => {
    lastWords = `${lastWords}${bytes}`.slice(-4_000);
  });
  createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()?.resolve(line));
  const ended = new Promise<void>((resolve) => {
    child.on("close", () => {
      for (const each of waiting.splice(0)) each.reject(new JudgeDied(lastWords));
      resolve();
    });
  });
  return {
    ask: (line: string) =>
      new Promise<string>((resolve, reject) => {
        waiting.push({ resolve, reject });
        child.stdin.write(`${line}\n`);
      }),
    end: () => {
      child.stdin.end();
      return ended;
    },
  };
}
