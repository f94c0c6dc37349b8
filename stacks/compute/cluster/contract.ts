/** A managed Kubernetes cluster. */
import { z } from "zod";
import { defineComponent, supported, unsupported, upcoming } from "../../../src/catalog/component.ts";
import { optionalReference, reference, references } from "../../../src/catalog/reference.ts";
import { addressRange } from "../../../src/model/text.ts";
import { connection, kubernetesApi } from "../../capabilities.ts";
import { encryption } from "../../foundation/encryption/contract.ts";
import { nodesPerGroup, publicAccessRanges } from "../../limits/aws-eks.ts";
import { vpc } from "../../network/vpc/contract.ts";
import { checkCluster } from "./check.ts";
import { checkClusterChange } from "./check-change.ts";
import { publicRange } from "./public-range.ts";

/** What the API server can write about itself: https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html */
const logTypes = ["api", "audit", "authenticator", "controllerManager", "scheduler"] as const;

/** Days that CloudWatch and Cloud Logging both keep. */
const retentions = [7, 14, 30, 90, 365] as const;

const kubernetesLabel = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
    "a Kubernetes namespace: lowercase letters, digits, hyphens",
  );

export const cluster = defineComponent({
  name: "cluster",
  domain: "compute",
  summary:
    "A managed Kubernetes cluster: system nodes, add-ons, access, and nodes that come as pods need them.",
  about: () => import("./about.ts"),
  fields: z.strictObject({
    network: reference(vpc).describe("Network it stands in, for life."),
    encryption: optionalReference(encryption).describe(
      "Keys for Kubernetes secrets, disks and logs, for life; without it, the cloud's own.",
    ),
    connects: references(connection).describe(
      "What its workloads may reach; the cluster's stack owns the rule.",
    ),
    version: z
      .string()
      .regex(/^1\.\d{2}$/, 'a Kubernetes minor version: "1.35"')
      .default("1.35")
      .describe("Kubernetes minor version, quoted."),
    publicAccessCidrs: z
      .array(publicRange)
      .max(publicAccessRanges.most)
      .default([])
      .describe(
        "Ranges that reach the API over the internet; empty: the API answers inside the network only.",
      ),
    serviceRange: addressRange
      .optional()
      .describe(
        "Addresses of Kubernetes services; without it, the next block of the address pool. It never changes.",
      ),
    nodes: z
      .int()
      .min(1)
      .max(nodesPerGroup.most)
      .default(2)
      .describe("System nodes; all nodes where `autoscaling` is `none`."),
    nodeType: z
      .string()
      .min(1)
      .max(40)
      .default("m7g.large")
      .describe("Machine type of the system nodes in the cloud's own words."),
    nodeDisk: z.int().min(20).max(1000).default(50).describe("GiB of every node's encrypted root disk."),
    nodeImage: z
      .string()
      .regex(/^(latest|v\d{8})$/, "`latest`, or a release of the image: v20261101")
      .default("latest")
      .describe(
        "Image release of the nodes that autoscaling adds; `latest` replaces nodes as releases come.",
      ),
    autoscaling: z
      .enum(["karpenter", "none"])
      .default("karpenter")
      .describe("What adds nodes for pods. With `karpenter` the system nodes take nothing else."),
    capacity: z
      .array(z.enum(["on-demand", "spot"]))
      .min(1)
      .max(2)
      .default(["on-demand", "spot"])
      .describe("Kinds of capacity, preferred first. Spot in second place takes only pods that tolerate it."),
    architectures: z
      .array(z.enum(["arm64", "amd64"]))
      .min(1)
      .max(2)
      .default(["arm64", "amd64"])
      .describe(
        "Processors of added nodes. Pods go to the first; the second takes only pods that tolerate it.",
      ),
    limits: z
      .strictObject({
        cpu: z.int().min(4).max(10_000).describe("Virtual processors."),
        memory: z.int().min(8).max(100_000).describe("GiB."),
      })
      .default({ cpu: 48, memory: 192 })
      .describe("The most that autoscaling adds in each pool: one pool per kind of capacity and processor."),
    podsPerNode: z.int().min(8).max(110).default(110).describe("Pods that an added node takes at most."),
    controlPlaneLogs: z
      .array(z.enum(logTypes))
      .max(logTypes.length)
      .default([...logTypes])
      .describe("Logs of the control plane that are kept."),
    logRetentionDays: z
      .literal([...retentions])
      .default(30)
      .describe("Days that logs of the control plane are kept."),
    administrators: z
      .array(z.string().min(1))
      .max(20)
      .default([])
      .describe("Principals that administer the cluster."),
    access: z
      .array(
        z.strictObject({
          principal: z.string().min(1).max(200).describe("Principal in the cloud's own words."),
          level: z.enum(["view", "edit", "admin"]).default("view").describe("What it may do."),
          namespaces: z
            .array(kubernetesLabel)
            .max(20)
            .default([])
            .describe("Only in these namespaces; empty: in all."),
        }),
      )
      .max(50)
      .default([])
      .describe("Principals that use the cluster, in all of it or in namespaces."),
  }),
  outputs: z.strictObject({
    clusterName: z.string().describe("Name of the cluster at the cloud."),
    endpoint: z.string().describe("URL of the Kubernetes API."),
    certificateAuthority: z.string().describe("CA certificate, base64."),
    kubeconfig: z.string().describe("kubeconfig that fetches its credentials when used."),
    oidcIssuer: z.string().describe("Issuer of its service account tokens."),
    clusterSecurityGroupId: z.string().describe("Firewall group of the control plane and of every node."),
    nodeRole: z.string().describe("Identity of the system nodes; an ARN on AWS."),
  }),
  provides: [kubernetesApi],
  defaults: {
    byClass: {
      prod: { nodes: 3, logRetentionDays: 365 },
      staging: { logRetentionDays: 90 },
      dev: {
        capacity: ["spot", "on-demand"],
        limits: { cpu: 32, memory: 128 },
        controlPlaneLogs: ["api", "audit", "authenticator"],
      },
      sandbox: {
        nodes: 1,
        capacity: ["spot", "on-demand"],
        limits: { cpu: 16, memory: 64 },
        controlPlaneLogs: ["audit"],
        logRetentionDays: 7,
      },
    },
  },
  addressBlocks: [{ field: "serviceRange", prefix: 16, purpose: "services" }],
  check: checkCluster,
  // https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateClusterConfig.html: other subnets, of the same network;
  // https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html: encryption is never taken back. 2026-11-21.
  lasting: ["network", "encryption"],
  checkChange: checkClusterChange,
  implementations: {
    aws: supported(() => import("./aws.ts")),
    gcp: upcoming("GKE comes with the recovery release."),
    azure: upcoming("AKS comes with the recovery release."),
    kubernetes: unsupported("A cluster is made by a cloud."),
  },
});
