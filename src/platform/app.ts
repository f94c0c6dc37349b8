/**
 * Puts the parts together for one project: documents, ledger, state, engine, simulated clouds. Each is opened when it
 * is first asked for and closed with the app, so that a verb opens only what it needs.
 */
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import type { FoundEngine } from "../engine/find.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { WitnessedDatabase } from "../ledger/witnessed-database.ts";
import type { Project } from "../model/documents.ts";
import type { Clouds } from "../simulator/clouds.ts";
import type { StackStore } from "../state/stacks/stack-store.ts";
import type { StateStore } from "../state/store.ts";
import { assertDiskSpace } from "./applying/assert-disk-space.ts";
import type { PlatformContext } from "./context.ts";

export interface App extends AsyncDisposable {
  readonly context: PlatformContext;
  /** Folder that holds terrane.yaml. */
  readonly root: string;
  readonly project: Project;
  /** To look at, and to write to. What was put back to an earlier day is not written to. */
  ledger(): Promise<Ledger>;
  /** The database of ledger and states. */
  database(): Promise<WitnessedDatabase>;
  state(): Promise<StateStore>;
  /** The stacks of the ledger's database, with what only that keeps: earlier checkpoints, updates. */
  stacks(): Promise<StackStore>;
  clouds(): Promise<Clouds>;
  /** @throws TerraneError `bad-home`, `disk-full`, `engine-missing`, `engine-version` */
  engine(): Promise<FoundEngine>;
}

export function openApp(context: PlatformContext, root: string, project: Project): App {
  const opened = new AsyncDisposableStack();
  const sources = { root, environment: context.environment };
  const database = once(async () => {
    const { openLedgerDatabase } = await import("./records/open-ledger.ts");
    return opened.adopt(await openLedgerDatabase(context, root, project), (each) => each.close());
  });
  const ledger = once(async () => {
    const { Ledger } = await import("../ledger/ledger.ts");
    return new Ledger(await database());
  });
  const states = once(async () => {
    const { openStates } = await import("./records/open-states.ts");
    return opened.use(openStates(project, await database(), { ...sources, now: context.now }));
  });
  const state = once(async (): Promise<StateStore> => {
    if (project.state.url === undefined) return states();
    const { openBackendStates } = await import("./records/open-backend-states.ts");
    return openBackendStates(project, { context, root, database, engine }, opened);
  });
  const clouds = once(async () =>
    opened.use(
      await (await import("../simulator/clouds.ts")).openClouds(resolve(root, project.simulated.path), {
        now: context.now,
      }),
    ),
  );
  const engine = once(async () => {
    const [{ openHome }, { findEngine }] = await Promise.all([
      import("../engine/home.ts"),
      import("../engine/find.ts"),
    ]);
    // First: programs that run as us are started from it.
    await openHome(context.home);
    await assertDiskSpace([
      { path: resolve(root, project.ledger.path), what: "the ledger" },
      { path: context.environment["TMPDIR"] ?? tmpdir(), what: "temporary files" },
    ]);
    return findEngine({ home: context.home, path: context.environment["PATH"] });
  });
  return {
    context,
    root,
    project,
    ledger,
    database,
    state,
    stacks: async () => (await states()).stacks,
    clouds,
    engine,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** Made when it is first asked for, and then the same for everybody. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
