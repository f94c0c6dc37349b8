/** Says that a plan is one of an earlier day: an `up` would be refused. */
import { ledgerRolledBack } from "../../ledger/witness.ts";
import type { Emit } from "../../model/event.ts";
import type { App } from "../app.ts";

export async function tellRolledBack(app: App, environment: string, emit: Emit): Promise<void> {
  const rollback = await (await app.database()).findRollback();
  if (rollback === undefined) return;
  const message = `${ledgerRolledBack(rollback).message}. This is a plan of what it says; up would be refused.`;
  emit({ type: "diagnostic", stack: environment, severity: "warning", message });
}
