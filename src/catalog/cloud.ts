/** What holds on a cloud whatever the component: its regions, and the tags it takes. Loads neither Pulumi nor an SDK. */
import type { Cloud } from "../model/words.ts";
import type { TagRefusal } from "../values/tags.ts";

export const continents = [
  "North America",
  "South America",
  "Europe",
  "Middle East",
  "Africa",
  "Asia Pacific",
] as const;
export type Continent = (typeof continents)[number];

export interface CloudRules {
  readonly cloud: Cloud;
  /** As people call it: `Google Cloud`. */
  readonly title: string;
  /** ISO date of the last look at the list of regions. */
  readonly asOf: string;
  readonly regions: { readonly [C in Continent]: readonly string[] };
  /** Regions that an account must enable before it can use them. */
  readonly optInRegions: ReadonlySet<string>;
  /** Regions of partitions with accounts, endpoints and rules of their own → what partition. */
  readonly otherPartitions: { readonly [region: string]: string };
  /** Whether a text has the form of a zone, and of which region. */
  regionOfZone(text: string): string | undefined;
  /** What the cloud refuses among the tags of an environment, terrane's own included. */
  checkTags(tags: Readonly<Record<string, string>>): readonly TagRefusal[];
}

export function regionsOf(rules: CloudRules): readonly string[] {
  return continents.flatMap((continent) => rules.regions[continent]);
}

export function continentOf(rules: CloudRules, region: string): Continent | undefined {
  return continents.find((continent) => rules.regions[continent].includes(region));
}
