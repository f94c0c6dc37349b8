/** What the audit says a stack's newest checkpoint was: a second witness beside the stack's own row. */
import type { StackTrace } from "../model/audit.ts";
import type { Database } from "../sql/database.ts";
import { type AuditRow, auditColumns, toRecord } from "./audit.ts";

/**
 * The newest record that names the stack; undefined where none does.
 * @param environment that the stack belongs to
 * @throws TerraneError `newer-than-me`, `state-corrupt`
 */
export async function readStackClaim(
  database: Database,
  environment: string,
  stack: string,
): Promise<StackTrace | undefined> {
  const [row] = await database.read<AuditRow>(
    `SELECT ${auditColumns} FROM audit WHERE environment = ? AND details LIKE ? ESCAPE '!' ORDER BY seq DESC LIMIT 1`,
    [environment, `%"${stack.replace(/[!%_]/g, "!$&")}":{"serial":%`],
  );
  return row === undefined ? undefined : (toRecord(row).left?.stacks?.[stack] ?? undefined);
}
