/** Tells whoever watches how long the operation that begins will probably take. */
import type { Ledger } from "../../ledger/ledger.ts";
import type { Plan } from "../../model/plan.ts";
import type { Change } from "../applying/change.ts";
import type { StepWork } from "../applying/run-operation.ts";
import { expectTimes } from "./expectations.ts";

/** Operations looked back at, of all environments: the like of this stack may have been made in another. */
const lookedBack = 20;

export async function tellExpected(
  change: Change,
  ledger: Ledger,
  plan: Plan,
  work: readonly StepWork[],
): Promise<void> {
  const expected = expectTimes({
    operation: change.operation,
    plan,
    order: new Map(work.map((step) => [step.id, step.after])),
    past: await ledger.history.list({ limit: lookedBack }),
    typical: change.typicalTime,
  });
  if (expected.stacks.length + expected.resources.length > 0) change.emit(expected);
}
