/**
 * What the reference says of a component beyond its fields and outputs: what it makes, why, and where each number
 * comes from. Data; only documentation and `explain` load it.
 */
import type { Platform } from "../model/words.ts";

/** One thing, or one group of things, that a component makes. */
export interface Made {
  /** In the cloud's own words: "NAT gateway with an elastic address". */
  readonly what: string;
  /** Why it is made, and why in this form. */
  readonly why: string;
  /** Where only some clouds get it; default: every one the component is made on. */
  readonly platforms?: readonly Platform[];
  /** The fields or classes that decide, in words: "`flowLogs` is on". Default: always. */
  readonly when?: string;
}

/** A number or a fixed choice that is not the user's. */
export interface Decided {
  readonly what: string;
  readonly value: string;
  readonly why: string;
  /** The cloud's or project's own documentation. */
  readonly source: `https://${string}`;
  /** ISO date of the last look at the source. */
  readonly asOf: string;
}

export interface ComponentAbout {
  /** What it is for and what it leaves to others; one paragraph of Markdown. */
  readonly purpose: string;
  readonly makes: readonly Made[];
  readonly decided: readonly Decided[];
  /** What a user must know before relying on it: limits, what a change replaces, what costs. */
  readonly notes: readonly string[];
  /** The smallest entry that works, YAML, as it stands below `components:`. */
  readonly example: string;
}
