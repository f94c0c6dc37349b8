/** The taggers by platform, and what terrane's own tags are called on each. Loads neither Pulumi nor SDKs. */
import type { Platform } from "../../src/model/words.ts";
import type { OwnTag } from "../../src/values/tags.ts";
import { awsTagger } from "./aws.ts";
import { gcpTagger } from "./gcp.ts";
import { kubernetesTagger } from "./kubernetes.ts";
import type { Tagger } from "./tagger.ts";

export const taggers: { readonly [P in Platform]?: Tagger } = {
  aws: awsTagger,
  gcp: gcpTagger,
  kubernetes: kubernetesTagger,
};

/** By the package part of type tokens. */
export const taggersByPackage: ReadonlyMap<string, Tagger> = new Map(
  Object.values(taggers).map((tagger) => [tagger.package, tagger]),
);

/** One of terrane's own tags as the resources of a package carry it. */
export function ownTagOn(
  tagger: Tagger,
  tag: OwnTag,
  value: string,
): { readonly key: string; readonly value: string } {
  const [entry] = Object.entries(tagger.form({ [tag]: value }));
  if (entry === undefined) throw new RangeError(`${tagger.package} has no form for ${tag}`);
  return { key: entry[0], value: entry[1] };
}
