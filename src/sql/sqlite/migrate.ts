/** Numbered schema versions of a SQLite file. Knows nothing of what the tables mean. */
import type { DatabaseSync } from "node:sqlite";
import { TerraneError } from "../../errors.ts";

/**
 * Brings the schema to the newest version, in one transaction, or leaves it as it is.
 * @throws TerraneError `ledger-newer` when the file knows versions that this release does not
 */
export function migrate(connection: DatabaseSync, path: string, migrations: readonly string[]): void {
  const newest = migrations.length;
  // A database that is up to date is opened without taking the write lock.
  if (schemaVersion(connection) === newest) return;
  connection.exec("BEGIN IMMEDIATE");
  try {
    connection.exec("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)");
    const found = schemaVersion(connection);
    if (found > newest) {
      throw new TerraneError(
        "ledger-newer",
        `the database ${path} has schema version ${found}; this release knows ${newest}`,
      );
    }
    for (const [index, script] of migrations.entries()) {
      if (index < found) continue;
      connection.exec(script);
      connection.prepare("INSERT INTO schema_version (version) VALUES (?)").run(index + 1);
    }
    connection.exec("COMMIT");
  } catch (error) {
    if (connection.isTransaction) connection.exec("ROLLBACK");
    throw error;
  }
}

function schemaVersion(connection: DatabaseSync): number {
  const table = connection.prepare("SELECT 1 FROM sqlite_master WHERE name = 'schema_version'").get();
  if (table === undefined) return 0;
  const row = connection.prepare("SELECT max(version) AS version FROM schema_version").get();
  return Number(row?.["version"] ?? 0);
}
