/** Opens the database of a location; what each kind needs is loaded only for it. */
import type { Database, DatabaseOptions } from "./database.ts";

/**
 * Opens the database, makes it where it is a file that is missing, and migrates it in one transaction.
 * @throws TerraneError `ledger-newer` when a newer release migrated it, `state-corrupt` when the file is no database,
 *   `bad-url` when the server has no such database, `permission-denied`, `database-unavailable`.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  return "path" in options
    ? (await import("./sqlite/open.ts")).openSqlite(options)
    : (await import("./postgres/open.ts")).openPostgres(options);
}
