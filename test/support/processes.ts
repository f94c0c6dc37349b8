/** Who is running on this machine (Linux), for tests that nothing is left behind. */
import { readdir, readFile } from "node:fs/promises";

/** All processes below one, deepest last; those that end meanwhile may be missing. */
export async function descendantsOf(pid: number): Promise<readonly number[]> {
  const children = new Map<number, number[]>();
  for (const each of await readProcesses()) {
    children.set(each.parent, [...(children.get(each.parent) ?? []), each.pid]);
  }
  const found: number[] = [];
  const queue = [pid];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const below = children.get(next) ?? [];
    found.push(...below);
    queue.push(...below);
  }
  return found;
}

/** Those of the processes that run. */
export async function stillRunning(pids: readonly number[]): Promise<readonly number[]> {
  const running = new Set((await readProcesses()).map((each) => each.pid));
  return pids.filter((pid) => running.has(pid));
}

interface Process {
  readonly pid: number;
  readonly parent: number;
}

/** Without those that have ended and whose parent has not asked yet. */
async function readProcesses(): Promise<readonly Process[]> {
  const names = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const processes = await Promise.all(names.map(readProcess));
  return processes.filter((each) => each !== undefined);
}

// proc(5): state and parent are fields 3 and 4; the name in field 2 may hold blanks.
async function readProcess(name: string): Promise<Process | undefined> {
  const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => undefined);
  const [state, parent] = stat?.replace(/^.*\) /s, "").split(" ") ?? [];
  if (parent === undefined || state === "Z") return undefined;
  return { pid: Number(name), parent: Number(parent) };
}

/** Whether the process is stopped (SIGSTOP); false where it is not there. */
export async function isStopped(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return /^.*\) T /s.test(stat);
}
