/** Tells whether the kernel has killed processes for want of memory, and how much memory there is. Linux; elsewhere nobody knows. */
import { readFile } from "node:fs/promises";
import { totalmem } from "node:os";

/** Of this container (cgroup v2), and of the whole machine. */
const counters = ["/sys/fs/cgroup/memory.events", "/proc/vmstat"];

/** Processes killed so far, for comparison. */
export async function countMemoryKills(files: readonly string[] = counters): Promise<number> {
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
  const counts = texts.map((text) => Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Bytes that this machine or container may use. */
export function memoryLimit(): number {
  const constrained = process.constrainedMemory();
  // Without a limit it is 0, or a number beyond any machine.
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

/** What a Go program says that is refused memory: `runtime/malloc.go`, `mpagealloc.go`, `os_linux.go`, `cgo` of Go 1.26. */
const refusals = [
  "fatal error: runtime: out of memory",
  "fatal error: out of memory",
  "cannot allocate memory",
  "cannot map pages in arena address space",
  "failed to reserve page summary memory",
  "newosproc",
  "pthread_create failed",
];

export function saysOutOfMemory(words: string): boolean {
  return refusals.some((refusal) => words.includes(refusal));
}
