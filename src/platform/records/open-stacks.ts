/** The stacks in the ledger's database, for what works on them without an engine of an operation. */
import { thisProcess } from "../../ledger/holder.ts";
import { keepLease } from "../../ledger/keep-lease.ts";
import { type Lease, scopeOfStack } from "../../ledger/lease.ts";
import { Ledger } from "../../ledger/ledger.ts";
import type { Database } from "../../sql/database.ts";
import type { KeySource } from "../../state/keys/key-source.ts";
import { StateKeys } from "../../state/keys/keys.ts";
import type { StackRef } from "../../state/stacks/stack-rows.ts";
import { StackStore } from "../../state/stacks/stack-store.ts";
import { formatDatabaseUrl } from "../../values/database-url.ts";
import type { App } from "../app.ts";
import { endOldEngines } from "../recovery/end-old-engines.ts";
import { ledgerLocation } from "./ledger-location.ts";
import { openLedgerDatabase } from "./open-ledger.ts";
import { type KeySurroundings, keySourceOf } from "./state-keys.ts";

export interface OpenStacks extends AsyncDisposable {
  readonly database: Database;
  /** Of the database, without a password. */
  readonly name: string;
  readonly surroundings: KeySurroundings;
  /** What the project says opens the keys. */
  readonly source: KeySource;
  keysFrom(source: KeySource): StateKeys;
  storeWith(keys: StateKeys): StackStore;
  /**
   * Works on one stack as its only writer; an engine that a dead holder left at work is ended first.
   * @throws TerraneError `lease-held`
   */
  underLease<T>(
    ref: StackRef,
    work: { readonly id: string; readonly by: string },
    act: (lease: Lease) => Promise<T>,
  ): Promise<T>;
}

export async function openStacks({ project, root, context }: App): Promise<OpenStacks> {
  const { now, environment } = context;
  const surroundings = { root, environment, now };
  const location = await ledgerLocation(project, surroundings);
  const database = await openLedgerDatabase(context, root, project);
  const ledger = new Ledger(database);
  return {
    database,
    name: "path" in location ? location.path : formatDatabaseUrl(location.url),
    surroundings,
    source: keySourceOf(project, surroundings),
    keysFrom: (source) => new StateKeys({ database, source, now }),
    storeWith: (keys) => new StackStore({ database, keys, now }),
    underLease: async (ref, { id, by }, act) => {
      const scope = scopeOfStack(ref.project, ref.name);
      await using held = await ledger.holdScope(scope, id, thisProcess(by, now()));
      await using _kept = keepLease(ledger.leases, held.lease);
      await endOldEngines(ledger, held);
      return await act(held.lease);
    },
    [Symbol.asyncDispose]: () => database.close(),
  };
}
