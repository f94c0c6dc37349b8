/**
 * Rows of what wraps the data keys: at most one is in use, at most one more is about to take over, the others are
 * history. Each has a probe, a known text that it wrapped, so that a wrong one is recognised before it is used.
 */
import { z } from "zod";
import { TerraneError } from "../errors.ts";
import type { Database, Statement } from "../sql/database.ts";

const recordSchema = z.object({
  id: z.string(),
  status: z.enum(["active", "next", "retired"]),
  kind: z.enum(["passphrase", "file", "kms"]),
  parameters: z.string().transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue("not JSON");
      return z.NEVER;
    }
  }),
  probe: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  changed_at: z.string(),
});
export type WrapperRecord = z.infer<typeof recordSchema>;

/** Active first, then the one to come, then what was, newest first. @throws TerraneError `state-corrupt` */
export async function readWrappers(database: Database): Promise<readonly WrapperRecord[]> {
  const rows = await database.read(
    `SELECT id, status, kind, parameters, probe, changed_at FROM key_wrappers
      ORDER BY CASE status WHEN 'active' THEN 0 WHEN 'next' THEN 1 ELSE 2 END, changed_at DESC, id`,
  );
  const parsed = z.array(recordSchema).safeParse(rows);
  if (parsed.success) return parsed.data;
  throw new TerraneError("state-corrupt", "what the ledger says of the state's keys cannot be read", {
    cause: parsed.error,
  });
}

/** Fails as a guard where there is one of that status already. */
export function addWrapper(record: WrapperRecord): Statement {
  return {
    sql: `INSERT INTO key_wrappers (id, status, kind, parameters, probe, changed_at)
          VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    parameters: [
      record.id,
      record.status,
      record.kind,
      JSON.stringify(record.parameters),
      record.probe,
      record.changed_at,
    ],
    expect: 1,
  };
}
