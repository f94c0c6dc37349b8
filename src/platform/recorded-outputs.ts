/** Outputs as the ledger has them, put together by site. */
import type { Ledger, RecordedOutputs } from "../ledger/ledger.ts";
import type { EnvironmentOutputs } from "./api.ts";

/** Site → component → output → value. */
export async function recordedOutputs(ledger: Ledger, environment: string): Promise<EnvironmentOutputs> {
  const bySite: Record<string, RecordedOutputs> = {};
  for (const [stack, outputs] of await ledger.readOutputs(environment)) {
    const site = siteOf(stack);
    bySite[site] = { ...bySite[site], ...outputs };
  }
  return bySite;
}

/** The middle part of `<environment>.<site>.<domain>`; names hold no dots. */
function siteOf(stack: string): string {
  return stack.split(".")[1] ?? stack;
}
