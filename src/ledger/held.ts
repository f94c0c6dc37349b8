/** A lease as those see it who write under it. */
import type { Statement } from "../sql/database.ts";

export interface Lease {
  /** `environment/<name>` for all its stacks, `stack/<project>/<name>` for any other. */
  readonly scope: string;
  /** Grows with every acquisition. */
  readonly number: number;
  readonly operation: string;
}

/** The guard that every write under a lease begins with: it holds the lease's row until the write is through. */
export function heldBy(lease: Lease): Statement {
  return {
    sql: "UPDATE leases SET operation = operation WHERE environment = ? AND operation = ?",
    parameters: [lease.scope.replace(/^environment\//, ""), lease.operation],
    expect: 1,
  };
}
