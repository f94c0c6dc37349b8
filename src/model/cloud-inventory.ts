/**
 * The port to what the clouds say there is, whatever any state says. Recovery believes the clouds: what carries an
 * environment's tags is the environment's, and what takes no tags has an id that follows from its inputs.
 */
import type { Properties } from "../values/value.ts";

/** One object that carries terrane's tags, as its cloud lists it. */
export interface TaggedObject {
  /** Pulumi's type token. */
  readonly type: string;
  readonly id: string;
  /** Cloud, account and region, for people. */
  readonly place: string;
  readonly environment: string;
  /** Which life of the environment made it; absent where the tag is gone. */
  readonly incarnation?: string;
  /** As the cloud keeps it: Google Cloud knows no dots. */
  readonly stack?: string;
  /** `terrane:resource`: which resource of a program it is. Absent on what others made: nodes, volumes. */
  readonly resource?: string;
  /** ISO 8601, by the cloud's clock. */
  readonly createdAt: string;
}

/** A create that was begun, as the state has it. */
export interface BegunCreate {
  readonly urn: string;
  readonly type: string;
  readonly inputs: Properties;
  /** Inputs of its provider: where it works. */
  readonly provider: Properties;
}

/**
 * `told`: the clouds hold these objects for it and no others, by id. `unknowable`: it carries no tag and no id follows
 * from its inputs, so nobody can tell.
 */
export type Sighting =
  | { readonly answer: "told"; readonly ids: readonly string[] }
  | { readonly answer: "unknowable" };

export interface CloudInventory {
  /** Objects with the environment's tag, of all its incarnations, oldest first. */
  listTagged(environment: string): Promise<readonly TaggedObject[]>;
  /** What the create has made, as far as it shows already: see {@link visibilityBound}. */
  find(begun: BegunCreate): Promise<Sighting>;
  /**
   * Milliseconds after which an object of the type that was asked for must show up in `find` and `listTagged`: what is
   * not there by then was never made.
   */
  visibilityBound(type: string): Promise<number>;
  /** The clouds' own time. */
  now(): Promise<Date>;
}
