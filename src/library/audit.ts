/** Who did what, and whether the records of it still fit. */
import type { AuditHead, AuditRecord, AuditVerdict } from "../model/audit.ts";
import type { AcceptedLedger, AuditRequest } from "../platform/api.ts";
import { type ProjectOptions, processUser, toContext } from "./context.ts";

/**
 * Records of the audit, the newest first; those of environments that are gone stay.
 * @throws TerraneError `environment-not-found`, `newer-than-me`
 */
export async function audit(request: ProjectOptions & AuditRequest = {}): Promise<readonly AuditRecord[]> {
  const { listAudit } = await import("../platform/audit.ts");
  return listAudit(toContext(request), request);
}

/**
 * Whether the records fit each other and what is there; `broken` names the first one that does not.
 * @param request `noted`: the head that an earlier verification answered, kept elsewhere; it must still be in the chain
 */
export async function verifyAudit(
  request: ProjectOptions & { readonly noted?: AuditHead } = {},
): Promise<AuditVerdict> {
  const platform = await import("../platform/audit.ts");
  return platform.verifyAudit(toContext(request), request.noted);
}

/**
 * Makes a database that was put back to an earlier day the one that counts, and says so in its audit.
 * @param request `head`: the last record of the ledger, as `ledger-rolled-back` tells it in `details.head`;
 *   `startedBy`: who accepts, for the record; default: the user of the process
 * @throws TerraneError `bad-usage` where nothing is to be accepted, or the ledger ends elsewhere
 */
export async function acceptLedger(
  request: ProjectOptions & { readonly head: AuditHead; readonly startedBy?: string },
): Promise<AcceptedLedger> {
  const platform = await import("../platform/audit.ts");
  const { head, startedBy = processUser() } = request;
  return platform.acceptLedger(toContext(request), { head, startedBy });
}
