/** How many stacks are at work at once where nobody says: by cores and memory. Pure; the machine is handed in. */

/**
 * Memory kept for one stack at work, bytes: its engine takes about 115 MB, its program and providers in this process as
 * much again, the rest is room for plugins. Measured with engine 3.250.0 and stacks of 25 to 300 resources, 2026-11-21.
 */
const bytesPerStack = 400 * 2 ** 20;

/** More than these only wait for each other's clouds and database. */
const most = 8;

export interface Machine {
  /** Threads that run at once. */
  readonly cores: number;
  /** Bytes that can be had without swapping, limits of a container counted; what caches hold can be had too. */
  readonly memory: number;
}

/** At least 1. An engine waits for its clouds most of the time, so that two share a core. */
export function stacksAtOnce({ cores, memory }: Machine): number {
  return Math.max(1, Math.min(most, cores * 2, Math.floor(memory / bytesPerStack)));
}
