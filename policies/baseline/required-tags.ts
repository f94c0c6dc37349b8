/** Every resource that takes tags carries the required ones. Knows tags as resources have them, not how they got there. */
import type { EnvironmentClass } from "../../src/model/words.ts";
import { type Answer, ask, not, type Reader } from "../../src/policy/answer.ts";
import { defineRule, refuseWhen, severityByClass, type Verdict } from "../../src/policy/rule.ts";
import { missingTags, requiredTags as requiredKeys } from "../../src/values/tags.ts";
import type { Value } from "../../src/values/value.ts";
import { taggableTypes } from "../generated/taggable-types.ts";

/**
 * Taggable types of SDKs that the generated table does not read.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/tag-support (read 2026-11-21)
 */
const azureTypes = [
  "azure-native:network:VirtualNetwork",
  "azure-native:network:NetworkSecurityGroup",
  "azure-native:network:RouteTable",
  "azure-native:network:NatGateway",
  "azure-native:network:PublicIPAddress",
  "azure-native:containerservice:ManagedCluster",
  "azure-native:dbforpostgresql:Server",
  "azure-native:keyvault:Vault",
  "azure-native:resources:ResourceGroup",
  "azure-native:storage:StorageAccount",
];

/** Property path that holds the tags of a type. */
const tagProperties: ReadonlyMap<string, string> = new Map([
  ...Object.entries(taggableTypes).flatMap(([property, types]) =>
    types.map((type): [string, string] => [type, property]),
  ),
  ...azureTypes.map((type): [string, string] => [type, "tags"]),
  // https://cloud.google.com/sql/docs/postgres/label-instance: the labels stand among the settings.
  ["gcp:sql/databaseInstance:DatabaseInstance", "settings.userLabels"],
]);

export const requiredTags = defineRule({
  id: "baseline/required-tags",
  title: `Every resource that takes tags has ${requiredKeys.join(", ")}.`,
  sources: [
    "https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html",
    "https://cloud.google.com/compute/docs/labeling-resources",
  ],
  severity: severityByClass("deny"),
  types: tagProperties.keys(),
  *check({ inputs, type }, context) {
    const property = tagProperties.get(type) ?? "tags";
    const tags = property.split(".").reduce((reader, key) => reader.at(key), inputs);
    for (const key of requiredKeys) {
      const expected = key === "Environment" ? context.class : undefined;
      yield* checkTag(tags.at(toKey(key, type)), key, expected);
    }
  },
});

function* checkTag(tag: Reader, key: string, expected: EnvironmentClass | undefined): Iterable<Verdict> {
  // A secret value is there, whatever it is; only one that must have a certain value has to be seen.
  const said: Answer =
    tag.state === "secret" ? { kind: "yes" } : ask(tag, (value) => saysSomething(key, value));
  yield* refuseWhen(not(said), {
    property: tag.path,
    why: `the required tag ${key} is missing or says nothing`,
    mend: `Give the environment the tag ${key}, and let the component keep it.`,
  });
  if (expected === undefined || said.kind !== "yes") return;
  yield* refuseWhen(not(ask(tag, (value) => value === expected)), {
    property: tag.path,
    why: `the tag ${key} is not the environment's class`,
    mend: `Let it be "${expected}": terrane sets it where nothing overrides it.`,
  });
}

function saysSomething(key: string, value: Value | undefined): boolean {
  if (typeof value !== "string" || value.trim() === "") return false;
  return !missingTags({ [key]: value }).includes(key);
}

// Label keys are lowercase: https://cloud.google.com/compute/docs/labeling-resources#requirements
function toKey(key: string, type: string): string {
  return type.startsWith("gcp:") ? key.toLowerCase() : key;
}
