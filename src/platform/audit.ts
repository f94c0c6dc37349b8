/** The audit of a project: who did what, and whether its records still fit each other and what is there. */
import { TerraneError } from "../errors.ts";
import type { AuditHead, AuditRecord, AuditVerdict } from "../model/audit.ts";
import type { AcceptedLedger, AcceptRequest, AuditRequest } from "./api.ts";
import type { PlatformContext } from "./context.ts";
import { openProject } from "./project/open-project.ts";

const defaultLimit = 50;

/**
 * Newest first, also of environments that are gone.
 * @throws TerraneError `environment-not-found`, `newer-than-me`, `state-corrupt`
 */
export async function listAudit(
  context: PlatformContext,
  request: AuditRequest,
): Promise<readonly AuditRecord[]> {
  await using project = await openProject(context);
  const { audit } = await project.app.ledger();
  const { environment, limit = defaultLimit } = request;
  if (environment === undefined) return await audit.list({ limit });
  const records = await audit.list({ environment, limit });
  if (records.length > 0) return records;
  // A file, or a slip: the documents know the name.
  const { name } = project.pick(environment);
  const named = await audit.list({ environment: name, limit });
  if (named.length > 0) return named;
  throw new TerraneError("environment-not-found", `no record of the audit names the environment ${name}`, {
    next: "terrane audit list",
  });
}

/** @param noted the head that an earlier verification printed: it must still be in the chain */
export async function verifyAudit(context: PlatformContext, noted?: AuditHead): Promise<AuditVerdict> {
  await using project = await openProject(context);
  return await (await project.app.ledger()).audit.verify(noted);
}

/**
 * Makes a database that was put back to an earlier day the one that counts, and says so in its audit.
 * @throws TerraneError `bad-usage` where nothing is to be accepted, or the ledger ends elsewhere
 */
export async function acceptLedger(
  context: PlatformContext,
  { head, startedBy }: AcceptRequest,
): Promise<AcceptedLedger> {
  await using project = await openProject(context);
  const database = await project.app.database();
  const rollback = await database.findRollback();
  if (rollback === undefined) {
    throw new TerraneError(
      "bad-usage",
      "there is nothing to accept: the ledger holds all that this machine has seen",
      {
        next: "terrane audit verify",
      },
    );
  }
  const at = context.now().toISOString();
  const accepted = await database.accept(rollback, head, { who: startedBy, at });
  const environments = await (await project.app.ledger()).listEnvironments();
  return { over: rollback.seen, head: accepted, environments: environments.map(({ name }) => name) };
}
