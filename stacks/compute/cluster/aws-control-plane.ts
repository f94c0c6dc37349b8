/** The EKS control plane: its role, its log group, its endpoint. */
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { Cluster } from "@pulumi/aws/eks/cluster.js";
import { type ClusterContext, clusterName, createRole } from "./aws-roles.ts";

export function createControlPlane(context: ClusterContext): Cluster {
  const { fields, references } = context;
  const { outputs: network } = references.network;
  const keyArn = references.encryption?.outputs.clusterKeyId;
  const name = clusterName(context);
  const role = createRole(context, {
    suffix: "control",
    service: "eks.amazonaws.com",
    managed: ["AmazonEKSClusterPolicy"],
    actions: ["sts:TagSession"],
  });
  const logs = createLogGroup(context, name);
  return new Cluster(
    context.name,
    {
      name,
      version: fields.version,
      roleArn: role.arn,
      vpcConfig: {
        subnetIds: network.privateSubnetIds,
        endpointPrivateAccess: true,
        endpointPublicAccess: fields.publicAccessCidrs.length > 0,
        ...(fields.publicAccessCidrs.length > 0 ? { publicAccessCidrs: [...fields.publicAccessCidrs] } : {}),
      },
      kubernetesNetworkConfig: {
        ipFamily: "ipv4",
        ...(fields.serviceRange === undefined ? {} : { serviceIpv4Cidr: fields.serviceRange }),
      },
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
      enabledClusterLogTypes: [...fields.controlPlaneLogs],
      ...(keyArn === undefined ? {} : { encryptionConfig: { provider: { keyArn }, resources: ["secrets"] } }),
      // Otherwise the cloud moves the control plane to another version by itself, at a time of its own.
      upgradePolicy: { supportType: "EXTENDED" },
      // Add-ons are resources of their own here; EKS would install unmanaged ones besides.
      bootstrapSelfManagedAddons: false,
    },
    { ...context.child, dependsOn: [...role.policies, ...logs] },
  );
}

// EKS would make the group itself, without tags, key or end; a group that is there it takes as it is.
function createLogGroup(context: ClusterContext, cluster: string): readonly LogGroup[] {
  const { controlPlaneLogs, logRetentionDays } = context.fields;
  if (controlPlaneLogs.length === 0) return [];
  const kmsKeyId = context.references.encryption?.outputs.logKeyId;
  return [
    new LogGroup(
      `${context.name}-logs`,
      {
        name: `/aws/eks/${cluster}/cluster`,
        retentionInDays: logRetentionDays,
        ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
      },
      context.child,
    ),
  ];
}
