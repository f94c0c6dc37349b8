/** Who is at work on an environment, or was, for people. */
import { environmentScope } from "../../ledger/lease.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Operation } from "../../model/operation.ts";
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

/** A process that was killed has left its operation as running: it is told as interrupted, before anybody takes over. */
export async function asItStands<O extends Pick<Operation, "id" | "environment" | "status">>(
  ledger: Ledger,
  operation: O,
): Promise<O> {
  if (operation.status !== "running") return operation;
  const lease = await ledger.leases.read(environmentScope(operation.environment));
  if (lease?.state === "alive") return operation;
  // It may have come to its end between the two looks.
  const latest = await ledger.latestOperation(operation.environment);
  const status = latest?.id === operation.id && latest.status !== "running" ? latest.status : "interrupted";
  return { ...operation, status };
}
