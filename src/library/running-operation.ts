/** An operation while it runs: its events, its end, and the two ways to stop it. */

import { firstError, TerraneError } from "../errors.ts";
import type { EventBody } from "../model/event.ts";
import type { ChangeOptions } from "../platform/api.ts";
import { EventLog, type OperationEvent } from "./event-log.ts";

/** Options of everything that takes its time. */
export interface RunOptions {
  /** Aborted: what runs is finished in good order, nothing more is begun. */
  readonly signal?: AbortSignal;
  /** Aborted: stops at once; what was running is then unknown until the next `up` looks. */
  readonly force?: AbortSignal;
  /** Largest number of stacks at work at once. Default: by memory and cores, at most 8. */
  readonly parallel?: number;
  /** Ask the engine also of stacks that nothing has changed since their last up. Default false. */
  readonly full?: boolean;
}

/**
 * A plan, an up or a destroy that has begun. It goes on whether or not anybody listens.
 *
 *     const operation = up({ environment: "dev" });
 *     for await (const event of operation) console.log(event.type);
 *     const { result, outputs } = await operation.result;
 *
 * Iterating hands out every event from the first one on, again for each iteration, and ends with the operation; leaving
 * the loop early stops nothing. When the operation fails, iterations throw the same error that `result` rejects with, so
 * that it is enough to do one of the two. An operation that nobody iterates or awaits fails in silence: its record says so.
 */
export interface RunningOperation<R> extends AsyncIterable<OperationEvent> {
  /** Settles when the operation has ended and what it had opened is closed. Rejects with a `TerraneError`. */
  readonly result: Promise<R>;
  /** Called once: as `signal`, in good order. Called again: as `force`, at once. */
  stop(): void;
}

/** Begins at once. `run` is given sinks and signals for this operation alone. */
export function startOperation<R>(
  options: RunOptions & { readonly now: () => Date },
  run: (change: ChangeOptions) => Promise<R>,
): RunningOperation<R> {
  const log = new EventLog();
  const stop = new AbortController();
  const force = new AbortController();
  const result = run({
    emit: (event: EventBody) => log.append({ at: options.now().toISOString(), ...event }),
    signal: either(stop.signal, options.signal),
    force: either(force.signal, options.force),
    ...(options.parallel === undefined ? {} : { parallel: options.parallel }),
    ...(options.full === undefined ? {} : { full: options.full }),
  }).catch((error: unknown) => {
    throw firstError(error);
  });
  // Also the handler that a promise needs which is only iterated.
  result.then(
    () => log.end(),
    (error: unknown) => log.end({ error }),
  );
  return {
    result,
    stop: () => {
      if (!stop.signal.aborted) stop.abort(new TerraneError("cancelled", "the operation was stopped"));
      else force.abort(new TerraneError("cancelled", "the operation was stopped at once"));
    },
    [Symbol.asyncIterator]: () => log[Symbol.asyncIterator](),
  };
}

function either(own: AbortSignal, given: AbortSignal | undefined): AbortSignal {
  return given === undefined ? own : AbortSignal.any([own, given]);
}
