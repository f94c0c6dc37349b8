/** Limits of Kubernetes and Helm. Data. */
import { limitsAsOf } from "./limit.ts";
import { nameLimitsAsOf } from "./name-limits.ts";

const limit = limitsAsOf("2026-11-21");
const objects = "https://kubernetes.io/docs/concepts/overview/working-with-objects";

/** Longest names. */
export const kubernetesNames = nameLimitsAsOf("2026-11-21", {
  namespace: { of: "a namespace", maxLength: 63, source: `${objects}/names/#dns-label-names` },
  release: {
    of: "a Helm release",
    maxLength: 53,
    source: "https://helm.sh/docs/chart_template_guide/builtin_objects/",
  },
  configMap: { of: "a ConfigMap", maxLength: 253, source: `${objects}/names/#dns-subdomain-names` },
});

export const labelLength = limit({
  what: "Characters of a label's value",
  most: 63,
  source: `${objects}/labels/#syntax-and-character-set`,
});
