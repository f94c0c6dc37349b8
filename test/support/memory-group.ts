/** A group of processes that may use so much memory together and no more, where this machine lets us make one (Linux). */
import { mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Control groups of version 2 and of version 1. */
const kinds = [
  { root: "/sys/fs/cgroup", limit: "memory.max" },
  { root: "/sys/fs/cgroup/memory", limit: "memory.limit_in_bytes" },
] as const;

export interface MemoryGroup extends Disposable {
  /** A process whose id is written to it belongs to the group, with all that it starts. */
  readonly members: string;
}

/** Undefined where we may not. */
export function makeMemoryGroup(bytes: number): MemoryGroup | undefined {
  for (const { root, limit } of kinds) {
    const folder = join(root, `terrane-test-${process.pid}`);
    try {
      mkdirSync(folder);
    } catch {
      continue;
    }
    const remove = () => rmdirSync(folder);
    try {
      writeFileSync(join(folder, limit), `${bytes}`, { flag: "r+" });
      return { members: join(folder, "cgroup.procs"), [Symbol.dispose]: remove };
    } catch {
      remove();
    }
  }
  return undefined;
}
