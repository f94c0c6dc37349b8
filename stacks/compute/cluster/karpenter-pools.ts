/**
 * The nodes that Karpenter may add: one class of them, and a pool for each kind of capacity and processor. A pod that
 * says nothing lands in the first pool; the others take it only if it says that it can live there.
 */
import type { Cluster } from "@pulumi/aws/eks/cluster.js";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type { Output, Resource } from "@pulumi/pulumi";
import { environmentTags } from "../../tags.ts";
import type { ClusterApi } from "./api.ts";
import { metadataOptions, rootDevice } from "./aws-nodes.ts";
import type { ClusterContext } from "./aws-roles.ts";
import { leastCpus } from "./check-nodes.ts";

export interface PoolParts {
  readonly control: Cluster;
  readonly nodeRole: Output<string>;
  /** Must outlive every node it has added: it drains and ends them when a pool goes. */
  readonly controller: Resource;
}

const className = "default";

export function createPools(context: ClusterContext, api: ClusterApi, parts: PoolParts): void {
  const nodeClass = createNodeClass(context, api, parts);
  const pools = context.fields.capacity.flatMap((capacity) =>
    context.fields.architectures.map((architecture) => ({ capacity, architecture })),
  );
  for (const [place, pool] of pools.entries()) {
    createPool(context, { ...api, dependsOn: [nodeClass] }, { ...pool, weight: 10 * (pools.length - place) });
  }
}

/** https://karpenter.sh/v1.15/concepts/nodeclasses/, as of 2026-11-21. */
function createNodeClass(context: ClusterContext, api: ClusterApi, parts: PoolParts): CustomResource {
  const { nodeImage, nodeDisk, podsPerNode } = context.fields;
  const { network, encryption } = context.references;
  const kmsKeyID = encryption?.outputs.clusterKeyId;
  return new CustomResource(
    `${context.name}-node-class`,
    {
      apiVersion: "karpenter.k8s.aws/v1",
      kind: "EC2NodeClass",
      metadata: { name: className },
      spec: {
        amiSelectorTerms: [{ alias: `al2023@${nodeImage}` }],
        role: parts.nodeRole,
        // By id: a tag could be put on other subnets by anyone, and tells nothing in a plan.
        subnetSelectorTerms: network.outputs.privateSubnetIds.apply((ids) => ids.map((id) => ({ id }))),
        securityGroupSelectorTerms: [{ id: parts.control.vpcConfig.clusterSecurityGroupId }],
        metadataOptions,
        blockDeviceMappings: [
          {
            deviceName: rootDevice,
            ebs: {
              volumeType: "gp3",
              volumeSize: `${nodeDisk}Gi`,
              encrypted: true,
              deleteOnTermination: true,
              ...(kmsKeyID === undefined ? {} : { kmsKeyID }),
            },
          },
        ],
        // Karpenter would count interfaces' single addresses, not blocks.
        kubelet: { maxPods: podsPerNode },
        tags: environmentTags(context.environment),
      },
    },
    { ...api, dependsOn: [parts.controller] },
  );
}

interface Pool {
  readonly capacity: "on-demand" | "spot";
  readonly architecture: "arm64" | "amd64";
  readonly weight: number;
}

/** https://karpenter.sh/v1.15/concepts/nodepools/, as of 2026-11-21. */
function createPool(
  context: ClusterContext,
  options: ClusterApi & { readonly dependsOn: readonly Resource[] },
  pool: Pool,
): CustomResource {
  const { limits } = context.fields;
  const name = `${pool.capacity}-${pool.architecture}`;
  return new CustomResource(
    `${context.name}-pool-${name}`,
    {
      apiVersion: "karpenter.sh/v1",
      kind: "NodePool",
      metadata: { name },
      spec: {
        weight: pool.weight,
        limits: { cpu: `${limits.cpu}`, memory: `${limits.memory}Gi` },
        disruption: {
          consolidationPolicy: "WhenEmptyOrUnderutilized",
          consolidateAfter: "5m",
          budgets: [{ nodes: "10%" }],
        },
        template: {
          metadata: { labels: { "terrane.dev/nodes": name } },
          spec: {
            nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: className },
            requirements: requirementsOf(pool),
            ...taintsOf(context, pool),
            // A node lives a month at most, so that none runs an image longer than that, and drains for a day at most.
            expireAfter: "720h",
            terminationGracePeriod: "24h",
          },
        },
      },
    },
    { ...options, dependsOn: [...options.dependsOn] },
  );
}

function requirementsOf({ capacity, architecture }: Pool) {
  const among = (key: string, ...values: readonly string[]) => ({ key, operator: "In", values: [...values] });
  const above = (key: string, value: number) => ({ key, operator: "Gt", values: [`${value}`] });
  return [
    among("kubernetes.io/os", "linux"),
    among("kubernetes.io/arch", architecture),
    among("karpenter.sh/capacity-type", capacity),
    among("karpenter.k8s.aws/instance-category", "c", "m", "r"),
    above("karpenter.k8s.aws/instance-generation", 4),
    above("karpenter.k8s.aws/instance-cpu", leastCpus - 1),
  ];
}

// Most images are made for one processor only, and not every pod survives an interruption: both are the pod's to say.
// Where spot comes first, on-demand nodes take its place when there is none, so they take every pod.
function taintsOf({ fields }: ClusterContext, { capacity, architecture }: Pool) {
  const taint = (key: string, value: string) => ({ key, value, effect: "NoSchedule" });
  const taints = [
    ...(architecture === fields.architectures[0] ? [] : [taint("kubernetes.io/arch", architecture)]),
    ...(capacity === "spot" && fields.capacity[0] !== "spot" ? [taint("terrane.dev/capacity", "spot")] : []),
  ];
  return taints.length === 0 ? {} : { taints };
}
