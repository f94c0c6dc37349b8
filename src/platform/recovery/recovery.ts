/**
 * Before an environment is changed: takes over from a process that is gone, without asking anybody. Its engines are
 * ended, what it had begun is looked up in the clouds, and its operation is closed as interrupted, to be gone on with.
 */
import type { Holder } from "../../ledger/holder.ts";
import { keepLease } from "../../ledger/keep-lease.ts";
import { environmentScope, type LeaseRow, leaseHeld } from "../../ledger/lease.ts";
import type { HeldEnvironment, Ledger } from "../../ledger/ledger.ts";
import type { Operation, OperationKind } from "../../model/operation.ts";
import { addCounts, noChanges } from "../../model/plan.ts";
import type { Change } from "../applying/change.ts";
import { type Adopted, adoptBegun, type BegunOutcome, hasBegun } from "./adopt-begun.ts";
import { endOldEngines } from "./end-old-engines.ts";
import type { Testimony } from "./find-made.ts";

/** What was found and put in order. */
export interface Recovery {
  /** Who held the environment and is gone; absent where it was free and only a state had something open. */
  readonly left?: LeaseRow;
  /** The operation that broke off, as it is now on record. */
  readonly operation?: Operation;
  /** What the states had open, and what became of each. */
  readonly begun: readonly BegunOutcome[];
}

/**
 * The operation that a command of this kind goes on with: the newest one on the environment, where it broke off.
 * Undefined where nothing of the kind is open.
 */
export async function findInterrupted(
  ledger: Ledger,
  environment: string,
  kind: OperationKind,
): Promise<Operation | undefined> {
  const latest = await ledger.latestOperation(environment);
  const isOpen = latest?.status === "running" || latest?.status === "interrupted";
  return isOpen && latest.kind === kind ? latest : undefined;
}

/**
 * Undefined where there was nothing to put in order.
 * @throws TerraneError `lease-held` while a living process works on the environment; `engine-alive`; the engine's error
 * where a state cannot be put in order
 */
export async function recoverEnvironment(
  change: Change,
  ledger: Ledger,
  holder: Holder,
  now: () => Date,
  testimony: Testimony = {},
): Promise<Recovery | undefined> {
  const environment = change.graph.environment.name;
  const lease = await ledger.leases.read(environmentScope(environment));
  if (lease?.state === "alive") throw leaseHeld(lease);
  const latest = await ledger.latestOperation(environment);
  const isOpen = lease !== undefined || latest?.status === "running";
  if (!isOpen && !(await hasBegun(change))) return undefined;

  await using held = await ledger.holdEnvironment(environment, change.operation, holder);
  await using kept = keepLease(ledger.leases, held.lease);
  change.tenure.begin(kept);
  await endOldEngines(ledger, held);
  const { begun, done } = await adoptBegun(change, testimony);
  const operation = await closeOperation(ledger, held, { environment, now: now(), done });
  tell(change, held.left, operation);
  return {
    begun,
    ...(held.left === undefined ? {} : { left: held.left }),
    ...(operation === undefined ? {} : { operation }),
  };
}

/** Read again: until the lease was taken somebody else may have closed it. */
async function closeOperation(
  ledger: Ledger,
  { lease }: HeldEnvironment,
  { environment, now, done }: Pick<Adopted, "done"> & { readonly environment: string; readonly now: Date },
): Promise<Operation | undefined> {
  const latest = await ledger.latestOperation(environment);
  if (latest?.status !== "running") return undefined;
  const steps = latest.steps.map((step) => {
    const counts = addCounts([step.counts, done.get(step.stack) ?? noChanges]);
    return step.outcome === "unknown" ? { ...step, counts } : step;
  });
  const operation: Operation = { ...latest, steps, status: "interrupted", endedAt: now.toISOString() };
  await ledger.interruptOperation(lease, operation);
  return operation;
}

function tell(change: Change, left: LeaseRow | undefined, operation: Operation | undefined): void {
  if (left === undefined && operation === undefined) return;
  const who =
    left === undefined
      ? "its process"
      : `${left.holder.user} on ${left.holder.host} (process ${left.holder.pid}, last heard of ${Math.round(left.silence / 1000)} s ago)`;
  const what =
    operation === undefined ? "an operation" : `${operation.kind} ${operation.id} of ${operation.startedAt}`;
  change.emit({
    type: "diagnostic",
    stack: change.graph.environment.name,
    severity: "warning",
    message: `${what} broke off: ${who} is gone. Going on from what exists.`,
  });
}
