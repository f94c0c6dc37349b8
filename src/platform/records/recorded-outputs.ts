/** Outputs as the ledger has them, put together by site. */
import type { Ledger, RecordedOutputs } from "../../ledger/ledger.ts";
import { domains } from "../../model/words.ts";
import type { EnvironmentOutputs } from "../api.ts";

/** Site → component → output → value; components in the order of their ranks. */
export async function recordedOutputs(ledger: Ledger, environment: string): Promise<EnvironmentOutputs> {
  const bySite: Record<string, RecordedOutputs> = {};
  const stacks = [...(await ledger.readOutputs(environment))].map(([stack, outputs]) => ({
    ...partsOf(stack),
    outputs,
  }));
  for (const { site, outputs } of stacks.sort((left, right) => left.rank - right.rank)) {
    bySite[site] = { ...bySite[site], ...outputs };
  }
  return bySite;
}

/** Of `<environment>.<site>.<domain>`; names hold no dots. */
function partsOf(stack: string): { readonly site: string; readonly rank: number } {
  const [, site = stack, domain] = stack.split(".");
  return { site, rank: domains.findIndex((each) => each === domain) };
}
