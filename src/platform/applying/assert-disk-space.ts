/** Refuses to begin an operation that a disk has no room for: half of one is worse than none. */
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { TerraneError } from "../../errors.ts";

/**
 * An operation on 5,000 resources, measured: 25 MB of journal and states in the ledger, as much again in its log until
 * that is taken over; programs, plans and events of engines among temporary files.
 */
export const leastFreeBytes = 64 * 2 ** 20;

export interface DiskUse {
  /** Absolute; it need not exist yet. */
  readonly path: string;
  /** What is written there: `the ledger`. */
  readonly what: string;
}

/** @throws TerraneError `disk-full` with path and bytes needed */
export async function assertDiskSpace(uses: readonly DiskUse[], freeBytes = freeBytesOf): Promise<void> {
  for (const { path, what } of uses) {
    const free = await freeBytes(path);
    if (free >= leastFreeBytes) continue;
    throw new TerraneError(
      "disk-full",
      `the disk of ${what} (${path}) has ${toMib(free)} MiB free, and an operation may need ${toMib(leastFreeBytes)}`,
      {
        next: `Make room for ${toMib(leastFreeBytes - free + 2 ** 20 - 1)} MiB more there, then run the command again.`,
        details: { path, freeBytes: free, neededBytes: leastFreeBytes },
      },
    );
  }
}

function toMib(bytes: number): number {
  return Math.floor(bytes / 2 ** 20);
}

async function freeBytesOf(path: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return freeBytesOf(dirname(path));
  }
}
