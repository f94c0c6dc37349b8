/**
 * The ledger's database under a witness: it is read as it is, and written to only while it still holds what this machine
 * has seen of it. What it has come to is noted when it is closed.
 */
import { messageOf } from "../errors.ts";
import type { AuditHead } from "../model/audit.ts";
import type { Database, Row, SqlValue, Statement, WriteResult } from "../sql/database.ts";
import { readHead } from "./audit.ts";
import {
  acceptHead,
  findRollback,
  ledgerRolledBack,
  type Rollback,
  type SeenHead,
  type Witness,
} from "./witness.ts";

export interface WitnessOptions {
  readonly witness: Witness;
  readonly now: () => Date;
  /** Told at the end, where something is wrong with the ledger and nobody was refused for it. */
  readonly warn: (message: string) => void;
}

export class WitnessedDatabase implements Database {
  readonly #database: Database;
  readonly #options: WitnessOptions;
  #looked: Promise<Rollback | undefined> | undefined;
  #isTold = false;
  #isAway = false;

  constructor(database: Database, options: WitnessOptions) {
    this.#database = database;
    this.#options = options;
  }

  get clock(): string {
    return this.#database.clock;
  }

  /** Asked once, when it is first of interest. */
  findRollback(): Promise<Rollback | undefined> {
    this.#looked ??= this.#look();
    return this.#looked;
  }

  async #look(): Promise<Rollback | undefined> {
    const seen = await this.#options.witness.read();
    return seen === undefined ? undefined : await findRollback(this.#database, seen);
  }

  /** For what changes something without writing, or would find nothing to change. @throws TerraneError `ledger-rolled-back` */
  async assertNewest(): Promise<void> {
    const rollback = await this.findRollback();
    if (rollback === undefined) return;
    this.#isTold = true;
    throw ledgerRolledBack(rollback);
  }

  /**
   * From then on it is written to again.
   * @throws TerraneError `bad-usage` when the ledger does not end with what was typed
   */
  async accept(
    rollback: Rollback,
    typed: AuditHead,
    by: { readonly who: string; readonly at: string },
  ): Promise<AuditHead> {
    const head = await acceptHead(this.#database, rollback, typed, by);
    await this.#options.witness.note({ ...head, at: by.at });
    this.#looked = undefined;
    return head;
  }

  read<R extends object = Row>(sql: string, parameters?: readonly SqlValue[]): Promise<readonly R[]> {
    return this.#watch(this.#database.read<R>(sql, parameters));
  }

  async write(statements: readonly Statement[]): Promise<WriteResult> {
    await this.assertNewest();
    return await this.#watch(this.#database.write(statements));
  }

  async #watch<T>(asked: Promise<T>): Promise<T> {
    this.#isAway = true;
    const answer = await asked;
    this.#isAway = false;
    return answer;
  }

  async close(): Promise<void> {
    try {
      // One that did not answer last would be waited for once more.
      if (!this.#isAway) await this.#note();
    } catch (error) {
      // What was done is done; the witness of the time before still stands.
      this.#options.warn(`what the ledger has come to could not be noted: ${messageOf(error)}`);
    } finally {
      await this.#database.close();
    }
  }

  /** Read again: another process may have noted more meanwhile, or the database may have been put back under this one. */
  async #note(): Promise<void> {
    const { witness, now } = this.#options;
    const seen = await witness.read();
    const rollback = seen === undefined ? undefined : await findRollback(this.#database, seen);
    if (rollback !== undefined) return this.#tell(rollback);
    const head = await readHead(this.#database);
    if (isSame(head, seen)) return;
    await witness.note({ ...head, at: now().toISOString() });
  }

  #tell(rollback: Rollback): void {
    if (this.#isTold) return;
    const { message, next } = ledgerRolledBack(rollback);
    this.#options.warn(`${message}. ${next}`);
  }
}

function isSame(head: { readonly seq: number; readonly hash: string }, seen: SeenHead | undefined): boolean {
  return head.seq === (seen?.seq ?? 0) && (seen === undefined || head.hash === seen.hash);
}
