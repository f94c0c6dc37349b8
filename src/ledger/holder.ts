/** Which process holds something, and whether it still lives. */
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { z } from "zod";

export const processSchema = z.strictObject({
  /** For people. */
  host: z.string(),
  /** Tells machines, and containers with processes of their own, apart; two of them may have one host name. */
  machine: z.string().default(""),
  pid: z.int(),
  /** Start time of the process, so that a reused pid is not taken for it; empty where it cannot be had. */
  processStart: z.string(),
});
export type ProcessIdentity = z.infer<typeof processSchema>;

export const holderSchema = z.strictObject({
  ...processSchema.shape,
  user: z.string(),
  /** ISO 8601. */
  since: z.string(),
});
export type Holder = z.infer<typeof holderSchema>;

/** `elsewhere`: nobody here can tell. */
export type Liveness = "alive" | "dead" | "elsewhere";

/** `user`: who started it, for people. */
export function thisProcess(user: string, now: Date): Holder {
  return { user, ...identityOf(process.pid), since: now.toISOString() };
}

/** A process of this machine. */
export function identityOf(pid: number): ProcessIdentity {
  return { host: hostname(), machine: thisMachine(), pid, processStart: processStart(pid) ?? "" };
}

export function livenessOf(identity: ProcessIdentity): Liveness {
  if (identity.host !== hostname() || identity.machine !== thisMachine()) return "elsewhere";
  try {
    process.kill(identity.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM" ? "alive" : "dead";
  }
  const start = processStart(identity.pid);
  return start === undefined || identity.processStart === "" || start === identity.processStart
    ? "alive"
    : "dead";
}

let machine: string | undefined;

/** This boot of this machine, and the namespace that its process ids belong to; empty where there is no /proc. */
function thisMachine(): string {
  machine ??= [
    () => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim(),
    () => readlinkSync("/proc/self/ns/pid"),
  ]
    .map(orEmpty)
    .join(" ")
    .trim();
  return machine;
}

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}

/** Field 22 of /proc/<pid>/stat, clock ticks since boot (proc(5)); undefined on systems without /proc. */
function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command name stands in parentheses and may hold spaces: count from behind it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A process that is dead and not yet buried runs no more.
    return fields[0] === "Z" ? "ended" : fields[19];
  } catch {
    return undefined;
  }
}
