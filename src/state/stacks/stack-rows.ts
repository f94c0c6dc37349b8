/** Rows of stacks: what a list needs, without opening a state. */
import { z } from "zod";
import { TerraneError } from "../../errors.ts";
import type { Database, Row, SqlValue, Statement } from "../../sql/database.ts";

/** Which stack: its Pulumi project and its name there. */
export interface StackRef {
  readonly project: string;
  readonly name: string;
}

/** `<project>/<name>`, for people and as a key. */
export function toName({ project, name }: StackRef): string {
  return `${project}/${name}`;
}

export interface Stack extends StackRef {
  /** Stays when the stack is renamed. */
  readonly id: string;
  /** Number of the newest checkpoint; 0 where nothing was saved yet. */
  readonly serial: number;
  /** SHA-256 of that checkpoint's text; empty with serial 0. */
  readonly digest: string;
  /** Counts of that checkpoint. */
  readonly resources: number;
  readonly pending: number;
  /** Number of the newest update. */
  readonly version: number;
  /** The update at work, or left open by one that died. */
  readonly activeUpdate: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** The stack's data keys, wrapped. */
  readonly key: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** End of the newest update, ISO 8601. */
  readonly updatedAt: string | undefined;
}

export const stackColumns =
  "id, project, name, serial, digest, resources, pending, version, active_update, tags, key, created_at, updated_at";

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue("not JSON");
    return z.NEVER;
  }
});

const rowSchema = z.object({
  id: z.string(),
  project: z.string(),
  name: z.string(),
  serial: z.int(),
  digest: z.string(),
  resources: z.int(),
  pending: z.int(),
  version: z.int(),
  active_update: z.string().nullable(),
  tags: json.pipe(z.record(z.string(), z.string())),
  key: z.string(),
  created_at: z.string(),
  updated_at: z.string().nullable(),
});

/** @throws TerraneError `state-corrupt` */
export function toStack(row: Row): Stack {
  const parsed = rowSchema.safeParse(row);
  if (!parsed.success) {
    throw new TerraneError("state-corrupt", `the row of stack ${row["name"]} cannot be read`, {
      cause: parsed.error,
    });
  }
  const { active_update, created_at, updated_at, ...rest } = parsed.data;
  return {
    ...rest,
    activeUpdate: active_update ?? undefined,
    createdAt: created_at,
    updatedAt: updated_at ?? undefined,
  };
}

/** A stack that nothing was saved of yet. */
export function makeStack(
  { project, name }: StackRef,
  about: { readonly id: string; readonly key: string; readonly tags: Stack["tags"]; readonly at: Date },
): Stack {
  const { id, key, tags, at } = about;
  const nothing = { serial: 0, digest: "", resources: 0, pending: 0, version: 0 };
  const absent = { activeUpdate: undefined, updatedAt: undefined };
  return { id, project, name, ...nothing, ...absent, tags, key, createdAt: at.toISOString() };
}

/** Fails as a guard where there is one of that name. */
export function insertStack(stack: Stack): Statement {
  return {
    sql: `INSERT INTO stacks (${stackColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (project, name) DO NOTHING`,
    parameters: [
      stack.id,
      stack.project,
      stack.name,
      stack.serial,
      stack.digest,
      stack.resources,
      stack.pending,
      stack.version,
      stack.activeUpdate ?? null,
      JSON.stringify(stack.tags),
      stack.key,
      stack.createdAt,
      stack.updatedAt ?? null,
    ],
    expect: 1,
  };
}

export function nameStack({ id }: Stack, to: StackRef): Statement {
  return {
    sql: "UPDATE stacks SET project = ?, name = ? WHERE id = ?",
    parameters: [to.project, to.name, id],
    expect: 1,
  };
}

export function tagStack(ref: StackRef, tags: Stack["tags"]): Statement {
  return {
    sql: "UPDATE stacks SET tags = ? WHERE project = ? AND name = ?",
    parameters: [JSON.stringify(tags), ref.project, ref.name],
    expect: 1,
  };
}

/** Everything that is kept of a stack. Fails as a guard once it has moved on. */
export function deleteStack({ id, serial }: Stack): Statement[] {
  const ofUpdates = "update_id IN (SELECT id FROM updates WHERE stack = ?)";
  return [
    {
      sql: "UPDATE stacks SET serial = serial WHERE id = ? AND serial = ?",
      parameters: [id, serial],
      expect: 1,
    },
    { sql: `DELETE FROM journal WHERE ${ofUpdates}`, parameters: [id] },
    { sql: `DELETE FROM engine_events WHERE ${ofUpdates}`, parameters: [id] },
    { sql: "DELETE FROM updates WHERE stack = ?", parameters: [id] },
    { sql: "DELETE FROM checkpoints WHERE stack = ?", parameters: [id] },
    { sql: "DELETE FROM stacks WHERE id = ?", parameters: [id] },
  ];
}

/** Which state a stack has, without opening it. */
export interface StackHead {
  readonly serial: number;
  readonly digest: string;
}

export async function readHead(database: Database, ref: StackRef): Promise<StackHead | undefined> {
  const [row] = await database.read<{ serial: number; digest: string }>(
    "SELECT serial, digest FROM stacks WHERE project = ? AND name = ?",
    [ref.project, ref.name],
  );
  return row === undefined ? undefined : { serial: row.serial, digest: row.digest };
}

/** Names asked for at once: far below what either database takes as parameters of one statement. */
const namesAtOnce = 500;

/** Resources of each stack that there is, its root not counted. */
export async function countStacks(
  database: Database,
  project: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (let start = 0; start < names.length; start += namesAtOnce) {
    const some = names.slice(start, start + namesAtOnce);
    const rows = await database.read<{ name: string; resources: number }>(
      `SELECT name, resources FROM stacks WHERE project = ? AND name IN (${some.map(() => "?").join(", ")})`,
      [project, ...some],
    );
    for (const { name, resources } of rows) counts.set(name, Math.max(0, resources - 1));
  }
  return counts;
}

export interface StackFilter {
  readonly project?: string;
  readonly name?: string;
  readonly tagName?: string;
  readonly tagValue?: string;
  /** Only those behind this one, in the order of project and name. */
  readonly after?: StackRef;
  /** Largest number of stacks. Default: all. */
  readonly limit?: number;
}

/** Tags are looked at by the caller: they are JSON, which the databases read in different words. */
export function listStacks({ project, name, after, limit }: StackFilter): {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
} {
  const conditions: { readonly sql: string; readonly values: readonly SqlValue[] }[] = [
    ...(project === undefined ? [] : [{ sql: "project = ?", values: [project] }]),
    ...(name === undefined ? [] : [{ sql: "name = ?", values: [name] }]),
    ...(after === undefined
      ? []
      : [
          {
            sql: "(project > ? OR (project = ? AND name > ?))",
            values: [after.project, after.project, after.name],
          },
        ]),
  ];
  const where = conditions.length === 0 ? "" : ` WHERE ${conditions.map(({ sql }) => sql).join(" AND ")}`;
  return {
    sql: `SELECT ${stackColumns} FROM stacks${where} ORDER BY project, name${limit === undefined ? "" : " LIMIT ?"}`,
    parameters: [...conditions.flatMap(({ values }) => values), ...(limit === undefined ? [] : [limit])],
  };
}

export function isTagged({ tags }: Stack, { tagName, tagValue }: StackFilter): boolean {
  const value = tagName === undefined ? undefined : tags[tagName];
  return tagName === undefined || (value !== undefined && (tagValue === undefined || value === tagValue));
}
