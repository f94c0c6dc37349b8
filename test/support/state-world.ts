/** The smallest world in which an engine works through the state's service: a toy cloud, and stacks in a database. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findEngine } from "../../src/engine/find.ts";
import type { EngineRequest } from "../../src/engine/request.ts";
import type { StateAccess } from "../../src/model/state-access.ts";
import { DatabaseStore } from "../../src/state/database-store.ts";
import { testHome } from "./engine.ts";
import { makeStackWorld } from "./stack-world.ts";
import { startToyCloud } from "./toy-provider.ts";

export async function openStateWorld(stack: string) {
  const engine = await findEngine({ home: testHome, path: process.env["PATH"] });
  const resources = new AsyncDisposableStack();
  const home = resources.adopt(await mkdtemp(join(tmpdir(), "terrane-home-")), (folder) =>
    rm(folder, { recursive: true, force: true }),
  );
  const cloud = resources.use(await startToyCloud());
  const world = resources.use(await makeStackWorld());
  const states = resources.use(new DatabaseStore(world.store, world.keys));
  return {
    cloud,
    states,
    ...{ store: world.store, database: world.database, take: world.take },
    request: (state: StateAccess, options: Partial<EngineRequest> = {}): EngineRequest => ({
      ...{ stack, engine, home, state },
      emit: () => {},
      signal: new AbortController().signal,
      environment: { PATH: process.env["PATH"] ?? "" },
      providers: { toy: cloud.port },
      ...options,
    }),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
