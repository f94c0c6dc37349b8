/** Rows of checkpoints: each one whole saved state of a stack. */
import { z } from "zod";
import { TerraneError } from "../../errors.ts";
import type { Retention } from "../../model/retention.ts";
import type { Database, Row, Statement } from "../../sql/database.ts";
import type { PackedState } from "./pack.ts";
import type { Stack } from "./stack-rows.ts";

/** Why a checkpoint was saved. */
export type SaveReason =
  | "created"
  | "update"
  | "interrupted"
  | "import"
  | "restore"
  | "accept"
  | "push"
  | "rename"
  | "move"
  | "rotate-keys";

/** What is known of a checkpoint without opening it. */
export interface CheckpointInfo {
  readonly serial: number;
  /** SHA-256 of its text, hexadecimal. */
  readonly digest: string;
  /** Bytes of its text. */
  readonly size: number;
  readonly resources: number;
  /** One of `SaveReason`, or what a newer release wrote. */
  readonly reason: string;
  /** The update that saved it. */
  readonly update: string | undefined;
  /** ISO 8601. */
  readonly createdAt: string;
}

const infoSchema = z.object({
  serial: z.int(),
  digest: z.string(),
  size: z.int(),
  resources: z.int(),
  reason: z.string(),
  update_id: z.string().nullable(),
  created_at: z.string(),
});
const packedSchema = z.object({
  digest: z.string(),
  size: z.int(),
  encoding: z.string(),
  bytes: z.instanceof(Uint8Array),
});

const infoColumns = "serial, digest, size, resources, reason, update_id, created_at";
const checkpointColumns = `${infoColumns}, encoding, bytes`;

/** A checkpoint as its row has it: nobody looked yet whether it is what was saved. */
export interface PackedCheckpoint extends CheckpointInfo {
  readonly packed: PackedState;
}

/** Undefined where there is none of that serial. @throws TerraneError `state-corrupt` */
export async function readPacked(
  database: Database,
  { id, name }: Stack,
  serial: number,
): Promise<PackedCheckpoint | undefined> {
  const [row] = await database.read<Row>(
    `SELECT ${checkpointColumns} FROM checkpoints WHERE stack = ? AND serial = ?`,
    [id, serial],
  );
  return row === undefined ? undefined : { ...toInfo(name, row), packed: parse(packedSchema, name, row) };
}

/** Newest first. @throws TerraneError `state-corrupt` */
export async function readCheckpoints(
  database: Database,
  { id, name }: Stack,
): Promise<readonly CheckpointInfo[]> {
  const rows = await database.read<Row>(
    `SELECT ${infoColumns} FROM checkpoints WHERE stack = ? ORDER BY serial DESC`,
    [id],
  );
  return rows.map((row) => toInfo(name, row));
}

function toInfo(stack: string, row: Row): CheckpointInfo {
  const { update_id, created_at, ...rest } = parse(infoSchema, stack, row);
  return { ...rest, update: update_id ?? undefined, createdAt: created_at };
}

function parse<S extends z.ZodType>(schema: S, stack: string, row: Row): z.output<S> {
  const parsed = schema.safeParse(row);
  if (parsed.success) return parsed.data;
  throw new TerraneError("state-corrupt", `a checkpoint of ${stack} cannot be read`, { cause: parsed.error });
}

export interface NewCheckpoint {
  readonly packed: PackedState;
  readonly resources: number;
  readonly pending: number;
  readonly reason: SaveReason;
  readonly update?: string;
  /** ISO 8601. */
  readonly at: string;
}

/** The next checkpoint of a stack. Fails as a guard once the stack has moved on. */
export function saveCheckpoint(stack: Stack, checkpoint: NewCheckpoint): Statement[] {
  const { packed, resources, pending, reason, update, at } = checkpoint;
  const serial = stack.serial + 1;
  return [
    {
      sql: `UPDATE stacks SET serial = ?, digest = ?, resources = ?, pending = ?, updated_at = ?
             WHERE id = ? AND serial = ?`,
      parameters: [serial, packed.digest, resources, pending, at, stack.id, stack.serial],
      expect: 1,
    },
    {
      sql: `INSERT INTO checkpoints (stack, ${checkpointColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      parameters: [
        stack.id,
        serial,
        packed.digest,
        packed.size,
        resources,
        reason,
        update ?? null,
        at,
        packed.encoding,
        packed.bytes,
      ],
    },
  ];
}

/** What is no longer kept once `serial` is saved. */
export function dropCheckpoints(stack: string, serial: number, retention: Retention, now: Date): Statement {
  const youngest = new Date(now.getTime() - retention.days * 86_400_000).toISOString();
  return {
    sql: "DELETE FROM checkpoints WHERE stack = ? AND (serial <= ? OR (serial <= ? AND created_at < ?))",
    parameters: [
      stack,
      serial - Math.max(retention.most, retention.newest, 1),
      serial - Math.max(retention.newest, 1),
      youngest,
    ],
  };
}
