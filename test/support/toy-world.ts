/** The smallest world an engine can work in: a toy cloud, and a state of its own. */
import { openTestState } from "./engine.ts";
import { startToyCloud } from "./toy-provider.ts";

export async function openToyWorld(stack: string) {
  const resources = new AsyncDisposableStack();
  const cloud = resources.use(await startToyCloud());
  const state = resources.use(await openTestState());
  return {
    cloud,
    state,
    request: (options = {}) => state.request(stack, { providers: { toy: cloud.port }, ...options }),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
