/** Who holds an environment, for people. */
import { environmentScope } from "../../ledger/lease.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { HeldLease } from "../api.ts";

/** Undefined while nobody does. */
export async function readLease(ledger: Ledger, environment: string): Promise<HeldLease | undefined> {
  const row = await ledger.leases.read(environmentScope(environment));
  if (row === undefined) return undefined;
  const { operation, state, silence, freeIn, asked } = row;
  const { user, host, pid, since } = row.holder;
  return {
    ...{ operation, user, host, pid, since, state, silence, freeIn },
    ...(asked === undefined ? {} : { asked }),
  };
}
