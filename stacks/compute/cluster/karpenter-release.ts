/** The Karpenter controller by its pinned chart; its resource definitions are a release of their own. */
import type { Cluster } from "@pulumi/aws/eks/cluster.js";
import { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import type { Output, Resource } from "@pulumi/pulumi";
import { karpenterChart } from "../../limits/aws-eks.ts";
import type { ClusterApi } from "./api.ts";
import { type ClusterContext, systemNamespace } from "./aws-roles.ts";
import { systemLabel, systemToleration } from "./system-nodes.ts";

/** Where the controller runs, and as whom. */
export const karpenterIdentity = { namespace: systemNamespace, serviceAccount: "karpenter" } as const;

export interface ReleaseParts {
  readonly control: Cluster;
  readonly queueName: Output<string>;
  readonly after: readonly Resource[];
}

export function installKarpenter(
  context: ClusterContext,
  api: ClusterApi,
  { control, queueName, after }: ReleaseParts,
): Release {
  const { namespace } = karpenterIdentity;
  // Helm never changes definitions that come inside a chart, so an upgrade would leave them behind.
  const definitions = new Release(
    `${context.name}-karpenter-definitions`,
    {
      name: "karpenter-crd",
      namespace,
      chart: karpenterChart.byName.definitions,
      version: karpenterChart.byName.version,
      cleanupOnFail: true,
    },
    api,
  );
  return new Release(
    `${context.name}-karpenter`,
    {
      name: "karpenter",
      namespace,
      chart: karpenterChart.byName.chart,
      version: karpenterChart.byName.version,
      skipCrds: true,
      cleanupOnFail: true,
      // Seconds. A first start waits for the system nodes' images.
      timeout: 600,
      values: {
        replicas: Math.min(context.fields.nodes, 2),
        serviceAccount: { name: karpenterIdentity.serviceAccount },
        settings: {
          clusterName: control.name,
          clusterEndpoint: control.endpoint,
          interruptionQueue: queueName,
        },
        nodeSelector: { "kubernetes.io/os": "linux", ...systemLabel },
        tolerations: [systemToleration],
        controller: {
          // Pods cannot ask the node where they are: its metadata are one hop away.
          env: [{ name: "AWS_REGION", value: context.site.region }],
          resources: { requests: { cpu: "500m", memory: "1Gi" }, limits: { memory: "1Gi" } },
        },
      },
    },
    { ...api, dependsOn: [...after, definitions] },
  );
}
