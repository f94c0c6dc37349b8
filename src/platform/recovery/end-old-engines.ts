/** What whoever takes over does first: end the engines of earlier holders, so that nothing is done behind its back. */
import { endEngines } from "../../engine/end-engines.ts";
import { livenessOf } from "../../ledger/holder.ts";
import type { HeldEnvironment, Ledger } from "../../ledger/ledger.ts";

/** @throws TerraneError `engine-alive` */
export async function endOldEngines(ledger: Ledger, { lease }: HeldEnvironment): Promise<void> {
  const engines = await ledger.leases.enginesBefore(lease);
  if (engines.length === 0) return;
  const byPid = new Map(engines.map(({ process }) => [process.pid, process]));
  await endEngines(
    engines.map(({ stack, process }) => ({ stack, pid: process.pid })),
    (pid) => {
      const process = byPid.get(pid);
      // One on another machine cannot be ended from here: the lease's number keeps it from writing.
      return process !== undefined && livenessOf(process) === "alive";
    },
  );
  await ledger.leases.forgetEnginesBefore(lease);
}
