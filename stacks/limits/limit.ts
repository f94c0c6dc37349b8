/**
 * The form in which a cloud's limits are written down, once, for validation and for the reference alike. What a limit
 * allows stands in the property that is named for it; where it comes from stands beside it.
 */

/** Smallest and largest, both allowed. */
interface Between {
  readonly from: number;
  readonly to: number;
}
interface AtMost {
  readonly most: number;
}
interface AtLeast {
  readonly least: number;
}
/** A fixed value. */
interface Fixed {
  readonly is: number | string;
}
interface OneOf {
  readonly oneOf: readonly (string | number)[];
}
/** One value for each name: what is allowed, or known, of it. */
interface ByName {
  readonly byName: Readonly<Record<string, unknown>>;
}
export type Bounds = Between | AtMost | AtLeast | Fixed | OneOf | ByName;

export interface Told {
  /** What is bounded, with its unit: "Days that backups are kept". */
  readonly what: string;
  /** Pages of the cloud's or project's own documentation. */
  readonly source: `https://${string}` | readonly `https://${string}`[];
  /** What one must know to use it: "from memory: the page at hand was older". */
  readonly note?: string;
}

export type Limit<B extends Bounds = Bounds> = Told &
  B & {
    readonly kind: "limit";
    /** ISO date of the last look at the source. */
    readonly asOf: string;
  };

/** Makes limits that were all looked up on one day. */
export function limitsAsOf(asOf: string) {
  const kind = "limit" as const;
  return <const B extends Bounds>(limit: Told & B): Limit<B> => {
    const made = Object.assign({ kind, asOf }, limit);
    Object.freeze(made);
    return made;
  };
}

export function isLimit(value: unknown): value is Limit {
  return (
    typeof value === "object" && value !== null && (value as { readonly kind?: unknown }).kind === "limit"
  );
}
