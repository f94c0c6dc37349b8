/** Argo CD, following one Git repository. */
import { z } from "zod";
import { defineComponent, supported, unsupported } from "../../../src/catalog/component.ts";
import { reference, referencesToAny } from "../../../src/catalog/reference.ts";
import { cluster } from "../../compute/cluster/contract.ts";

const insideCluster = unsupported("Argo CD is made inside a cluster: the same on every cloud.");

export const argocd = defineComponent({
  name: "argocd",
  domain: "gitops",
  summary: "Argo CD by its pinned Helm chart, with one root application that follows a Git repository.",
  fields: z.strictObject({
    cluster: reference(cluster).describe("Cluster it runs in."),
    repository: z.url({ protocol: /^(https|ssh)$/ }).describe("Git repository to follow."),
    revision: z.string().min(1).max(200).default("HEAD").describe("Branch, tag or commit."),
    path: z.string().min(1).max(200).default(".").describe("Folder in the repository."),
    expose: referencesToAny().describe(
      "Components whose outputs applications can read; never a secret value.",
    ),
    replicas: z
      .int()
      .min(1)
      .max(5)
      .default(1)
      .describe("Replicas of the API server and the repository server."),
    automatedSync: z.boolean().default(true).describe("Apply what the repository says without being asked."),
  }),
  outputs: z.strictObject({
    namespace: z.string().describe("Namespace that Argo CD runs in."),
    rootApplication: z.string().describe("Name of the root application."),
  }),
  defaults: { byClass: { prod: { replicas: 2, automatedSync: false } } },
  implementations: {
    aws: insideCluster,
    gcp: insideCluster,
    azure: insideCluster,
    kubernetes: supported(() => import("./kubernetes.ts")),
  },
});
