/** Saving a state as the next checkpoint of its stack, as what a transaction is made of. */
import type { Statement } from "../../sql/database.ts";
import { countsOf, formatState } from "../deployment/canonical.ts";
import type { VersionedDeployment } from "../deployment/deployment.ts";
import { dropCheckpoints, type SaveReason, saveCheckpoint } from "./checkpoint-rows.ts";
import { packState } from "./pack.ts";
import type { UpdateSurroundings } from "./running-update.ts";
import type { Stack, StackHead } from "./stack-rows.ts";

export interface Saving {
  /** What the stack's row says of it afterwards. */
  readonly head: StackHead;
  readonly statements: readonly Statement[];
}

export async function makeSaving(
  { now, retention }: Pick<UpdateSurroundings, "now" | "retention">,
  stack: Stack,
  state: VersionedDeployment,
  reason: SaveReason,
): Promise<Saving> {
  const at = now();
  const packed = await packState(await formatState(state));
  const serial = stack.serial + 1;
  return {
    head: { serial, digest: packed.digest },
    statements: [
      ...saveCheckpoint(stack, { packed, ...countsOf(state), reason, at: at.toISOString() }),
      dropCheckpoints(stack.id, serial, retention, at),
    ],
  };
}
