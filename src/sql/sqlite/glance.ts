/**
 * A look into a database that may be missing, newer, damaged or in the middle of a write: for proposals, where nothing
 * is better than an error. Makes and changes nothing, and waits for nobody.
 */
import { existsSync } from "node:fs";

/** Rows of one query, first columns named by it; none where they cannot be had. */
export async function glance<R extends object>(
  path: string,
  sql: string,
  parameters: readonly string[] = [],
): Promise<readonly R[]> {
  if (!existsSync(path)) return [];
  try {
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      return database.prepare(sql).all(...parameters) as R[];
    } finally {
      database.close();
    }
  } catch {
    return [];
  }
}
