/** What the rows of an operation's stacks say of their newest checkpoints. Only the operation's lease can change them. */
import type { StackTrace } from "../model/audit.ts";
import type { Operation } from "../model/operation.ts";
import type { Database } from "../sql/database.ts";

/** Project of every stack of ours. */
const project = "terrane";

/** `terrane/<stack>` → its trace; null where there is no such stack. */
export async function stackTraces(
  database: Database,
  operation: Operation,
): Promise<Readonly<Record<string, StackTrace | null>>> {
  const names = [...new Set(operation.steps.map(({ stack }) => stack))].filter((name) => name.includes("."));
  if (names.length === 0) return {};
  const rows = await database.read<StackTrace & { readonly name: string }>(
    `SELECT name, serial, digest FROM stacks WHERE project = ? AND name IN (${names.map(() => "?").join(", ")})`,
    [project, ...names],
  );
  const found = new Map(rows.map(({ name, serial, digest }) => [name, { serial, digest }]));
  return Object.fromEntries(names.map((name) => [`${project}/${name}`, found.get(name) ?? null]));
}
