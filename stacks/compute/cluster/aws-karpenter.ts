/** Karpenter on AWS: its identity, its nodes' identity, what it hears, the controller, and the nodes it may add. */
import { AccessEntry } from "@pulumi/aws/eks/accessEntry.js";
import type { Cluster } from "@pulumi/aws/eks/cluster.js";
import { PodIdentityAssociation } from "@pulumi/aws/eks/podIdentityAssociation.js";
import { all, type Output, type Resource } from "@pulumi/pulumi";
import type { ClusterApi } from "./api.ts";
import { createInterruptions } from "./aws-interruptions.ts";
import { controllerPolicy } from "./aws-karpenter-policy.ts";
import { nodePolicies } from "./aws-nodes.ts";
import { type ClusterContext, createPodRole, createRole } from "./aws-roles.ts";
import { createPools } from "./karpenter-pools.ts";
import { installKarpenter, karpenterIdentity } from "./karpenter-release.ts";

export interface KarpenterParts {
  readonly control: Cluster;
  readonly api: ClusterApi;
  /** What the controller runs on: system nodes, the network, DNS. */
  readonly ready: readonly Resource[];
}

export function createKarpenter(context: ClusterContext, { control, api, ready }: KarpenterParts): void {
  const nodes = createNodeIdentity(context, control);
  const interruptions = createInterruptions(context);
  const key = context.references.encryption?.outputs.clusterKeyId;
  const role = createPodRole(context, {
    suffix: "karpenter",
    serviceAccount: karpenterIdentity.serviceAccount,
    own: all([control.name, control.arn, interruptions.queueArn, nodes.arn, key]).apply(
      ([cluster, clusterArn, queueArn, nodeRoleArn, keyArn]) =>
        controllerPolicy({
          region: context.site.region,
          cluster,
          clusterArn,
          queueArn,
          nodeRoleArn,
          ...(keyArn === undefined ? {} : { keyArn }),
        }),
    ),
  });
  const identity = new PodIdentityAssociation(
    `${context.name}-karpenter`,
    { clusterName: control.name, ...karpenterIdentity, roleArn: role.arn },
    context.child,
  );
  const release = installKarpenter(context, api, {
    control,
    queueName: interruptions.queueName,
    after: [...ready, ...role.policies, ...nodes.ready, ...interruptions.delivery, identity],
  });
  createPools(context, api, { control, nodeRole: nodes.name, controller: release });
}

interface NodeIdentity {
  readonly name: Output<string>;
  readonly arn: Output<string>;
  readonly ready: readonly Resource[];
}

// Not the system nodes' role: EKS makes the access entry of a node group's role and takes it away with the group.
function createNodeIdentity(context: ClusterContext, control: Cluster): NodeIdentity {
  const { name, arn, policies } = createRole(context, {
    suffix: "karpenter-nodes",
    service: "ec2.amazonaws.com",
    managed: nodePolicies,
  });
  const entry = new AccessEntry(
    `${context.name}-karpenter-nodes`,
    { clusterName: control.name, principalArn: arn, type: "EC2_LINUX" },
    context.child,
  );
  return { name, arn, ready: [...policies, entry] };
}
