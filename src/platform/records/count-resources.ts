/** How much there is of each stack, as the states say. */
import type { StateReader } from "../../state/store.ts";

/** Stack → number of its resources, counted as plans count them. Opens no state. */
export async function countResources(
  state: Pick<StateReader, "counts">,
  stacks: readonly string[],
): Promise<Readonly<Record<string, number>>> {
  const counts = await state.counts(stacks);
  return Object.fromEntries(stacks.map((stack) => [stack, counts.get(stack) ?? 0]));
}
