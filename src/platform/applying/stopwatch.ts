/** Measures out of an operation's events how long each kind of resource took. Knows nothing of ledgers. */
import type { EventBody } from "../../model/event.ts";
import type { ResourceTiming } from "../../model/operation.ts";

export class Stopwatch {
  readonly #now: () => number;
  readonly #running = new Map<string, number>();
  /** Stacks in whose previews engines answer at once what no cloud was asked. */
  readonly #previewed = new Set<string>();
  readonly #taken = new Map<string, { readonly timing: ResourceTiming; readonly all: number[] }[]>();

  /** @param now milliseconds that only go forward */
  constructor(now: () => number) {
    this.#now = now;
  }

  take(event: EventBody): void {
    if (event.type === "stack:start" && event.verb === "preview") this.#previewed.add(event.stack);
    if (event.type === "stack:end") this.#previewed.delete(event.stack);
    if (event.type !== "resource:start" && event.type !== "resource:end") return;
    if (this.#previewed.has(event.stack)) return;
    const key = `${event.stack} ${event.urn}`;
    if (event.type === "resource:start") {
      this.#running.set(key, this.#now());
      return;
    }
    const started = this.#running.get(key);
    this.#running.delete(key);
    // A failed call tells nothing about how long one that works takes.
    if (started === undefined || event.outcome !== "done") return;
    const type = typeOf(event.urn);
    const timings = this.#taken.get(event.stack) ?? [];
    this.#taken.set(event.stack, timings);
    const milliseconds = Math.round(this.#now() - started);
    const known = timings.find(({ timing }) => timing.type === type && timing.action === event.action);
    if (known === undefined) {
      timings.push({ timing: { type, action: event.action, milliseconds }, all: [milliseconds] });
    } else known.all.push(milliseconds);
  }

  /** What was measured on a stack since the last time it was asked, one entry a type and action: the median. */
  read(stack: string): readonly ResourceTiming[] {
    const timings = this.#taken.get(stack) ?? [];
    this.#taken.delete(stack);
    return timings.map(({ timing, all }) => ({ ...timing, milliseconds: median(all) }));
  }
}

/** The value in the middle; of an even number the lower one, so that it is one that was measured. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}
