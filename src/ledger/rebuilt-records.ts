/** What a rebuild leaves in the ledger: that it was done, and the environment's record where it was found to be older. */
import type { EnvironmentRecord } from "../model/record.ts";
import type { Database, Statement } from "../sql/database.ts";
import { useHold } from "./addresses.ts";
import { writeAudited } from "./audit.ts";
import { recordDigest, replaceRecord } from "./environment-rows.ts";
import { forgetGrounds } from "./grounds.ts";
import { heldBy, type Lease, leaseLost } from "./lease.ts";

export interface RebuiltEnvironment {
  readonly environment: string;
  /** What takes the place of the record there is, or of none. Absent: that one stays. */
  readonly record?: EnvironmentRecord;
  /** The hold whose blocks `record` names; absent when all of them are its own already. */
  readonly hold?: string;
  readonly who: string;
  /** ISO 8601. */
  readonly at: string;
  /** What was found, for the audit. */
  readonly facts: Readonly<Record<string, string | number>>;
}

export class RebuiltRecords {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @throws TerraneError `lease-lost` */
  async keep(lease: Lease, rebuilt: RebuiltEnvironment): Promise<void> {
    const { environment, record, hold, facts, who, at } = rebuilt;
    const statements: Statement[] = [heldBy(lease), forgetGrounds(environment)];
    if (record !== undefined) {
      statements.push(...replaceRecord(record, await this.#textOf(environment)));
      if (hold !== undefined) statements.push(...useHold(record, hold));
    }
    const left = record && { environments: { [environment]: recordDigest(record) } };
    const entry = { at, who, what: "states rebuilt", environment, operation: lease.operation, facts };
    const result = await writeAudited(this.#database, statements, [
      { ...entry, ...(left === undefined ? {} : { left }) },
    ]);
    if (!result.ok) throw leaseLost(lease);
  }

  async #textOf(environment: string): Promise<string | undefined> {
    const [row] = await this.#database.read<{ record: string }>(
      "SELECT record FROM environments WHERE name = ?",
      [environment],
    );
    return row?.record;
  }
}
