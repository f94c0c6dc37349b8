/** Says that somebody is at work on an environment while it is planned: what they have not saved yet is in no plan. */
import type { Emit } from "../../model/event.ts";
import type { App } from "../app.ts";
import { readLease } from "../records/held-lease.ts";

export async function tellRunning(app: App, environment: string, emit: Emit): Promise<void> {
  const lease = await readLease(await app.ledger(), environment);
  if (lease?.state !== "alive") return;
  const { operation, user, host, pid } = lease;
  emit({
    type: "diagnostic",
    stack: environment,
    severity: "warning",
    message: `an operation is running: ${operation} of ${user} on ${host} (process ${pid}). This is a plan of what was last saved; up would have to wait.`,
  });
}
