/** Opens the ledger's database of a project, under the witness that this machine keeps of it. */
import { relative } from "node:path";
import { ledgerMigrations } from "../../ledger/migrations.ts";
import { WitnessedDatabase } from "../../ledger/witnessed-database.ts";
import type { Project } from "../../model/documents.ts";
import type { DatabaseLocation } from "../../sql/database.ts";
import { openDatabase } from "../../sql/open.ts";
import type { PlatformContext } from "../context.ts";
import { ledgerLocation } from "./ledger-location.ts";
import { witnessFile } from "./witness-file.ts";

/** @throws TerraneError as `openDatabase`; `bad-url`, `bad-secret-reference` */
export async function openLedgerDatabase(
  context: PlatformContext,
  root: string,
  project: Project,
): Promise<WitnessedDatabase> {
  const location = await ledgerLocation(project, { root, environment: context.environment });
  const { now, patience, warn = () => {} } = context;
  const database = await openDatabase({
    ...location,
    migrations: ledgerMigrations,
    ...(patience === undefined ? {} : { patience }),
  });
  return new WitnessedDatabase(database, { witness: witnessFile(root, nameOf(location, root)), now, warn });
}

/** What it is called as long as it stays where it is, whoever comes to it and by which way. */
function nameOf(location: DatabaseLocation, root: string): string {
  if ("path" in location) return relative(root, location.path);
  const { host, port, database } = location.url;
  return `postgresql://${host}:${port}/${database}`;
}
