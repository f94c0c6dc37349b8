/**
 * The points of an operation that something outside may want to stand at: a test that kills there, a profiler. Told
 * synchronously through Node's diagnostics channels, `terrane:<point>`; without a subscriber they cost nothing.
 */
import { channel } from "node:diagnostics_channel";

/** Point → what is told there. */
export interface TracePoints {
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

export function trace<P extends keyof TracePoints>(point: P, message: TracePoints[P]): void {
  const told = channel(nameOf(point));
  if (told.hasSubscribers) told.publish(message);
}

/** Name of the diagnostics channel. */
export function nameOf(point: keyof TracePoints): string {
  return `terrane:${point}`;
}
