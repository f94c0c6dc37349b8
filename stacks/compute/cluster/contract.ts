/** A managed Kubernetes cluster. */
import { z } from "zod";
import { defineComponent, supported, unsupported, upcoming } from "../../../src/catalog/component.ts";
import { optionalReference, reference, references } from "../../../src/catalog/reference.ts";
import { connection, kubernetesApi } from "../../capabilities.ts";
import { encryption } from "../../foundation/encryption/contract.ts";
import { vpc } from "../../network/vpc/contract.ts";

export const cluster = defineComponent({
  name: "cluster",
  domain: "compute",
  summary: "A managed Kubernetes cluster with one node group and its add-ons.",
  fields: z.strictObject({
    network: reference(vpc).describe("Network it stands in."),
    encryption: optionalReference(encryption).describe("Keys to encrypt with; without it, the cloud's own."),
    connects: references(connection).describe(
      "What its workloads may reach; the cluster's stack owns the rule.",
    ),
    version: z
      .string()
      .regex(/^1\.\d{2}$/, 'a Kubernetes minor version: "1.35"')
      .default("1.35")
      .describe("Kubernetes minor version, quoted."),
    nodes: z.int().min(0).max(1000).default(2).describe("Nodes of the node group."),
    nodeType: z.string().default("m7g.large").describe("Machine type in the cloud's own words."),
    administrators: z
      .array(z.string().min(1))
      .max(20)
      .default([])
      .describe("Principals that administer the cluster."),
  }),
  outputs: z.strictObject({
    clusterName: z.string().describe("Name of the cluster at the cloud."),
    endpoint: z.string().describe("URL of the Kubernetes API."),
    certificateAuthority: z.string().describe("CA certificate, base64."),
    kubeconfig: z.string().describe("kubeconfig that fetches its credentials when used."),
  }),
  provides: [kubernetesApi],
  defaults: { byClass: { prod: { nodes: 3 }, sandbox: { nodes: 1 } } },
  implementations: {
    aws: supported(() => import("./aws.ts")),
    gcp: upcoming("GKE comes with the recovery release."),
    azure: upcoming("AKS comes with the recovery release."),
    kubernetes: unsupported("A cluster is made by a cloud."),
  },
});
