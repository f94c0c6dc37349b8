/**
 * Ids by which resources that take no tags are found in their cloud: computed from inputs, as the provider's
 * documentation of its import has them. Loads neither Pulumi nor SDKs.
 */
import type { Properties } from "../src/values/value.ts";
import { awsImportRules } from "./import-ids/aws.ts";
import { gcpImportRules } from "./import-ids/gcp.ts";
import { kubernetesImportRules, patchRule } from "./import-ids/kubernetes.ts";
import type { ImportPlace, ImportRule } from "./import-ids/rule.ts";

export const importRules: readonly ImportRule[] = [
  ...awsImportRules,
  ...gcpImportRules,
  ...kubernetesImportRules,
];

const byType = new Map(importRules.map((rule) => [rule.type, rule]));

/** Undefined for a type that no rule knows, and for one that is found by its tags. */
export function importRuleOf(type: string): ImportRule | undefined {
  return byType.get(type) ?? patchRule(type);
}

/** Undefined where the type, or these inputs of it, tell none. */
export function importIdOf(type: string, inputs: Properties, place: ImportPlace): string | undefined {
  return importRuleOf(type)?.id(inputs, place);
}
