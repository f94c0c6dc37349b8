/** Who holds an environment, and whether that process still lives. */
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { z } from "zod";

export const holderSchema = z.strictObject({
  user: z.string(),
  host: z.string(),
  pid: z.int(),
  /** Start time of the process, so that a reused pid is not taken for the holder; empty where it cannot be had. */
  processStart: z.string(),
  /** ISO 8601. */
  since: z.string(),
});
export type Holder = z.infer<typeof holderSchema>;

/** `user`: who started it, for people. */
export function thisProcess(user: string, now: Date): Holder {
  return {
    user,
    host: hostname(),
    pid: process.pid,
    processStart: processStart(process.pid) ?? "",
    since: now.toISOString(),
  };
}

/** A holder on another host counts as alive: nobody here can tell. */
export function isAlive(holder: Holder): boolean {
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  const start = processStart(holder.pid);
  return start === undefined || holder.processStart === "" || start === holder.processStart;
}

/** Field 22 of /proc/<pid>/stat, clock ticks since boot (proc(5)); undefined on systems without /proc. */
function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command name stands in parentheses and may hold spaces: count from behind it.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
