/**
 * Objects by tag, as each cloud lists them: AWS's tagging API, Google Cloud's search by label, Kubernetes' label
 * selectors. What takes no tags is in no such list.
 * https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
 * https://cloud.google.com/asset-inventory/docs/query-syntax#search_labels
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#api
 */
import type { Properties, Value } from "../values/value.ts";
import { asMap, type Place, type StoredObject, valuesAt } from "./model.ts";

export interface Tag {
  readonly cloud: string;
  readonly key: string;
  readonly value: string;
}

export interface Tagged extends Place {
  readonly type: string;
  readonly id: string;
  readonly createdAt: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Where objects of a cloud keep their tags: paths into their inputs. */
const holders: Readonly<Record<string, readonly string[]>> = {
  aws: ["tags"],
  gcp: ["userLabels", "resourceLabels", "labels"],
  kubernetes: ["metadata.labels"],
  "azure-native": ["tags"],
};

/** Paths of SQLite's JSON functions to a tag of that key, as many as the cloud has places for tags. */
export function tagPaths({ cloud, key }: Pick<Tag, "cloud" | "key">): readonly string[] {
  return (holders[cloud] ?? []).map((holder) => `$.${holder}."${key}"`);
}

export function toTagged(object: Pick<StoredObject, (keyof Tagged & keyof StoredObject) | "inputs">): Tagged {
  const { cloud, account, region, type, id, createdAt } = object;
  return { cloud, account, region, type, id, createdAt, tags: tagsOf(cloud, object.inputs) };
}

function tagsOf(cloud: string, inputs: Properties): Record<string, string> {
  const maps = (holders[cloud] ?? []).flatMap((holder) => valuesAt(inputs, holder)).map(asMap);
  const entries = maps.flatMap((map) => Object.entries(map));
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => isText(entry[1])));
}

function isText(value: Value | undefined): value is string {
  return typeof value === "string";
}
