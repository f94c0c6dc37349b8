/**
 * The points of an operation that something outside may want to stand at: a test that kills there, a profiler. Told
 * synchronously through Node's diagnostics channels, `terrane:<point>`; without a subscriber they cost nothing.
 */
import { channel, subscribe, unsubscribe } from "node:diagnostics_channel";

/** Point → what is told there. */
export interface TracePoints {
  /** An operation is about to take its lease: nothing of it is written yet. */
  readonly "lease:asked": { readonly scope: string; readonly operation: string };
  /** The lease is taken; nothing is begun under it. */
  readonly "lease:taken": { readonly scope: string; readonly operation: string; readonly number: number };
  /** The process of an engine that is to write exists, waits to begin, and is on no record yet. */
  readonly "engine:waiting": { readonly stack: string; readonly pid: number };
  /** An engine runs and has said nothing yet. `writes`: it works under a lease; one that only previews has none. */
  readonly "engine:started": { readonly stack: string; readonly pid: number; readonly writes: boolean };
  /** A call has reached a simulated cloud and has no effect yet. */
  readonly "call:received": TracedCall;
  /** Its effect is durable, and the engine has no reply yet. */
  readonly "call:done": TracedCall;
  /** A transaction of so many writes stands between its last statement and its commit. */
  readonly "write:committing": { readonly writes: number };
  /** A step of an operation has ended, and that is on record. */
  readonly "step:ended": { readonly operation: string; readonly step: string };
  /** Every step has ended; the operation is still open on record. */
  readonly "operation:closing": { readonly operation: string };
  /** The operation is closed and its lease given back. */
  readonly "operation:closed": { readonly operation: string };
  /** Entries of an engine have arrived and are about to be written. */
  readonly "journal:append": {
    readonly stack: string;
    readonly update: string;
    readonly entries: readonly TracedEntry[];
  };
  /** They are durable, and the engine has not been told yet. */
  readonly "journal:durable": {
    readonly stack: string;
    readonly update: string;
    readonly entries: readonly TracedEntry[];
  };
  /** An engine has begun its update. */
  readonly "update:started": { readonly stack: string; readonly update: string; readonly kind: string };
  /** The checkpoint that an update leaves is about to be written. */
  readonly "update:ending": { readonly stack: string; readonly update: string };
  /** It is durable, and the engine has not been told yet. */
  readonly "update:ended": { readonly stack: string; readonly update: string; readonly serial: number };
}

/** An entry of an engine's journal, as far as a test wants to know it. */
export interface TracedEntry {
  /** Source of the numbers: `apitype/journal.go` of 3.250.0; 0 begins, 1 succeeded. */
  readonly kind: number;
  /** Where it begins an operation on a resource. */
  readonly operation?:
    | { readonly type: string; readonly resource: { readonly urn: string } }
    | null
    | undefined;
  readonly state?: { readonly urn: string } | null | undefined;
}

/** A call of an engine's that changes or reads something in a simulated cloud. */
export interface TracedCall {
  readonly urn: string;
  readonly verb: "create" | "read" | "update" | "delete";
}

/** Tells whoever listens. What a listener throws never reaches the caller: it ends the process as uncaught. */
export function trace<P extends keyof TracePoints>(point: P, message: TracePoints[P]): void {
  const told = channel(nameOf(point));
  if (told.hasSubscribers) told.publish(message);
}

/** Listens until disposed of. */
export function onTrace<P extends keyof TracePoints>(
  point: P,
  listen: (message: TracePoints[P]) => void,
): Disposable {
  const heard = (message: unknown) => listen(message as TracePoints[P]);
  subscribe(nameOf(point), heard);
  return { [Symbol.dispose]: () => void unsubscribe(nameOf(point), heard) };
}

/** Name of the diagnostics channel. */
function nameOf(point: keyof TracePoints): string {
  return `terrane:${point}`;
}
