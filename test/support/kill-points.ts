/** The ten points of an operation at which processes are killed, told by what the process itself publishes of its work. */
import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { onTrace, type TracePoints } from "../../src/model/trace-points.ts";
import { entryKinds } from "../../src/state/deployment/journal-entry.ts";

export const killPoints = ["K1", "K2", "K3", "K4", "K5", "K6", "K7", "K8", "K9", "K10"] as const;
/** `waiting`, beside the ten: the engine's process exists, has not begun, and nobody has noted it. */
export type KillPoint = (typeof killPoints)[number] | "waiting";

/**
 * `freeze`: the process is stopped (SIGSTOP) instead, and can be woken. `starve`: the engine may map no more memory;
 * `squeeze`: something else takes all that there is, and the kernel ends the engine for it. `disk`: the disk of the
 * project is full from then on.
 */
export type Victim = "cli" | "engine" | "both" | "freeze" | "starve" | "squeeze" | "disk";

export interface KillWish {
  readonly point: KillPoint;
  /** The n-th time that the point is reached, from 1. */
  readonly nth: number;
  readonly victim: Victim;
  /** File that is written when it is done: the pid of the engine at work, if any. */
  readonly mark: string;
}

const { begin, success, refreshSuccess } = entryKinds;

export function armKill({ point, nth, victim, mark }: KillWish): void {
  let engine: number | undefined;
  let ending = false;
  let steps = 0;
  let count = 0;
  const reach = (reached: KillPoint) => {
    if (reached !== point) return;
    count += 1;
    if (count !== nth) return;
    writeFileSync(mark, `${engine ?? ""}`);
    if (victim === "disk") fillDisk(dirname(mark));
    else strike(victim, engine);
  };
  const on = <P extends keyof TracePoints>(name: P, listen: (message: TracePoints[P]) => void) =>
    void onTrace(name, listen);

  on("lease:asked", () => reach("K1"));
  on("lease:taken", () => reach("K2"));
  on("engine:waiting", (waiting) => {
    engine = waiting.pid;
    reach("waiting");
  });
  on("engine:started", (started) => {
    if (!started.writes) return;
    engine = started.pid;
    reach("K3");
  });
  on("journal:durable", ({ entries }) => {
    if (entries.some(({ kind }) => kind === begin)) reach("K4");
  });
  // A read needs nobody's leave: an engine that refreshes begins nothing on record.
  on("call:received", ({ verb }) => {
    if (engine !== undefined && verb === "read") reach("K4");
  });
  on("call:done", () => {
    if (engine !== undefined) reach("K5");
  });
  on("journal:append", ({ entries }) => {
    if (entries.some(({ kind }) => kind === success || kind === refreshSuccess)) reach("K6");
  });
  on("update:ending", () => {
    ending = engine !== undefined;
  });
  on("write:committing", () => {
    if (ending) reach("K7");
    ending = false;
  });
  on("step:ended", () => {
    steps += 1;
    if (steps === 1) reach("K8");
  });
  on("operation:closing", () => reach("K9"));
  on("operation:closed", () => reach("K10"));
}

/** Name of the file that takes all the room; whoever deletes it makes room again. */
export const filler = "filler";

function fillDisk(folder: string): void {
  const file = openSync(join(folder, filler), "a");
  for (const size of [2 ** 20, 2 ** 12, 1]) {
    try {
      for (;;) writeSync(file, Buffer.alloc(size));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    }
  }
  closeSync(file);
}

function strike(victim: Victim, engine: number | undefined): void {
  if (engine !== undefined && (victim === "engine" || victim === "both")) end(-engine, "SIGKILL");
  if (victim === "cli" || victim === "both") end(process.pid, "SIGKILL");
  if (victim === "freeze") end(process.pid, "SIGSTOP");
  if (victim === "starve") execFileSync("prlimit", ["--pid", `${engine}`, `--as=${2 ** 20}`]);
  if (victim === "squeeze") squeeze(engine);
}

/**
 * Only in a group of processes with a limit of its own: it fills all there is. The engine goes first, then what fills: the
 * kernel counts a process's memory, and its number in thousandths of all there is on top (proc(5), oom_score_adj).
 */
function squeeze(engine: number | undefined): void {
  writeFileSync(`/proc/${engine}/oom_score_adj`, "1000");
  spawnSync("/bin/sh", ["-c", "echo 200 > /proc/self/oom_score_adj; exec tail /dev/zero"]);
}

function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
