/** Rows of updates: one engine run on one stack each, and its journal while it is at work. */
import { z } from "zod";
import { TerraneError } from "../../errors.ts";
import type { Lease } from "../../ledger/lease.ts";
import type { Database, Row, Statement } from "../../sql/database.ts";

/** Kinds that the Pulumi service's protocol knows. Source: `apitype/history.go` of 3.250.0. */
export const updateKinds = [
  "update",
  "preview",
  "refresh",
  "destroy",
  "import",
  "rename",
  "resource-import",
] as const;
export type UpdateKind = (typeof updateKinds)[number];

/** `interrupted`: its engine or process ended without a word, and somebody else closed it. */
export const updateStatuses = ["running", "succeeded", "failed", "cancelled", "interrupted"] as const;
export type UpdateStatus = (typeof updateStatuses)[number];

/** What the client says of an update, kept for its history. */
export interface UpdateAbout {
  readonly message: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly config: Readonly<Record<string, unknown>>;
}

export const nothingAbout: UpdateAbout = { message: "", environment: {}, config: {} };

export interface Update {
  readonly id: string;
  /** Id of its stack. */
  readonly stack: string;
  /** 1, 2, … for each stack. */
  readonly version: number;
  readonly kind: UpdateKind;
  readonly status: UpdateStatus;
  /** The lease it worked under. */
  readonly lease: Lease;
  /** The checkpoint it began with. */
  readonly baseSerial: number;
  /** The one it left; absent while it is at work. */
  readonly serial: number | undefined;
  readonly about: UpdateAbout;
  /** Kind of step → how many, as the engine summed up; absent where it did not come to that. */
  readonly changes: Readonly<Record<string, number>> | undefined;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly endedAt: string | undefined;
}

const updateColumns =
  "id, stack, version, kind, status, scope, fence, operation, base_serial, serial, about, changes, started_at, ended_at";

const aboutSchema = z.object({
  message: z.string().default(""),
  environment: z.record(z.string(), z.string()).default({}),
  config: z.record(z.string(), z.unknown()).default({}),
});

const rowSchema = z.object({
  id: z.string(),
  stack: z.string(),
  version: z.int(),
  kind: z.enum(updateKinds),
  status: z.enum(updateStatuses),
  scope: z.string(),
  fence: z.int(),
  operation: z.string(),
  base_serial: z.int(),
  serial: z.int().nullable(),
  about: z.string(),
  changes: z.string().nullable(),
  started_at: z.string(),
  ended_at: z.string().nullable(),
});

export interface UpdatePage {
  readonly limit: number;
  readonly offset?: number;
}

/** @throws TerraneError `state-corrupt` */
export async function readUpdate(database: Database, id: string): Promise<Update | undefined> {
  const [row] = await database.read<Row>(`SELECT ${updateColumns} FROM updates WHERE id = ?`, [id]);
  return row === undefined ? undefined : toUpdate(row);
}

/** Newest first. @throws TerraneError `state-corrupt` */
export async function readUpdates(
  database: Database,
  stack: { readonly id: string },
  { limit, offset = 0 }: UpdatePage,
): Promise<readonly Update[]> {
  const rows = await database.read<Row>(
    `SELECT ${updateColumns} FROM updates WHERE stack = ? ORDER BY version DESC LIMIT ? OFFSET ?`,
    [stack.id, limit, offset],
  );
  return rows.map(toUpdate);
}

function toUpdate(row: Row): Update {
  try {
    const { scope, fence, operation, base_serial, serial, about, changes, started_at, ended_at, ...rest } =
      rowSchema.parse(row);
    return {
      ...rest,
      lease: { scope, number: fence, operation },
      baseSerial: base_serial,
      serial: serial ?? undefined,
      about: aboutSchema.parse(JSON.parse(about)),
      changes: changes === null ? undefined : z.record(z.string(), z.number()).parse(JSON.parse(changes)),
      startedAt: started_at,
      endedAt: ended_at ?? undefined,
    };
  } catch (cause) {
    throw new TerraneError("state-corrupt", `the row of update ${row["id"]} cannot be read`, { cause });
  }
}

/** Fails as a guard where the stack has moved on or another update is at work. */
export function insertUpdate(update: Update): Statement[] {
  return [
    {
      sql: `UPDATE stacks SET version = ?, active_update = ?
             WHERE id = ? AND serial = ? AND version = ? AND active_update IS NULL`,
      parameters: [update.version, update.id, update.stack, update.baseSerial, update.version - 1],
      expect: 1,
    },
    {
      sql: `INSERT INTO updates (${updateColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      parameters: [
        update.id,
        update.stack,
        update.version,
        update.kind,
        update.status,
        update.lease.scope,
        update.lease.number,
        update.lease.operation,
        update.baseSerial,
        update.serial ?? null,
        JSON.stringify(update.about),
        update.changes === undefined ? null : JSON.stringify(update.changes),
        update.startedAt,
        update.endedAt ?? null,
      ],
    },
  ];
}

/** What an engine said, as it sent it: gzip of `JournalEntries`. Fails as a guard once the update is at its end. */
export function appendJournal(update: string, batch: number, bytes: Uint8Array): Statement {
  return {
    sql: `INSERT INTO journal (update_id, batch, bytes)
          SELECT id, ?, ? FROM updates WHERE id = ? AND status = 'running'`,
    parameters: [batch, bytes, update],
    expect: 1,
  };
}

export function addEvents(update: string, part: number, bytes: Uint8Array): Statement {
  return {
    sql: "INSERT INTO engine_events (update_id, part, bytes) VALUES (?, ?, ?)",
    parameters: [update, part, bytes],
  };
}

export interface UpdateEnd {
  readonly status: Exclude<UpdateStatus, "running">;
  /** The checkpoint that it leaves. */
  readonly serial: number;
  readonly changes: Readonly<Record<string, number>> | undefined;
  /** ISO 8601. */
  readonly at: string;
}

/** Fails as a guard where it is at its end already. */
export function endUpdate(update: Pick<Update, "id" | "stack">, end: UpdateEnd): Statement[] {
  const { status, serial, changes, at } = end;
  return [
    {
      sql: "UPDATE updates SET status = ?, serial = ?, changes = ?, ended_at = ? WHERE id = ? AND status = 'running'",
      parameters: [status, serial, changes === undefined ? null : JSON.stringify(changes), at, update.id],
      expect: 1,
    },
    {
      sql: "UPDATE stacks SET active_update = NULL, updated_at = ? WHERE id = ? AND active_update = ?",
      parameters: [at, update.stack, update.id],
      expect: 1,
    },
    { sql: "DELETE FROM journal WHERE update_id = ?", parameters: [update.id] },
  ];
}

/** Updates whose events are kept, for each stack. */
const keptEvents = 20;

export function dropEvents(stack: string, version: number): Statement {
  return {
    sql: "DELETE FROM engine_events WHERE update_id IN (SELECT id FROM updates WHERE stack = ? AND version <= ?)",
    parameters: [stack, version - keptEvents],
  };
}
