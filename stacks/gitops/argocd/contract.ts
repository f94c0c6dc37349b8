/** Argo CD, following one Git repository. */
import { z } from "zod";
import { defineComponent, supported, unsupported } from "../../../src/catalog/component.ts";
import { reference, referencesToAny } from "../../../src/catalog/reference.ts";
import { cluster } from "../../compute/cluster/contract.ts";
import { checkArgocd } from "./check.ts";

const insideCluster = unsupported("Argo CD is made inside a cluster: the same on every cloud.");

/** `Kind` of the core group, or `group/Kind`. */
const resourceKind = z
  .string()
  .regex(
    /^([a-z0-9.-]+\/)?[A-Z][A-Za-z0-9]*$/,
    "a kind: Namespace, apiextensions.k8s.io/CustomResourceDefinition",
  );

/** A namespace, `*` standing for any characters. */
const namespacePattern = z
  .string()
  .regex(/^[a-z0-9*]([a-z0-9*-]{0,61}[a-z0-9*])?$/, "a namespace, or a pattern: shop, shop-*, *");

export const argocd = defineComponent({
  name: "argocd",
  domain: "gitops",
  summary: "Argo CD by its pinned Helm chart, with one root application that follows a Git repository.",
  about: () => import("./about.ts"),
  fields: z.strictObject({
    cluster: reference(cluster).describe("Cluster it runs in."),
    repository: z.url({ protocol: /^(https|ssh)$/ }).describe("Git repository to follow."),
    repositoryCredentials: z
      .strictObject({
        username: z.string().min(1).default("git").describe("User name; hosts that take tokens ignore it."),
        password: z.string().min(1).optional().describe("Password or token for https; a secret parameter."),
        sshPrivateKey: z.string().min(1).optional().describe("Private key for ssh; a secret parameter."),
      })
      .optional()
      .describe("How Argo CD reads the repository; without it, the repository is public."),
    revision: z.string().min(1).max(200).default("HEAD").describe("Branch, tag or commit."),
    path: z
      .string()
      .min(1)
      .max(200)
      .default(".")
      .describe("Folder in the repository that holds Applications."),
    sources: z
      .array(z.url({ protocol: /^(https|ssh|oci)$/ }))
      .max(50)
      .default([])
      .describe("Repositories beside `repository` that applications may come from, Helm charts included."),
    namespaces: z
      .array(namespacePattern)
      .min(1)
      .max(50)
      .default(["*"])
      .describe("Namespaces that applications may use; Argo CD's own and `kube-*` never."),
    clusterResources: z
      .array(resourceKind)
      .max(50)
      .default(["Namespace"])
      .describe("Kinds outside of namespaces that applications may make."),
    expose: referencesToAny().describe(
      "Components whose outputs applications can read; never a secret value.",
    ),
    exposeAs: z
      .enum(["config-maps", "helm-values"])
      .default("config-maps")
      .describe(
        "Config maps in Argo CD's namespace; or those, and values of the root application, a Helm chart.",
      ),
    highAvailability: z
      .boolean()
      .default(false)
      .describe("Replicas on different nodes, and Redis with a quorum: wants three nodes."),
    automatedSync: z.boolean().default(true).describe("Apply what the repository says without being asked."),
  }),
  outputs: z.strictObject({
    namespace: z.string().describe("Namespace that Argo CD runs in."),
    rootApplication: z.string().describe("Name of the root application."),
    project: z.string().describe("Project that applications belong to."),
  }),
  defaults: { byClass: { prod: { highAvailability: true, automatedSync: false } } },
  check: (fields) => checkArgocd(fields),
  implementations: {
    aws: insideCluster,
    gcp: insideCluster,
    azure: insideCluster,
    kubernetes: supported(() => import("./kubernetes.ts")),
  },
});
