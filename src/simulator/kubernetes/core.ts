/** Kubernetes: namespaces, configuration, identities and the built-in workloads whose immutable fields are known. */
import {
  defineModel,
  type Model,
  type ModelDefinition,
  mapAt,
  type Refusal,
  type Subject,
  textAt,
} from "../model.ts";
import { labelAutoName, metadataOutputs, namespaceType, objectDefinition } from "./objects.ts";

const reference = "https://kubernetes.io/docs/reference/kubernetes-api";
const provider = "https://www.pulumi.com/registry/packages/kubernetes/api-docs/provider/#inputs";

const namespace = defineModel({
  ...objectDefinition(namespaceType, { autoName: labelAutoName }),
  source: `${reference}/cluster-resources/namespace-v1/`,
  id: (subject) => textAt(mapAt(subject.inputs, "metadata"), "name") ?? subject.resourceName,
  references: [],
  unique: [
    {
      key: (subject) => textAt(mapAt(subject.inputs, "metadata"), "name"),
      refusal: (subject) => ({ code: "AlreadyExists", message: `namespaces "${subject.id}" already exists` }),
      source: `${reference}/cluster-resources/namespace-v1/`,
    },
  ],
  outputs: (subject) => ({
    metadata: metadataOutputs(subject, false),
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" },
  }),
  seconds: { create: 1, update: 1, delete: 8 },
});

/** A change of data makes a new object, unless the provider is told otherwise: that is the provider's own rule. */
function replacedByData(
  type: string,
  page: string,
  fields: readonly string[],
  unless: string,
  own: Pick<ModelDefinition, "immutable" | "rules">,
): Model {
  const data = fields.map((input) => ({ input, source: provider, unless }));
  const { immutable = [], ...rest } = own;
  return defineModel({
    ...objectDefinition(type, { ...rest, immutable: [...data, ...immutable] }),
    source: `${reference}/config-and-storage-resources/${page}/`,
  });
}

const secretTypes = "https://kubernetes.io/docs/concepts/configuration/secret/#secret-types";

/** Keys that a secret of a built-in type must have. */
const requiredKeys: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
};

function missingKey(subject: Subject): Refusal | undefined {
  const type = textAt(subject.inputs, "type") ?? "Opaque";
  const held = { ...mapAt(subject.inputs, "data"), ...mapAt(subject.inputs, "stringData") };
  const missing = requiredKeys[type]?.find((key) => held[key] === undefined);
  if (missing === undefined) return undefined;
  const name = textAt(mapAt(subject.inputs, "metadata"), "name") ?? subject.resourceName;
  return { code: "Invalid", message: `Secret "${name}" is invalid: data[${missing}]: Required value` };
}

function workload(type: string, page: string, fields: readonly string[], seconds: number): Model {
  const source = `${reference}/${page}/`;
  return defineModel({
    ...objectDefinition(type, {
      immutable: fields.map((input) => ({ input, source })),
      seconds: { create: seconds, update: seconds, delete: 5 },
    }),
    source,
  });
}

export const kubernetesCoreModels: readonly Model[] = [
  namespace,
  replacedByData(
    "kubernetes:core/v1:ConfigMap",
    "config-map-v1",
    ["data", "binaryData"],
    "enableConfigMapMutable",
    {},
  ),
  replacedByData("kubernetes:core/v1:Secret", "secret-v1", ["data", "stringData"], "enableSecretMutable", {
    immutable: [{ input: "type", source: secretTypes }],
    rules: [{ check: missingKey, source: secretTypes }],
  }),
  workload("kubernetes:core/v1:ServiceAccount", "authentication-resources/service-account-v1", [], 1),
  workload("kubernetes:core/v1:Service", "service-resources/service-v1", ["spec.clusterIP"], 10),
  workload("kubernetes:apps/v1:Deployment", "workload-resources/deployment-v1", ["spec.selector"], 20),
  workload(
    "kubernetes:apps/v1:StatefulSet",
    "workload-resources/stateful-set-v1",
    ["spec.selector", "spec.serviceName", "spec.podManagementPolicy", "spec.volumeClaimTemplates"],
    40,
  ),
  workload(
    "kubernetes:batch/v1:Job",
    "workload-resources/job-v1",
    ["spec.selector", "spec.template", "spec.completions"],
    30,
  ),
];
