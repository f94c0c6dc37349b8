/** The events of one operation as an async iterable that loses none in silence. Knows nothing of what they mean. */
import type { TerraneEvent } from "../model/event.ts";

/** What an iteration hands out. */
export type OperationEvent =
  | TerraneEvent
  /** Stands where events were let go: the reader came later than {@link maxKeptEvents} events. */
  | { readonly type: "events:omitted"; readonly at: string; readonly count: number };

/**
 * Events kept for readers: an `up` of 20,000 resources. An engine can't be made to wait for a reader, so beyond this the
 * oldest go, and whoever has not read them yet is told how many.
 */
export const maxKeptEvents = 50_000;

/** Every iteration starts with the first event and ends with the operation; when that failed, it throws its error. */
export class EventLog implements AsyncIterable<OperationEvent> {
  readonly #limit: number;
  readonly #kept: TerraneEvent[] = [];
  /** How many were let go before the first one kept. */
  #gone = 0;
  #end: { readonly error?: unknown } | undefined;
  #wake: () => void = () => {};
  #news: Promise<void> = Promise.resolve();

  constructor(limit: number = maxKeptEvents) {
    this.#limit = limit;
    this.#await();
  }

  append(event: TerraneEvent): void {
    if (this.#kept.length >= this.#limit) {
      // Many at once, so that the cost of moving the rest is shared.
      const surplus = Math.max(1, Math.floor(this.#limit / 10));
      this.#kept.splice(0, surplus);
      this.#gone += surplus;
    }
    this.#kept.push(event);
    this.#tell();
  }

  /** No more will come. `error` is thrown by every iteration after the last event. */
  end(failure: { readonly error?: unknown } = {}): void {
    this.#end ??= failure;
    this.#tell();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<OperationEvent, void, void> {
    let next = 0;
    for (;;) {
      const missed = this.#gone - next;
      const event = this.#kept[Math.max(0, -missed)];
      if (missed > 0) {
        next = this.#gone;
        yield { type: "events:omitted", at: event?.at ?? "", count: missed };
      } else if (event !== undefined) {
        next++;
        yield event;
      } else if (this.#end !== undefined) {
        if ("error" in this.#end) throw this.#end.error;
        return;
      } else {
        await this.#news;
      }
    }
  }

  #tell(): void {
    this.#wake();
    this.#await();
  }

  #await(): void {
    this.#news = new Promise((wake) => {
      this.#wake = wake;
    });
  }
}
