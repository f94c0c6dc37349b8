/** What all objects of a Kubernetes cluster share: names, namespaces, what comes with metadata. */
import { isUnknown, type Properties, type Value } from "../../values/value.ts";
import type { AutoName, Immutable, InputFailure, ModelDefinition, ReferenceRule, Subject } from "../model.ts";
import { mapAt, textAt, typeName } from "../model.ts";

export const namespaceType = "kubernetes:core/v1:Namespace";
const names = "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/";
const conventions =
  "https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md#metadata";

/** Namespaces that every cluster has. */
const builtIn = ["default", "kube-system", "kube-public", "kube-node-lease"];

/** Name of every metadata-bearing object that the program leaves open: `<resource name>-<7 hex digits>`. */
export const objectAutoName: AutoName = { input: "metadata.name", maxLength: 253 };
/** For kinds whose names become DNS labels. */
export const labelAutoName: AutoName = { input: "metadata.name", maxLength: 63 };

export const metadataImmutable: readonly Immutable[] = [
  "metadata.name",
  "metadata.namespace",
  "apiVersion",
  "kind",
].map((input) => ({
  input,
  source: conventions,
}));

export const namespaceReference: ReferenceRule = {
  input: "metadata.namespace",
  to: namespaceType,
  missing: (value) => ({ code: "NotFound", message: `namespaces "${value}" not found` }),
  onDelete: "cascade",
  values: (subject) => {
    const namespace = textAt(mapAt(subject.inputs, "metadata"), "namespace");
    return namespace === undefined || builtIn.includes(namespace) ? [] : [namespace];
  },
  source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/",
};

export function isBuiltInNamespace(name: string): boolean {
  return builtIn.includes(name);
}

/** A namespaced object: what differs from kind to kind is added by the caller. */
export function objectDefinition(type: string, own: Partial<ModelDefinition> = {}): ModelDefinition {
  return {
    type,
    service: "kubernetes",
    source: "https://kubernetes.io/docs/reference/kubernetes-api/",
    autoName: objectAutoName,
    id: objectId,
    displayName: (subject) => subject.id,
    outputs: (subject) => ({ metadata: metadataOutputs(subject, true) }),
    computedInside: [
      "metadata.uid",
      "metadata.resourceVersion",
      "metadata.creationTimestamp",
      "metadata.generation",
    ],
    references: [namespaceReference],
    unique: [
      {
        key: objectId,
        refusal: (subject) => ({
          code: "AlreadyExists",
          message: `${typeName(type).toLowerCase()}s "${objectId(subject)}" already exists`,
        }),
        source: names,
      },
    ],
    checkInputs: checkMetadata,
    seconds: { create: 1, update: 1, delete: 1 },
    ...own,
    immutable: [...metadataImmutable, ...(own.immutable ?? [])],
  };
}

export function objectId(subject: Pick<Subject, "inputs" | "resourceName">): string {
  const metadata = mapAt(subject.inputs, "metadata");
  const name = textAt(metadata, "name") ?? subject.resourceName;
  return `${textAt(metadata, "namespace") ?? "default"}/${name}`;
}

export function metadataOutputs(subject: Subject, namespaced: boolean): Value {
  const metadata = mapAt(subject.inputs, "metadata");
  const version = Number.parseInt(subject.draw("version", 6), 16);
  const before = Number(mapAt(subject.old?.outputs ?? {}, "metadata")["generation"] ?? 0);
  return {
    ...metadata,
    name: textAt(metadata, "name") ?? subject.resourceName,
    ...(namespaced ? { namespace: textAt(metadata, "namespace") ?? "default" } : {}),
    uid: [8, 4, 4, 4, 12].map((length, index) => subject.draw(`uid${index}`, length)).join("-"),
    creationTimestamp: subject.createdAt,
    generation: before + 1,
    resourceVersion: String(version + before),
  };
}

function checkMetadata(inputs: Properties): readonly InputFailure[] {
  return [...checkName(inputs), ...checkLabels(inputs)];
}

const labelSyntax =
  "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set";

function checkLabels(inputs: Properties): readonly InputFailure[] {
  return Object.entries(mapAt(mapAt(inputs, "metadata"), "labels")).flatMap(([key, value]) => {
    if (typeof value !== "string" || /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/.test(value))
      return [];
    const reason = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character: "${value}" (${labelSyntax})`;
    return [{ input: `metadata.labels["${key}"]`, reason }];
  });
}

function checkName(inputs: Properties): readonly InputFailure[] {
  const name = mapAt(inputs, "metadata")["name"];
  if (typeof name !== "string" || isUnknown(name) || /^[a-z0-9]([-a-z0-9.:]*[a-z0-9])?$/.test(name))
    return [];
  return [
    {
      input: "metadata.name",
      reason: `"${name}" is no valid name: lowercase letters, digits, '-' and '.', starting and ending with a letter or digit (${names})`,
    },
  ];
}
