/** What each platform's tagging must offer. Knows no platform. */
import type { TagRefusal } from "../../src/values/tags.ts";

/** The tags of one resource, in terrane's own words: the user's, and `terrane:…`. */
export type Tags = { readonly [key: string]: string };

export interface Tagger {
  /** Package part of the type tokens it serves: `aws` of `aws:ec2/vpc:Vpc`. */
  readonly package: string;
  /**
   * The input that holds tags, or undefined for a type that takes none. `props` are the inputs as the SDK passes
   * them on: generated classes name every input they know, also those without a value.
   */
  input(type: string, props: Readonly<Record<string, unknown>>): string | undefined;
  /** Adds the tags to what the implementation wrote there itself; the tags win. */
  merge(existing: Readonly<Record<string, unknown>>, tags: Tags): Record<string, unknown>;
  /** Terrane's own tags as a list of the platform's objects shows them: tags, or labels. */
  form(own: Tags): Record<string, string>;
  /** The tags, in that form, that the value of an `input` holds. */
  held(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
  /** Why the platform cannot carry these tags; empty when it can. */
  check(tags: Tags): readonly TagRefusal[];
}
