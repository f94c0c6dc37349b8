/** What `terrane recover` tells: who had died, what was open, what became of each, and the command that goes on. */
import type { OperationKind } from "../../model/operation.ts";
import type { BegunOutcome } from "./adopt-begun.ts";
import type { Rebuilt } from "./rebuild.ts";

export interface RecoverRequest {
  /** Name or file; undefined: every environment on record. */
  readonly environment?: string | undefined;
  /** What a person has found out of creates that nobody else can tell of: URN → id of what was made, null for nothing. */
  readonly testimony: { readonly [urn: string]: string | null };
  /** Takes what the clouds hold under the environment's tags into its states. */
  readonly rebuild: boolean;
  /** Who asks, for the record. */
  readonly startedBy: string;
}

/** What was found open of one environment, and what became of it. */
export interface RecoveredEnvironment {
  readonly environment: string;
  /** Who held it and is gone. */
  readonly holder?: {
    readonly user: string;
    readonly host: string;
    readonly pid: number;
    /** ISO 8601. */
    readonly since: string;
    /** Seconds since its last sign of life. */
    readonly silent: number;
  };
  /** The operation that broke off and is not gone on with yet. */
  readonly operation?: {
    readonly id: string;
    readonly kind: OperationKind;
    readonly startedBy: string;
    /** ISO 8601. */
    readonly startedAt: string;
  };
  readonly begun: readonly BegunOutcome[];
  /** What a rebuild took into the states; absent where none was asked for. */
  readonly rebuilt?: Rebuilt;
  /** The command that goes on, ready to paste; absent where nothing is left to do. */
  readonly next?: string;
}

export type { BegunOutcome } from "./adopt-begun.ts";
