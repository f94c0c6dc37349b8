/**
 * What a client of the service may do, by the token it has: a session opens one stack for one operation, under that
 * operation's lease; a person's token opens every stack, and takes a lease for each change.
 */
import type { Lease } from "../../ledger/lease.ts";
import type { VersionedDeployment } from "../deployment/deployment.ts";
import type { StackRef } from "../stacks/stack-rows.ts";
import type { UpdateKind } from "../stacks/update-rows.ts";
import type { SecretMemory } from "./secret-memory.ts";

/** Told of every step that an engine is about to take. False stops it before its provider is asked. */
export type Authorise = (urn: string, operation: string) => boolean;

export interface HeldLease extends AsyncDisposable {
  readonly lease: Lease;
}

export interface Access {
  readonly secrets: SecretMemory;
  /** Who it is, for `whoami`. */
  readonly user: string;
  /** A stack that it does not cover is not there. */
  covers(ref: StackRef): boolean;
  /** Whether a stack that is not there reads as if it were, as a preview of a new one needs. */
  readonly foresees: boolean;
  /** What the stack reads as instead of what was saved. */
  readonly overlay?: VersionedDeployment;
  /** The lease to write under; let go when disposed of, where it was taken for this. @throws TerraneError `lease-held`, `read-only` */
  hold(ref: StackRef, purpose: string): Promise<HeldLease>;
  readonly authorise?: Authorise;
  /** Told of an update that was at work when the access was taken away: it is closed, what its engine does is unknown. */
  readonly onClosed?: (ref: StackRef, kind: UpdateKind) => void;
}
