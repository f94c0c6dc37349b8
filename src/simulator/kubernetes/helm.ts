/** Helm releases: one object per release; what the chart would render is not simulated. */
import type { Properties } from "../../values/value.ts";
import { defineModel, mapAt, type Subject, textAt } from "../model.ts";
import { isBuiltInNamespace, namespaceType } from "./objects.ts";

const source = "https://www.pulumi.com/registry/packages/kubernetes/api-docs/helm/v3/release/";

export const releaseType = "kubernetes:helm.sh/v3:Release";

const release = defineModel({
  type: releaseType,
  service: "helm",
  source,
  autoName: { input: "name", maxLength: 53 },
  id: releaseId,
  displayName: releaseId,
  defaults: (inputs) => ({
    namespace: "default",
    atomic: false,
    createNamespace: false,
    skipAwait: false,
    skipCrds: false,
    timeout: 300,
    values: {},
    ...(inputs["version"] === undefined ? { version: "0.1.0" } : {}),
  }),
  renewed: ["status"],
  outputs: (subject) => {
    const revision = Number(mapAt(subject.old?.outputs ?? {}, "status")["revision"] ?? 0) + 1;
    const namespace = namespaceOf(subject.inputs);
    return {
      status: {
        appVersion: textAt(subject.inputs, "version") ?? "",
        chart: textAt(subject.inputs, "chart") ?? "",
        name: nameOf(subject),
        namespace,
        revision,
        status: "deployed",
        version: textAt(subject.inputs, "version") ?? "0.1.0",
      },
    };
  },
  immutable: ["name", "namespace"].map((input) => ({ input, source })),
  references: [
    {
      input: "namespace",
      to: namespaceType,
      missing: (value) => ({
        code: "NotFound",
        message: `create: failed to create: namespaces "${value}" not found`,
      }),
      onDelete: "cascade",
      values: (subject) => {
        const namespace = namespaceOf(subject.inputs);
        return isBuiltInNamespace(namespace) || subject.inputs["createNamespace"] === true ? [] : [namespace];
      },
      source: "https://helm.sh/docs/helm/helm_install/",
    },
  ],
  unique: [
    {
      key: releaseId,
      refusal: () => ({ code: "AlreadyExists", message: "cannot re-use a name that is still in use" }),
      source: "https://helm.sh/docs/helm/helm_install/",
    },
  ],
  checkInputs: (inputs) => {
    const name = inputs["name"];
    if (typeof name !== "string" || (/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name) && name.length <= 53))
      return [];
    return [
      {
        input: "name",
        reason: `invalid release name "${name}": lowercase letters, digits and hyphens, at most 53 characters`,
      },
    ];
  },
  seconds: { create: 90, update: 45, delete: 20 },
});

export const helmModels = [release];

function nameOf(subject: Pick<Subject, "inputs" | "resourceName">): string {
  return textAt(subject.inputs, "name") ?? subject.resourceName;
}

function namespaceOf(inputs: Properties): string {
  return textAt(inputs, "namespace") ?? "default";
}

function releaseId(subject: Pick<Subject, "inputs" | "resourceName">): string {
  return `${namespaceOf(subject.inputs)}/${nameOf(subject)}`;
}
