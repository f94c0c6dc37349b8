/**
 * Brings a write-ahead log to disk outside of the event loop. SQLite would sync it inside of COMMIT (`synchronous = FULL`),
 * and a busy disk takes tens of milliseconds for it; with `NORMAL` a commit writes its frames, and they are durable as
 * soon as the file is synced by whoever. Others may read a commit before that: what they do upon it begins with a commit of
 * their own, further down the same log. Source: https://sqlite.org/pragma.html#pragma_synchronous.
 */
import { type FileHandle, open } from "node:fs/promises";

export class WalSync {
  readonly #path: string;
  #file: FileHandle | undefined;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  /** @param path of the database; its log lies beside it once something was committed */
  constructor(path: string) {
    this.#path = `${path}-wal`;
  }

  /**
   * Resolves once everything that is committed by now is durable. Commits that wait together share one sync.
   * @throws the system's error, now and ever after: what the disk has after a sync that failed, nobody knows
   */
  reach(): Promise<void> {
    if (this.#running === undefined) return this.#begin();
    // The one that runs may have begun before the commit.
    this.#next ??= this.#running.then(() => this.#begin());
    return this.#next;
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await Promise.allSettled([this.#running, this.#next]);
    await this.#file?.close();
  }

  #begin(): Promise<void> {
    this.#next = undefined;
    const sync = this.#sync();
    this.#running = sync;
    return sync;
  }

  async #sync(): Promise<void> {
    this.#file ??= await open(this.#path, "r+");
    await this.#file.datasync();
    if (this.#next === undefined) this.#running = undefined;
  }
}
