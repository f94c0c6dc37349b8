/** Kubernetes objects without a model of their own: custom resources, and built-in kinds whose immutable fields are not listed. */
import { type CloudView, type Model, mapAt, type Refusal, type Subject, textAt } from "../model.ts";
import { objectDefinition } from "./objects.ts";

const models = new Map<string, Model>();

const definitionType = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
const releaseType = "kubernetes:helm.sh/v3:Release";
const source = "https://kubernetes.io/docs/concepts/extend-kubernetes/api-extension/custom-resources/";

/**
 * Only name and namespace are known to replace.
 * @param custom whether the kind is a custom resource: those declare their immutable fields in the cluster, if at all.
 */
export function customResourceModel(type: string, custom: boolean): Model {
  let model = models.get(type);
  if (model === undefined) {
    const rules = custom
      ? [{ check: (subject: Subject, view: CloudView) => unknownKind(subject, view), source }]
      : [];
    model = Object.freeze({ ...objectDefinition(type, { rules }), modelled: custom });
    models.set(type, model);
  }
  return model;
}

/**
 * Charts that bring the definitions of a group. A group that stands here needs one of its charts, or the definition
 * itself; of others nobody knows what brings them, so they are taken.
 */
const chartsOfGroup: Readonly<Record<string, readonly string[]>> = {
  // https://github.com/argoproj/argo-helm/tree/main/charts/argo-cd/templates/crds
  "argoproj.io": ["argo-cd", "argo-rollouts", "argo-workflows", "argo-events"],
  // https://karpenter.sh/docs/upgrading/upgrade-guide/#crd-upgrades
  "karpenter.sh": ["karpenter", "karpenter-crd"],
  "karpenter.k8s.aws": ["karpenter", "karpenter-crd"],
  // https://cert-manager.io/docs/installation/helm/
  "cert-manager.io": ["cert-manager"],
  // https://external-secrets.io/latest/introduction/getting-started/
  "external-secrets.io": ["external-secrets"],
};

/** The API server knows a kind only once its definition is there. */
function unknownKind(subject: Subject, view: CloudView): Refusal | undefined {
  const apiVersion = textAt(subject.inputs, "apiVersion") ?? "";
  const kind = textAt(subject.inputs, "kind") ?? "";
  const group = apiVersion.split("/")[0] ?? "";
  const charts = chartsOfGroup[group];
  if (charts === undefined) return undefined;
  const { place } = subject;
  const fromChart = view
    .list(releaseType, place)
    .some(({ inputs }) => charts.includes((textAt(inputs, "chart") ?? "").split("/").at(-1) ?? ""));
  if (fromChart) return undefined;
  const defined = view.list(definitionType, place).some(({ inputs }) => {
    const spec = mapAt(inputs, "spec");
    return textAt(spec, "group") === group && textAt(mapAt(spec, "names"), "kind") === kind;
  });
  if (defined) return undefined;
  return { code: "NoMatch", message: `no matches for kind "${kind}" in version "${apiVersion}"` };
}
