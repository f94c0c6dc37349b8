/**
 * Rows of what wraps the data keys: at most one is in use, at most one more is about to take over, the others are
 * history. Each has a probe, a known text that it wrapped, so that a wrong one is recognised before it is used.
 */
import { z } from "zod";
import { TerraneError } from "../../errors.ts";
import type { Database, Statement } from "../../sql/database.ts";

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

export function removeWrapper({ id }: WrapperRecord): Statement {
  return { sql: "DELETE FROM key_wrappers WHERE id = ? AND status = 'next'", parameters: [id], expect: 1 };
}

/** The one to come takes over. Fails as a guard where that has happened already. */
export function activateWrapper(active: WrapperRecord, next: WrapperRecord, at: Date): Statement[] {
  const sql = "UPDATE key_wrappers SET status = ?, changed_at = ? WHERE id = ? AND status = ?";
  const now = at.toISOString();
  return [
    { sql, parameters: ["retired", now, active.id, "active"], expect: 1 },
    { sql, parameters: ["active", now, next.id, "next"], expect: 1 },
  ];
}

/** The rotation of data keys that is open; opened where there is none. */
export async function openRotation(database: Database, id: string, now: Date): Promise<string> {
  await database.write([
    {
      sql: "INSERT INTO key_rotations (id, status, started_at) VALUES (?, 'open', ?) ON CONFLICT DO NOTHING",
      parameters: [id, now.toISOString()],
    },
  ]);
  const [row] = await database.read<{ id: string }>("SELECT id FROM key_rotations WHERE status = 'open'");
  return row?.id ?? id;
}

export async function endRotation(database: Database, id: string, now: Date): Promise<void> {
  await database.write([
    {
      sql: "UPDATE key_rotations SET status = 'done', ended_at = ? WHERE id = ?",
      parameters: [now.toISOString(), id],
    },
  ]);
}
