/**
 * States in a backend that is not ours, with the ledger's memory of them: each state that an operation left has a serial
 * and a digest there, so that an older one that somebody put back is noticed before anything is changed. The backend
 * itself refuses nothing: it knows no lease.
 */
import { TerraneError } from "../../errors.ts";
import { heldBy, type Lease, leaseLost } from "../../ledger/lease.ts";
import type { Database, Statement } from "../../sql/database.ts";
import type { AccessLease, StateHead, StateMoves, StateReader, StateStore, WriteRequest } from "../store.ts";

export interface NotedStoreOptions {
  readonly database: Database;
  /** URL without credentials: what the notes are kept under. */
  readonly backend: string;
  readonly states: StateStore;
  readonly now: () => Date;
}

/** States remembered of one stack. */
const keptNotes = 50;

export class NotedStore implements StateStore {
  readonly #options: NotedStoreOptions;

  constructor(options: NotedStoreOptions) {
    this.#options = options;
  }

  assertUsable(subject: string): Promise<void> {
    return this.#options.states.assertUsable(subject);
  }

  async head(stack: string): Promise<StateHead | undefined> {
    return this.#options.states.head(stack);
  }

  counts(stacks: readonly string[]) {
    return this.#options.states.counts(stacks);
  }

  read(stack: string) {
    return this.#options.states.read(stack);
  }

  openCopy(stack: string): Promise<AccessLease> {
    return this.#options.states.openCopy(stack);
  }

  /** @throws TerraneError `state-older-than-ledger` */
  async open(stack: string, request: WriteRequest): Promise<AccessLease> {
    const { states, backend } = this.#options;
    const { lease } = request;
    const before = await this.#check(stack);
    await this.#write(lease, [
      ...this.#noting(stack, before),
      {
        sql: "INSERT INTO backend_work (backend, stack) VALUES (?, ?) ON CONFLICT DO NOTHING",
        parameters: [backend, stack],
      },
    ]);
    const opened = await states.open(stack, request);
    return {
      access: opened.access,
      [Symbol.asyncDispose]: async () => {
        await opened[Symbol.asyncDispose]();
        await this.#settle(stack, lease).catch(ignoreLost);
      },
    };
  }

  async closeInterrupted(stack: string, lease: Lease): Promise<Readonly<Record<string, number>> | undefined> {
    const changes = await this.#options.states.closeInterrupted(stack, lease);
    if (await this.#isAtWork(stack)) await this.#settle(stack, lease);
    return changes;
  }

  async remove(stack: string, lease: Lease): Promise<void> {
    const { states, backend } = this.#options;
    await states.remove(stack, lease);
    await this.#write(lease, [
      { sql: "DELETE FROM backend_heads WHERE backend = ? AND stack = ?", parameters: [backend, stack] },
      { sql: "DELETE FROM backend_work WHERE backend = ? AND stack = ?", parameters: [backend, stack] },
    ]);
  }

  afterMoves(moves: StateMoves): Promise<StateReader> {
    return this.#options.states.afterMoves(moves);
  }

  async move(moves: StateMoves, lease: Lease): Promise<void> {
    for (const stack of moves.stacks) await this.#check(stack);
    await this.#options.states.move(moves, lease);
    for (const stack of moves.stacks) await this.#settle(stack, lease);
  }

  /** What is there, where it is what the ledger saw last, or something newer. */
  async #check(stack: string): Promise<StateHead | undefined> {
    const head = await this.#options.states.head(stack);
    const notes = await this.#notes(stack);
    const [last] = notes;
    // An engine that died has left a state that nobody noted.
    if (last === undefined || head?.digest === last.digest || (await this.#isAtWork(stack))) return head;
    const earlier = notes.find(({ digest }) => digest === head?.digest);
    if (head !== undefined && earlier === undefined) return head;
    const what = head === undefined ? "no state" : `state ${earlier?.serial} (${head.digest.slice(0, 12)})`;
    throw new TerraneError(
      "state-older-than-ledger",
      `${this.#options.backend} holds ${what} of ${stack}; the last one known is ${last.serial} (${last.digest.slice(0, 12)}) of ${last.noted_at}`,
      { details: { stack, found: head?.digest ?? null, last: last.digest, serial: last.serial } },
    );
  }

  /** Notes what is there now; nobody is at work on it any more. */
  async #settle(stack: string, lease: Lease): Promise<void> {
    const { states, backend } = this.#options;
    await this.#write(lease, [
      ...(await this.#notingNew(stack, await states.head(stack))),
      { sql: "DELETE FROM backend_work WHERE backend = ? AND stack = ?", parameters: [backend, stack] },
    ]);
  }

  async #notingNew(stack: string, head: StateHead | undefined): Promise<Statement[]> {
    const [last] = await this.#notes(stack);
    return head === undefined || last?.digest === head.digest ? [] : this.#noting(stack, head);
  }

  #noting(stack: string, head: StateHead | undefined): Statement[] {
    const { backend, now } = this.#options;
    if (head === undefined) return [];
    const next = "(SELECT coalesce(max(serial), 0) + 1 FROM backend_heads WHERE backend = ? AND stack = ?)";
    return [
      {
        sql: `INSERT INTO backend_heads (backend, stack, serial, digest, noted_at)
              SELECT ?, ?, ${next}, ?, ? WHERE NOT EXISTS (
                SELECT 1 FROM backend_heads WHERE backend = ? AND stack = ? AND digest = ?)`,
        parameters: [
          backend,
          stack,
          backend,
          stack,
          head.digest,
          now().toISOString(),
          backend,
          stack,
          head.digest,
        ],
      },
      {
        sql: `DELETE FROM backend_heads WHERE backend = ? AND stack = ? AND serial <=
                (SELECT max(serial) FROM backend_heads WHERE backend = ? AND stack = ?) - ?`,
        parameters: [backend, stack, backend, stack, keptNotes],
      },
    ];
  }

  #notes(stack: string) {
    const { database, backend } = this.#options;
    return database.read<{ serial: number; digest: string; noted_at: string }>(
      "SELECT serial, digest, noted_at FROM backend_heads WHERE backend = ? AND stack = ? ORDER BY serial DESC",
      [backend, stack],
    );
  }

  async #isAtWork(stack: string): Promise<boolean> {
    const { database, backend } = this.#options;
    const rows = await database.read("SELECT 1 FROM backend_work WHERE backend = ? AND stack = ?", [
      backend,
      stack,
    ]);
    return rows.length > 0;
  }

  async #write(lease: Lease, statements: readonly Statement[]): Promise<void> {
    const result = await this.#options.database.write([heldBy(lease), ...statements]);
    if (!result.ok) throw leaseLost(lease);
  }
}

/** Whoever took over notes what is there. */
function ignoreLost(error: unknown): void {
  if (!(error instanceof TerraneError && error.code === "lease-lost")) throw error;
}
