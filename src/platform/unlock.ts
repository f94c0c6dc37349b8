/** Takes an environment away from a holder that lives and does not answer. Whoever does it vouches for that. */
import { randomUUID } from "node:crypto";
import { TerraneError } from "../errors.ts";
import { thisProcess } from "../ledger/holder.ts";
import { environmentScope } from "../ledger/lease.ts";
import type { HeldLease } from "./api.ts";
import type { PlatformContext } from "./context.ts";
import { openProject } from "./project/open-project.ts";
import { nameOfRecord } from "./project/pick-record.ts";
import { readLease } from "./records/held-lease.ts";
import { endOldEngines } from "./recovery/end-old-engines.ts";

export interface UnlockRequest {
  readonly environment: string | undefined;
  /** Operation of the holder: typed, so that nobody takes it away from somebody else by mistake. */
  readonly holder: string;
  /** Who does it, for the record. */
  readonly startedBy: string;
}

/**
 * Who held it; undefined where nobody did. Everything that the holder would still write is refused from then on, its
 * engines on this machine are ended, and the next command goes on from what exists.
 * @throws TerraneError `environment-not-found`; `lease-held` when it is held by another operation; `engine-alive`
 */
export async function unlockEnvironment(
  context: PlatformContext,
  { environment: name, holder, startedBy }: UnlockRequest,
): Promise<HeldLease | undefined> {
  await using project = await openProject(context);
  const ledger = await project.app.ledger();
  const environment = await nameOfRecord(project, name);
  const row = await ledger.leases.read(environmentScope(environment));
  const found = await readLease(ledger, environment);
  if (row === undefined || found === undefined) return undefined;
  if (row.operation !== holder) {
    throw new TerraneError("lease-held", `${environment} is held by ${row.operation}, not by ${holder}`, {
      details: { operation: row.operation, holder: row.holder },
      next: `See \`terrane status ${environment}\`: it may be somebody else by now.`,
    });
  }
  const self = thisProcess(startedBy, context.now());
  await using held = await ledger.holdEnvironment(environment, `unlock-${randomUUID()}`, self, holder);
  await endOldEngines(ledger, held);
  return found;
}
