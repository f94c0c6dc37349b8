/** How much the clouds hold of each stack, as the states say. */
import { countCloudResources, type StateStore } from "../state/store.ts";

/** Stack → resources of clouds: components, providers and the stack's own root are left out. */
export async function countResources(state: StateStore, stacks: readonly string[]): Promise<Readonly<Record<string, number>>> {
  const counts = await Promise.all(stacks.map(async (stack) => [stack, countCloudResources(await state.read(stack))] as const));
  return Object.fromEntries(counts);
}
