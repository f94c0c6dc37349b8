/** A write that only the holder of a lease may make. */
import { TerraneError } from "../../errors.ts";
import { writeAudited } from "../../ledger/audit.ts";
import { heldBy, type Lease, leaseLost } from "../../ledger/lease.ts";
import type { AuditEntry } from "../../model/audit.ts";
import type { Database, Statement } from "../../sql/database.ts";
import type { SaveReason } from "./checkpoint-rows.ts";
import type { StackHead, StackRef } from "./stack-rows.ts";

/** How a state is saved. */
export interface SaveOptions {
  readonly lease: Lease;
  readonly reason: SaveReason;
  /** What is to be written in the same transaction. */
  readonly and?: readonly Statement[];
  /** What the stack is called afterwards. Default: as before. */
  readonly as?: StackRef;
  /** Default: that the state was saved. */
  readonly audit?: (head: StackHead) => readonly AuditEntry[];
}

/**
 * @param audit records of it, in the same transaction
 * @throws TerraneError `lease-lost`; `plan-stale` when what is written to is no longer what it was
 */
export async function writeHeld(
  database: Database,
  stack: { readonly name: string },
  lease: Lease,
  statements: readonly Statement[],
  audit: readonly AuditEntry[] = [],
): Promise<void> {
  const result = await writeAudited(database, [heldBy(lease), ...statements], audit);
  if (result.ok) return;
  throw result.failed === 0
    ? leaseLost(lease)
    : new TerraneError("plan-stale", `${stack.name} was changed by somebody else meanwhile`);
}
