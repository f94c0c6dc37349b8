/**
 * The audit: who did what, when, to what, and how it ended. A row is written in the transaction that it describes and
 * holds the hash of the row before it, so that none can be changed, taken out, put in or moved without being found.
 *
 * The hash is SHA-256 over the JSON array of the row's columns, `hash` excepted, in the order of the table; what is
 * absent is null, `details` is its text. It is no signature: whoever can write the whole database can chain it anew.
 * So the head can be noted elsewhere (`terrane audit verify` prints it) and be held against the chain later.
 */
import { z } from "zod";
import { TerraneError } from "../errors.ts";
import type { AuditEntry, AuditHead, AuditRecord, AuditTraces } from "../model/audit.ts";
import type { Database, Statement, WriteResult } from "../sql/database.ts";
import { sha256 } from "../values/digest.ts";
import { parseRow } from "./row.ts";

/** A row as the table has it. */
export interface AuditRow {
  readonly seq: number;
  readonly at: string;
  readonly who: string;
  readonly what: string;
  readonly environment: string | null;
  readonly stack: string | null;
  readonly operation: string | null;
  readonly details: string;
  readonly previous: string;
  readonly hash: string;
}

export const auditColumns = "seq, at, who, what, environment, stack, operation, details, previous, hash";

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const detailsSchema = z.strictObject({
  facts: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  left: z
    .strictObject({
      operations: z.record(z.string(), z.strictObject({ row: digest, steps: digest.optional() })).optional(),
      environments: z.record(z.string(), digest.nullable()).optional(),
      stacks: z
        .record(z.string(), z.strictObject({ serial: z.int(), digest: z.string() }).nullable())
        .optional(),
    })
    .optional(),
});

/**
 * Runs the statements and adds the entries to the audit, in one transaction. The answer is that of the statements alone.
 * Whoever else writes to the audit at the same moment comes before or after.
 */
export async function writeAudited(
  database: Database,
  statements: readonly Statement[],
  entries: readonly AuditEntry[],
): Promise<WriteResult> {
  if (entries.length === 0) return await database.write(statements);
  for (;;) {
    const head = await readHead(database);
    const result = await database.write([...statements, ...chain(head, entries)]);
    if (result.ok) return { ok: true, affected: result.affected.slice(0, statements.length) };
    if (result.failed < statements.length) return result;
    // The head has moved: somebody else's entry stands, so each time round one more is through.
  }
}

export async function readHead(database: Database): Promise<AuditHead> {
  const [head] = await database.read<AuditHead>("SELECT seq, hash FROM audit_head WHERE name = 'audit'");
  if (head === undefined) throw new TerraneError("state-corrupt", "the audit has no head");
  return head;
}

/** The head first: its row is what two that write at once meet at. */
function chain(head: AuditHead, entries: readonly AuditEntry[]): readonly Statement[] {
  const rows: AuditRow[] = [];
  let previous: AuditHead = head;
  for (const entry of entries) {
    const row = toRow(entry, previous);
    rows.push(row);
    previous = row;
  }
  return [
    {
      sql: "UPDATE audit_head SET seq = ?, hash = ? WHERE name = 'audit' AND seq = ? AND hash = ?",
      parameters: [previous.seq, previous.hash, head.seq, head.hash],
      expect: 1,
    },
    ...rows.map((row) => ({
      sql: `INSERT INTO audit (${auditColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      parameters: [...chained(row), row.hash],
    })),
  ];
}

function toRow(entry: AuditEntry, previous: AuditHead): AuditRow {
  const { at, who, what, environment, stack, operation, facts, left } = entry;
  const row = {
    seq: previous.seq + 1,
    at,
    who,
    what,
    environment: environment ?? null,
    stack: stack ?? null,
    operation: operation ?? null,
    details: JSON.stringify({ facts, left }),
    previous: previous.hash,
  };
  return { ...row, hash: hashOf(row) };
}

/** What a row's hash must be. */
export function hashOf(row: Omit<AuditRow, "hash">): string {
  return sha256(JSON.stringify(chained(row)));
}

function chained(row: Omit<AuditRow, "hash">) {
  const { seq, at, who, what, environment, stack, operation, details, previous } = row;
  return [seq, at, who, what, environment, stack, operation, details, previous] as const;
}

/** @throws TerraneError `newer-than-me`, `state-corrupt` */
export function toRecord(row: AuditRow): AuditRecord {
  const { facts, left } = parseRow(detailsSchema, row.details, `audit record ${row.seq}`);
  return {
    seq: row.seq,
    at: row.at,
    who: row.who,
    what: row.what,
    ...(row.environment === null ? {} : { environment: row.environment }),
    ...(row.stack === null ? {} : { stack: row.stack }),
    ...(row.operation === null ? {} : { operation: row.operation }),
    ...(facts === undefined ? {} : { facts }),
    ...(left === undefined ? {} : { left: left as AuditTraces }),
    hash: row.hash,
  };
}
