/** Facts of the Kubernetes documentation that names and labels keep to, with source and date. */
import type { NameRules } from "../../src/values/names.ts";

/** Longest names, as of 2026-11-21. */
export const kubernetesNames = {
  // https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names
  namespace: { maxLength: 63 },
  // https://helm.sh/docs/chart_template_guide/builtin_objects/ : release names have at most 53 characters
  release: { maxLength: 53 },
  // https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names
  configMap: { maxLength: 253 },
} as const satisfies Readonly<Record<string, NameRules>>;

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set, as of 2026-11-21. */
export const metadataLimits = { labelLength: 63 } as const;
