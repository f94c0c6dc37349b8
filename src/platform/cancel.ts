/** Asks whoever is at work on an environment to stop in good order, wherever they are. */
import { environmentScope } from "../ledger/lease.ts";
import type { HeldLease } from "./api.ts";
import type { PlatformContext } from "./context.ts";
import { openProject } from "./project/open-project.ts";
import { nameOfRecord } from "./project/pick-record.ts";
import { readLease } from "./records/held-lease.ts";

/**
 * Who was asked; undefined while nobody is at work. What runs is finished, nothing more is begun, and the operation ends
 * as cancelled, as with Ctrl-C once.
 * @param startedBy who asks, for the record and for whoever is asked
 */
export async function cancelOperation(
  context: PlatformContext,
  name: string | undefined,
  { startedBy }: { readonly startedBy: string },
): Promise<HeldLease | undefined> {
  await using project = await openProject(context);
  const ledger = await project.app.ledger();
  const environment = await nameOfRecord(project, name);
  const row = await ledger.leases.read(environmentScope(environment));
  if (row?.state !== "alive") return undefined;
  await ledger.leases.ask(row, { who: startedBy, at: context.now() });
  return await readLease(ledger, environment);
}
