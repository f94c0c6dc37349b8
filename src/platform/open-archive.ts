/** Opens the saved states of a project, and the ledger that leases their stacks, on one connection. */
import { Ledger } from "../ledger/ledger.ts";
import { ledgerMigrations } from "../ledger/migrations.ts";
import { openDatabase } from "../sql/open.ts";
import { StateKeys } from "../state/keys.ts";
import { StackStore } from "../state/stack-store.ts";
import { StateArchive } from "../state/state-archive.ts";
import { ledgerLocation } from "./ledger-location.ts";
import type { OpenProject } from "./open-project.ts";
import { keySourceOf } from "./state-keys.ts";

export interface OpenArchive extends AsyncDisposable {
  readonly archive: StateArchive;
  readonly stacks: StackStore;
  readonly ledger: Ledger;
}

/** @throws TerraneError `ledger-newer`, `database-unavailable`, `bad-secret-reference` */
export async function openArchive({ app }: OpenProject): Promise<OpenArchive> {
  const { project, root, context } = app;
  const sources = { root, environment: context.environment };
  const place = await ledgerLocation(project, sources);
  const database = await openDatabase({ ...place, migrations: ledgerMigrations });
  const { now } = context;
  const keys = new StateKeys({ database, source: keySourceOf(project, { ...sources, now }), now });
  const stacks = new StackStore({ database, keys, now });
  return {
    stacks,
    archive: new StateArchive({ database, stacks, now }),
    ledger: new Ledger(database),
    [Symbol.asyncDispose]: () => database.close(),
  };
}
