/** Carries out an operation that was agreed to: under the environment's lease, kept alive until the operation is closed. */
import { keepLease } from "../../ledger/keep-lease.ts";
import type { BeginOperation, Ledger } from "../../ledger/ledger.ts";
import type { Operation, OperationStatus } from "../../model/operation.ts";
import type { EnvironmentRecord } from "../../model/record.ts";
import type { PlatformContext } from "../context.ts";
import type { Change } from "./change.ts";
import { type RunOptions, runOperation, type StepWork } from "./run-operation.ts";

export interface CarryOut {
  readonly context: PlatformContext;
  readonly ledger: Ledger;
  readonly change: Change;
  readonly begin: BeginOperation;
  readonly work: readonly StepWork[];
  /** The environment's record once the operation is closed; `gone` forgets it. */
  readonly recordAfter: (status: OperationStatus) => EnvironmentRecord | "gone";
  /** On what the stacks then stand, by stack. */
  readonly groundsAfter?: RunOptions["groundsAfter"];
}

/**
 * Answers the operation as it then stands in the ledger.
 * @throws TerraneError `lease-held`, `plan-stale`, `wrong-passphrase`, `key-unavailable` before anything
 * is touched; `lease-lost` when somebody took over
 */
export async function carryOut({
  context,
  ledger,
  change,
  begin,
  work,
  recordAfter,
  groundsAfter,
}: CarryOut): Promise<Operation> {
  await change.state.assertUsable(change.graph.environment.name);
  const lease = await ledger.beginOperation(begin);
  await using kept = keepLease(ledger.leases, lease);
  change.tenure.begin(kept);
  return await runOperation(begin.operation, work, {
    ledger,
    lease,
    lost: change.tenure.lost,
    now: context.now,
    emit: change.emit,
    signal: change.signal,
    parallel: change.parallel,
    recordAfter,
    ...(groundsAfter === undefined ? {} : { groundsAfter }),
  });
}
