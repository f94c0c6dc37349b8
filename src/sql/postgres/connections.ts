/** A bounded number of connections, made when they are wanted; whoever finds all of them at work waits for its turn. */
import type { Connection } from "./connection.ts";

/** Writes are short, so few connections serve many stacks; a server grants 100 to everybody by default. */
const most = 8;

export class Connections {
  readonly #connect: () => Promise<Connection>;
  readonly #idle: Connection[] = [];
  readonly #waiting: (() => void)[] = [];
  #inUse = 0;
  #drained: () => void = () => undefined;

  constructor(connect: () => Promise<Connection>) {
    this.#connect = connect;
  }

  async use<T>(act: (connection: Connection) => Promise<T>): Promise<T> {
    if (this.#inUse >= most) await new Promise<void>((turn) => this.#waiting.push(turn));
    else this.#inUse += 1;
    try {
      const connection = await this.#take();
      try {
        return await act(connection);
      } finally {
        await this.#giveBack(connection);
      }
    } finally {
      // The turn passes on as it is: nobody who comes now gets in between.
      const next = this.#waiting.shift();
      if (next !== undefined) next();
      else {
        this.#inUse -= 1;
        if (this.#inUse === 0) this.#drained();
      }
    }
  }

  /** Waits for what is under way, then ends every connection. Nobody may come after it. */
  async close(): Promise<void> {
    if (this.#inUse > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#drained = resolve;
      await promise;
    }
    await Promise.all(this.#idle.splice(0).map((connection) => connection.close()));
  }

  async #take(): Promise<Connection> {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (!idle.isLost) return idle;
      await idle.close();
    }
    return await this.#connect();
  }

  async #giveBack(connection: Connection): Promise<void> {
    if (connection.isLost) await connection.close();
    else this.#idle.push(connection);
  }
}
