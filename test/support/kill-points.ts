/**
 * The ten points of an operation at which processes are killed, told by what the process itself publishes of its work.
 * Where the state is kept elsewhere than in the service's journal, what only the journal tells is told by the nearest
 * thing that a cloud tells.
 */
import { writeFileSync } from "node:fs";
import { onTrace, type TracePoints } from "../../src/model/trace-points.ts";

export const killPoints = ["K1", "K2", "K3", "K4", "K5", "K6", "K7", "K8", "K9", "K10"] as const;
export type KillPoint = (typeof killPoints)[number];

/** `freeze`: the process is stopped (SIGSTOP) instead, and can be woken. */
export type Victim = "cli" | "engine" | "both" | "freeze";

export interface KillWish {
  readonly point: KillPoint;
  /** The n-th time that the point is reached, from 1. */
  readonly nth: number;
  readonly victim: Victim;
  /** File that is written when it is done: the pid of the engine at work, if any. */
  readonly mark: string;
}

/** Entry kinds of the engine's journal: `apitype/journal.go` of 3.250.0. */
const begin = 0;
const success = 1;

export function armKill({ point, nth, victim, mark }: KillWish): void {
  let engine: number | undefined;
  let writes = false;
  let journaled = false;
  let ending = false;
  let steps = 0;
  let count = 0;
  const reach = (reached: KillPoint) => {
    if (reached !== point) return;
    count += 1;
    if (count !== nth) return;
    writeFileSync(mark, `${engine ?? ""}`);
    strike(victim, engine);
  };
  const on = <P extends keyof TracePoints>(name: P, listen: (message: TracePoints[P]) => void) =>
    void onTrace(name, listen);

  on("lease:asked", () => reach("K1"));
  on("lease:taken", () => reach("K2"));
  on("engine:started", (started) => {
    if (!started.writes) return;
    writes = true;
    engine = started.pid;
    reach("K3");
  });
  on("journal:durable", ({ entries }) => {
    journaled = true;
    if (entries.some(({ kind }) => kind === begin)) reach("K4");
  });
  on("journal:append", ({ entries }) => {
    journaled = true;
    if (entries.some(({ kind }) => kind === success)) reach("K6");
  });
  on("update:ending", () => {
    ending = true;
  });
  on("call:received", () => {
    if (writes && !journaled) reach("K4");
  });
  on("call:done", () => {
    if (!writes) return;
    reach("K5");
    if (!journaled) reach("K6");
  });
  on("write:committing", () => {
    if (ending || (writes && !journaled)) reach("K7");
    ending = false;
  });
  on("step:ended", () => {
    steps += 1;
    if (steps === 1) reach("K8");
  });
  on("operation:closing", () => reach("K9"));
  on("operation:closed", () => reach("K10"));
}

function strike(victim: Victim, engine: number | undefined): void {
  if (engine !== undefined && (victim === "engine" || victim === "both")) end(-engine, "SIGKILL");
  if (victim === "cli" || victim === "both") end(process.pid, "SIGKILL");
  if (victim === "freeze") end(process.pid, "SIGSTOP");
}

function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
