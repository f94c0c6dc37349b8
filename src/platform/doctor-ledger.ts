/** Whether the ledger's database can be had. Makes and migrates nothing, and tells no password. */
import { TerraneError } from "../errors.ts";
import type { Project } from "../model/documents.ts";
import { formatDatabaseUrl } from "../values/database-url.ts";
import type { DoctorCheck } from "./api.ts";
import type { PlatformContext } from "./context.ts";
import { ledgerLocation } from "./records/ledger-location.ts";

export async function checkLedger(
  context: PlatformContext,
  root: string,
  project: Project,
): Promise<DoctorCheck> {
  const name = "ledger";
  try {
    const location = await ledgerLocation(project, { root, environment: context.environment });
    if ("path" in location) return { name, status: "ok", value: project.ledger.path };
    const { serverVersion } = await import("../sql/postgres/version.ts");
    const version = await serverVersion(location.url);
    return { name, status: "ok", value: `${formatDatabaseUrl(location.url)} (PostgreSQL ${version})` };
  } catch (error) {
    if (!(error instanceof TerraneError)) throw error;
    return { name, status: "problem", value: error.message, next: error.next };
  }
}
