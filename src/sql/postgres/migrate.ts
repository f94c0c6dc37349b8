/** Numbered schema versions of a PostgreSQL database. Knows nothing of what the tables mean. */
import type { Client } from "pg";
import { TerraneError } from "../../errors.ts";
import { guardFailed, toPostgresScript } from "./statement.ts";

/** Two that migrate at once come one after the other. Any number that nobody else takes; this one spells "terrane". */
const lockKey = 0x74_65_72_72_61_6e;
/** Longest a whole migration may take, milliseconds. */
const patience = 600_000;

/**
 * What the adapter itself needs beside the tables. `terrane_writers` says which writes of a connection stand, so that
 * one whose answer was lost can be asked for.
 */
const ownScript = `
  CREATE TABLE terrane_writers (
    writer TEXT PRIMARY KEY,
    number BIGINT NOT NULL,
    seen   TIMESTAMPTZ NOT NULL DEFAULT now()
  );
  CREATE FUNCTION terrane_guard(affected BIGINT, expected BIGINT) RETURNS BIGINT LANGUAGE plpgsql AS $$
  BEGIN
    IF affected <> expected THEN
      RAISE EXCEPTION USING ERRCODE = '${guardFailed}', MESSAGE = 'terrane: a guard failed', DETAIL = affected;
    END IF;
    RETURN affected;
  END $$;`;

/**
 * Brings the schema to the newest version, in one transaction, or leaves it as it is.
 * @throws TerraneError `ledger-newer` when the database knows versions that this release does not
 */
export async function migrate(client: Client, name: string, migrations: readonly string[]): Promise<void> {
  const newest = migrations.length;
  // A database that is up to date is opened without a lock.
  if ((await schemaVersion(client)) === newest) return;
  const run = (text: string) => client.query({ text, query_timeout: patience } as { text: string });
  await run(`BEGIN; SET LOCAL statement_timeout = ${patience}; SET LOCAL lock_timeout = ${patience}`);
  try {
    await run(`SELECT pg_advisory_xact_lock(${lockKey})`);
    const found = await schemaVersion(client);
    if (found > newest)
      throw new TerraneError(
        "ledger-newer",
        `the database ${name} has schema version ${found}; this release knows ${newest}`,
      );
    if (found === 0) await run(`CREATE TABLE schema_version (version BIGINT NOT NULL); ${ownScript}`);
    for (const [index, script] of migrations.entries()) {
      if (index < found) continue;
      await run(toPostgresScript(script));
      await run(`INSERT INTO schema_version (version) VALUES (${index + 1})`);
    }
    await run("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

async function schemaVersion(client: Client): Promise<number> {
  // Asked of the catalog as of any table: a look-up by name may still answer what was so before the lock.
  const tables = await client.query(
    "SELECT 1 FROM pg_catalog.pg_class WHERE relname = 'schema_version' AND pg_table_is_visible(oid)",
  );
  if (tables.rowCount === 0) return 0;
  const { rows } = await client.query<{ version: number | null }>(
    "SELECT max(version) AS version FROM schema_version",
  );
  return rows[0]?.version ?? 0;
}
