/** Karpenter's own objects: known to a cluster once its definitions are there, and judged as those definitions say. */
import { isUnknown, type Properties } from "../../values/value.ts";
import {
  asMap,
  type CloudView,
  defineModel,
  listAt,
  type Model,
  type ModelDefinition,
  mapAt,
  type Refusal,
  type Subject,
  textAt,
} from "../model.ts";
import { releaseType } from "./helm.ts";
import { metadataOutputs, objectDefinition } from "./objects.ts";

const concepts = "https://karpenter.sh/v1.15/concepts";
const nodeClassType = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass";
const nodePoolType = "kubernetes:karpenter.sh/v1:NodePool";

const nameOf = (subject: Pick<Subject, "inputs" | "resourceName">): string =>
  textAt(mapAt(subject.inputs, "metadata"), "name") ?? subject.resourceName;

const invalid = (kind: string, subject: Subject, why: string): Refusal => ({
  code: "Invalid",
  message: `${kind} "${nameOf(subject)}" is invalid: ${why}`,
});

function clusterScoped(
  type: string,
  source: string,
  own: Pick<ModelDefinition, "references" | "rules" | "inUse">,
): Model {
  const kind = type.slice(type.lastIndexOf(":") + 1);
  const group = type.split(":")[1] ?? "";
  return defineModel({
    ...objectDefinition(type),
    source,
    id: nameOf,
    displayName: nameOf,
    outputs: (subject) => ({ metadata: metadataOutputs(subject, false) }),
    unique: [
      {
        key: nameOf,
        refusal: (subject) => ({
          code: "AlreadyExists",
          message: `${kind.toLowerCase()}s.${group.split("/")[0]} "${nameOf(subject)}" already exists`,
        }),
        source,
      },
    ],
    ...own,
    rules: [
      { on: ["create"], check: (subject, view) => undefinedKind(kind, group, subject, view), source },
      ...(own.rules ?? []),
    ],
    // Its controller ends what it has made before it lets go of it.
    seconds: { create: 1, update: 1, delete: 90 },
  });
}

/** https://kubernetes.io/docs/concepts/extend-kubernetes/api-extension/custom-resources/ */
function undefinedKind(kind: string, group: string, subject: Subject, view: CloudView): Refusal | undefined {
  const defined = view
    .list(releaseType, subject.place)
    .some((release) => /\/karpenter(-crd)?$/.test(textAt(release.inputs, "chart") ?? ""));
  if (defined) return undefined;
  return { code: "NotFound", message: `no matches for kind "${kind}" in version "${group}"` };
}

const nodeClass = clusterScoped(nodeClassType, `${concepts}/nodeclasses/`, {
  references: [],
  rules: [{ check: soundClass, source: `${concepts}/nodeclasses/` }],
});

const nodePool = clusterScoped(nodePoolType, `${concepts}/nodepools/`, {
  references: [
    {
      input: "spec.template.spec.nodeClassRef.name",
      to: nodeClassType,
      onDelete: "ignore",
      values: (subject) => {
        const name = textAt(templateOf(subject.inputs, "nodeClassRef"), "name");
        return name === undefined ? [] : [name];
      },
      source: `${concepts}/nodepools/`,
    },
  ],
  rules: [{ check: soundPool, source: `${concepts}/nodepools/` }],
});

export const karpenterModels: readonly Model[] = [nodeClass, nodePool];

function templateOf(inputs: Properties, key: string): Properties {
  return mapAt(mapAt(mapAt(mapAt(inputs, "spec"), "template"), "spec"), key);
}

function soundClass(subject: Subject): Refusal | undefined {
  const spec = mapAt(subject.inputs, "spec");
  const refuse = (why: string) => invalid("EC2NodeClass", subject, why);
  for (const key of ["subnetSelectorTerms", "securityGroupSelectorTerms", "amiSelectorTerms"]) {
    const value = spec[key];
    if (value !== undefined && isUnknown(value)) continue;
    const count = listAt(spec, key).length;
    if (count < 1 || count > 30) return refuse(`spec.${key}: must have 1 to 30 items`);
  }
  const alias = listAt(spec, "amiSelectorTerms").map((each) => textAt(asMap(each), "alias"))[0];
  if (alias !== undefined && !/^(al2|al2023|bottlerocket|windows\d{4})@(latest|v[\d.]+)$/.test(alias))
    return refuse(`spec.amiSelectorTerms[0].alias: '${alias}' must be family@version`);
  const role = textAt(spec, "role");
  const profile = textAt(spec, "instanceProfile");
  return (role === undefined) === (profile === undefined)
    ? refuse("spec: must specify exactly one of ['role', 'instanceProfile']")
    : undefined;
}

function soundPool(subject: Subject): Refusal | undefined {
  const refuse = (why: string) => invalid("NodePool", subject, why);
  const spec = mapAt(subject.inputs, "spec");
  const weight = spec["weight"];
  if (typeof weight === "number" && (weight < 1 || weight > 100)) return refuse("spec.weight: 1 to 100");
  if (textAt(templateOf(subject.inputs, "nodeClassRef"), "kind") === undefined)
    return refuse("spec.template.spec.nodeClassRef: Required value");
  const requirements = listAt(mapAt(mapAt(spec, "template"), "spec"), "requirements").map(asMap);
  for (const [index, requirement] of requirements.entries()) {
    const operator = textAt(requirement, "operator") ?? "";
    const values = listAt(requirement, "values");
    const path = `spec.template.spec.requirements[${index}]`;
    if (!["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt", "Gte", "Lte"].includes(operator))
      return refuse(`${path}.operator: Unsupported value: "${operator}"`);
    if (operator === "In" && values.length === 0)
      return refuse(`${path}: requirements with operator 'In' must have a value defined`);
    if (/^[GL]te?$/.test(operator) && !(values.length === 1 && /^\d+$/.test(String(values[0]))))
      return refuse(`${path}: requirements operator '${operator}' must have a single positive integer value`);
  }
  return undefined;
}
