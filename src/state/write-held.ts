/** A write that only the holder of a lease may make. */
import { TerraneError } from "../errors.ts";
import { heldBy, type Lease, leaseLost } from "../ledger/lease.ts";
import type { Database, Statement } from "../sql/database.ts";

/** @throws TerraneError `lease-lost`; `plan-stale` when what is written to is no longer what it was */
export async function writeHeld(
  database: Database,
  stack: { readonly name: string },
  lease: Lease,
  statements: readonly Statement[],
): Promise<void> {
  const result = await database.write([heldBy(lease), ...statements]);
  if (result.ok) return;
  throw result.failed === 0
    ? leaseLost(lease)
    : new TerraneError("plan-stale", `${stack.name} was changed by somebody else meanwhile`);
}
