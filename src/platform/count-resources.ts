/** How much there is of each stack, as the states say. */
import { resourcesOf, type StateStore } from "../state/store.ts";

/** Stack → number of its resources, counted as plans count them. */
export async function countResources(
  state: StateStore,
  stacks: readonly string[],
): Promise<Readonly<Record<string, number>>> {
  const counts = await Promise.all(
    stacks.map(async (stack) => [stack, resourcesOf(await state.read(stack)).length] as const),
  );
  return Object.fromEntries(counts);
}
