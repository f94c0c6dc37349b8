/** Ends engines that outlived the process that started them. Only those of this machine can be. */
import { setTimeout as delay } from "node:timers/promises";
import { TerraneError } from "../errors.ts";

/** Milliseconds that a killed process may take until it is gone: what waits for a disk ends late. */
const patience = 10_000;

/**
 * Kills the process groups that the engines lead, plugins included, and waits until they are gone.
 * @param isAlive whether this very process still runs: its number may have been given to another one since
 * @throws TerraneError `engine-alive` when one cannot be ended
 */
export async function endEngines(
  engines: readonly { readonly stack: string; readonly pid: number }[],
  isAlive: (pid: number) => boolean,
): Promise<void> {
  const end = performance.now() + patience;
  for (const { stack, pid } of engines) {
    while (isAlive(pid)) {
      if (performance.now() > end) {
        throw new TerraneError("engine-alive", `${stack}: the engine of process ${pid} cannot be ended`);
      }
      killGroup(pid);
      await delay(5);
    }
  }
}

/** The process and everything that it has started in its group. */
export function killGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
