/** Stacks in a database of their own, for tests: a clock that stands, keys in a file, leases by name. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { thisProcess } from "../../src/ledger/holder.ts";
import { environmentScope, type Lease, Leases } from "../../src/ledger/lease.ts";
import { ledgerMigrations } from "../../src/ledger/migrations.ts";
import type { Database } from "../../src/sql/database.ts";
import { openDatabase } from "../../src/sql/open.ts";
import type { VersionedDeployment } from "../../src/state/deployment/deployment.ts";
import { keyFileSource } from "../../src/state/keys/key-source.ts";
import { StateKeys } from "../../src/state/keys/keys.ts";
import { StackStore, type StackStoreOptions } from "../../src/state/stacks/stack-store.ts";

export interface StackWorld extends AsyncDisposable {
  readonly database: Database;
  readonly store: StackStore;
  readonly keys: StateKeys;
  readonly clock: { now: Date };
  /** Takes the lease on an environment, over whoever has it. */
  take(environment: string): Promise<Lease>;
}

export async function makeStackWorld(
  open: () => Promise<Database> = () => openDatabase({ path: ":memory:", migrations: ledgerMigrations }),
  options: Pick<StackStoreOptions, "retention" | "unsaved"> = {},
): Promise<StackWorld> {
  const folder = await mkdtemp(join(tmpdir(), "terrane-stacks-"));
  const database = await open();
  const clock = { now: new Date("2026-11-21T12:00:00Z") };
  const now = () => clock.now;
  const keys = new StateKeys({ database, source: keyFileSource(join(folder, "key")), now });
  let taken = 0;
  return {
    database,
    keys,
    clock,
    store: new StackStore({ database, keys, now, ...options }),
    take: async (environment) => {
      const scope = environmentScope(environment);
      const [row] = await database.read<{ number: number }>("SELECT number FROM leases WHERE scope = ?", [
        scope,
      ]);
      const ground = { number: row?.number ?? 0 };
      await database.write([
        { sql: "UPDATE leases SET operation = NULL WHERE scope = ?", parameters: [scope] },
      ]);
      const holder = thisProcess("test", now());
      const { lease, statements } = new Leases(database).take(scope, `op-${++taken}`, holder, ground);
      await database.write(statements);
      return lease;
    },
    [Symbol.asyncDispose]: async () => {
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A root and so many buckets below it. */
export function stateOf(stack: string, buckets: number): VersionedDeployment {
  const root = `urn:pulumi:${stack}::terrane::pulumi:pulumi:Stack::terrane-${stack}`;
  return {
    version: 3,
    deployment: {
      manifest: { time: "2026-11-21T11:00:00Z", magic: "", version: "" },
      resources: [
        { urn: root, type: "pulumi:pulumi:Stack", custom: false },
        ...Array.from({ length: buckets }, (_, index) => ({
          urn: `urn:pulumi:${stack}::terrane::aws:s3/bucket:Bucket::b${index}`,
          type: "aws:s3/bucket:Bucket",
          custom: true,
          id: `b${index}`,
          parent: root,
        })),
      ],
      metadata: {},
    },
  };
}
