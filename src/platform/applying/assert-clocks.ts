/** Refuses to change anything while this machine's clock is far from the clouds': they refuse what is signed then. */
import { TerraneError } from "../../errors.ts";
import type { CloudInventory } from "../../model/cloud-inventory.ts";

/**
 * Milliseconds. AWS takes a request for five minutes after the time it was signed at.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html, read 2026-11-21.
 */
const mostSkew = 5 * 60_000;

/**
 * Where the clouds cannot be asked, nothing is checked.
 * @throws TerraneError `clock-skew` with both times
 */
export async function assertClocks(inventory: CloudInventory | undefined, now: () => Date): Promise<void> {
  if (inventory === undefined) return;
  const theirs = await inventory.now();
  const ours = now();
  const skew = ours.getTime() - theirs.getTime();
  if (Math.abs(skew) <= mostSkew) return;
  const minutes = Math.round(Math.abs(skew) / 60_000);
  const which = skew > 0 ? "ahead of" : "behind";
  throw new TerraneError(
    "clock-skew",
    `this machine's clock is ${minutes} min ${which} the cloud's: ${ours.toISOString()} here, ${theirs.toISOString()} there`,
    { details: { here: ours.toISOString(), there: theirs.toISOString() } },
  );
}
