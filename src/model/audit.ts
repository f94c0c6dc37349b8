/** The audit: its entries, its records, and whether they fit. How they are chained is the ledger's. */

/** What a transaction left, by the digests of its rows; what it does not name it left as it was. */
export interface AuditTraces {
  /** Id → digest of the operation's row; with `steps` that of its steps as well. */
  readonly operations?: { readonly [id: string]: OperationTrace };
  /** Name → digest of the record; null: there is none any more. */
  readonly environments?: { readonly [name: string]: string | null };
  /** `<project>/<stack>` → what its row says of its newest checkpoint; null: there is none any more. */
  readonly stacks?: { readonly [stack: string]: StackTrace | null };
}

export interface OperationTrace {
  readonly row: string;
  readonly steps?: string;
}

export interface StackTrace {
  readonly serial: number;
  readonly digest: string;
}

export interface AuditEntry {
  /** ISO 8601. */
  readonly at: string;
  /** User, as the holder of the lease has it. */
  readonly who: string;
  /** `operation begun`, `operation ended`, `lease taken over`, … */
  readonly what: string;
  readonly environment?: string;
  readonly stack?: string;
  readonly operation?: string;
  /** How it ended, for people and machines. Never a secret. */
  readonly facts?: { readonly [name: string]: string | number };
  readonly left?: AuditTraces;
}

/** An entry as it stands in the chain. */
export interface AuditRecord extends AuditEntry {
  /** 1, 2, … without a gap. */
  readonly seq: number;
  readonly hash: string;
}

/** The last row of the chain. */
export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
}

/** Whether the records fit each other and what is there. */
export interface AuditVerdict {
  /** Records that fit. */
  readonly records: number;
  /** To be noted elsewhere; absent when a record is broken. */
  readonly head?: AuditHead;
  /** The first record that does not fit; absent when all do. */
  readonly broken?: BrokenRecord;
  /** Rows that no record names: from before there was an audit, or changed by what writes none. */
  readonly unnamed: number;
}

/** A record that does not fit. */
export interface BrokenRecord {
  readonly seq: number;
  /** What is wrong, one sentence. */
  readonly fault: string;
  /** What it says; absent when it is missing, or cannot be read. */
  readonly record?: AuditRecord;
}
