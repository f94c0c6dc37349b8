/** Kubernetes types without labels of their own: releases, and patches, which change an object of somebody else. */
import type { Properties } from "../../src/values/value.ts";
import { type ImportRule, textsOf } from "./rule.ts";

const releases: ImportRule = {
  type: "kubernetes:helm.sh/v3:Release",
  id: (inputs) => inNamespace(inputs),
  source: "https://www.pulumi.com/registry/packages/kubernetes/api-docs/helm/v3/release/#import",
};

export const kubernetesImportRules: readonly ImportRule[] = [releases];

/** A patch is where its object is; to apply it once more changes nothing. */
export function patchRule(type: string): ImportRule | undefined {
  if (!/^kubernetes:.*Patch$/.test(type)) return undefined;
  return {
    type,
    id: ({ metadata }) => (isMap(metadata) ? inNamespace(metadata) : undefined),
    source:
      "https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/",
  };
}

function inNamespace(named: Properties): string | undefined {
  const [name] = textsOf(named, ["name"]) ?? [];
  const [namespace = "default"] = textsOf(named, ["namespace"]) ?? [];
  return name === undefined ? undefined : `${namespace}/${name}`;
}

function isMap(value: Properties[string] | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
