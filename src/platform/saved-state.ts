/** Answers of the use cases about saved states. */
import type { IntegrityFault, StateDifference } from "../model/saved-state.ts";
import type { Value } from "../values/value.ts";

/** One stack, as its newest state leaves it. */
export interface SavedStack {
  /** As commands call it. */
  readonly stack: string;
  readonly serial: number;
  readonly resources: number;
  /** Operations begun whose end nobody recorded. */
  readonly pending: number;
  /** An update is at work, or was left open. */
  readonly isOpen: boolean;
  /** ISO 8601; absent before the first save. */
  readonly savedAt?: string;
}

export interface SavedCheckpoint {
  readonly serial: number;
  /** SHA-256 of its text, hexadecimal. */
  readonly digest: string;
  /** Bytes of its text. */
  readonly size: number;
  readonly resources: number;
  /** Why it was saved: update, interrupted, import, restore, accept, push, rename, move, rotate-keys. */
  readonly reason: string;
  /** ISO 8601. */
  readonly savedAt: string;
}

export interface ShownState {
  readonly stack: string;
  readonly serial: number;
  /** Version of its schema, and what it uses that older readers do not know. */
  readonly version: number;
  readonly features: readonly string[];
  /** Version of the engine that wrote it. */
  readonly engine: string;
  readonly resources: readonly ShownResource[];
  readonly pending: readonly { readonly urn: string; readonly operation: string }[];
  /** What does not hold together. */
  readonly faults: readonly IntegrityFault[];
}

export interface ShownResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly protect: boolean;
  /** A newer one stands under the same URN; this one is still to be deleted. */
  readonly replaced: boolean;
  /** Secrets are markers. */
  readonly outputs: Value;
}

export interface ComparedStates extends StateDifference {
  readonly stack: string;
  readonly from: number;
  readonly to: number;
}

/** What stands now. */
export interface SavedState {
  readonly stack: string;
  readonly serial: number;
  readonly digest: string;
}

/** A state to take along. Secrets stay sealed with the stack's key. */
export interface ExportedState {
  /** Version of its schema. */
  readonly version: number;
  /** What it uses that older readers do not know. */
  readonly features?: readonly string[];
  /** The state itself, as `pulumi stack export` has it. */
  readonly deployment: object;
  /** Where it comes from: `push` refuses it once something newer is there. */
  readonly terrane: { readonly stack: string; readonly serial: number };
}

/** An earlier checkpoint, or what was changed by hand, by how its digest begins. */
export type Restoring = { readonly serial: number } | { readonly accept: string };

export interface PushRequest {
  readonly stack: string;
  /** JSON as `exportState` or `pulumi stack export` writes it. */
  readonly text: string;
  /** Serial of the checkpoint that it replaces. Default: what the text itself says it was made from. */
  readonly over?: number;
  readonly startedBy: string;
}

export interface RestoreRequest {
  readonly stack: string;
  readonly restoring: Restoring;
  readonly startedBy: string;
}
