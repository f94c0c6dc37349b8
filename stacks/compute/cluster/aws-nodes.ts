/** The system nodes: one managed node group from a launch template of our own. */
import { createHash } from "node:crypto";
import { LaunchTemplate } from "@pulumi/aws/ec2/launchTemplate.js";
import type { Cluster } from "@pulumi/aws/eks/cluster.js";
import { NodeGroup } from "@pulumi/aws/eks/nodeGroup.js";
import { all, type Output, output, type Resource } from "@pulumi/pulumi";
import { awsNames } from "../../limits/aws.ts";
import { instanceType } from "../../limits/aws-instances.ts";
import { environmentTags } from "../../tags.ts";
import { type ClusterContext, createRole } from "./aws-roles.ts";
import { systemLabel, systemTaint } from "./system-nodes.ts";

export interface SystemNodes {
  readonly group: NodeGroup;
  readonly role: Output<string>;
}

/** Policies of every node's role. What the network plugin may do comes by Pod Identity, so no pod gets it from its node. */
export const nodePolicies = ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"] as const;

/** Root disk of Amazon Linux 2023: https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html */
export const rootDevice = "/dev/xvda";

/** Pods are one hop further away than their node: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html */
export const metadataOptions = {
  httpEndpoint: "enabled",
  httpTokens: "required",
  httpPutResponseHopLimit: 1,
};

export function createSystemNodes(
  context: ClusterContext,
  control: Cluster,
  daemons: readonly Resource[],
): SystemNodes {
  const { nodes, version, autoscaling } = context.fields;
  const subnetIds = context.references.network.outputs.privateSubnetIds;
  const role = createRole(context, { suffix: "nodes", service: "ec2.amazonaws.com", managed: nodePolicies });
  const template = createTemplate(context);
  const architecture = output(context.fields.nodeType).apply(architectureOf);
  const group = new NodeGroup(
    `${context.name}-nodes`,
    {
      clusterName: control.name,
      // Where subnets or processors change, EKS needs a new group: another name lets it come before the old one goes.
      nodeGroupName: all([architecture, subnetIds]).apply(([processors, subnets]) =>
        context.physicalName(`nodes-${shortHash([processors, ...[...subnets].sort()])}`, awsNames.nodeGroup),
      ),
      nodeRoleArn: role.arn,
      subnetIds,
      version,
      amiType: architecture.apply((each) =>
        each === "arm64" ? "AL2023_ARM_64_STANDARD" : "AL2023_x86_64_STANDARD",
      ),
      capacityType: "ON_DEMAND",
      launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
      scalingConfig: { minSize: nodes, desiredSize: nodes, maxSize: nodes },
      updateConfig: { maxUnavailable: 1 },
      labels: systemLabel,
      ...(autoscaling === "none" ? {} : { taints: [systemTaint] }),
    },
    { ...context.child, dependsOn: [...role.policies, ...daemons] },
  );
  return { group, role: role.arn };
}

// The machine type stands in the template, so that another one rolls the nodes over instead of replacing the group.
function createTemplate(context: ClusterContext): LaunchTemplate {
  const { nodeType, nodeDisk } = context.fields;
  const kmsKeyId = context.references.encryption?.outputs.clusterKeyId;
  const tags = environmentTags(context.environment);
  return new LaunchTemplate(
    `${context.name}-nodes`,
    {
      name: context.physicalName("nodes", awsNames.launchTemplate),
      instanceType: nodeType,
      updateDefaultVersion: true,
      metadataOptions,
      blockDeviceMappings: [
        {
          deviceName: rootDevice,
          ebs: {
            volumeType: "gp3",
            volumeSize: nodeDisk,
            encrypted: "true",
            deleteOnTermination: "true",
            ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
          },
        },
      ],
      tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({
        resourceType,
        tags: { ...tags, Name: context.physicalName("nodes", awsNames.nameTag) },
      })),
    },
    context.child,
  );
}

// A name the table does not know may be a secret's: then the form tells, since Graviton carries a "g" after its generation.
function architectureOf(name: string): "arm64" | "amd64" {
  return instanceType(name)?.architecture ?? (/^[a-z]+\d+g/.test(name) ? "arm64" : "amd64");
}

function shortHash(parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 6);
}
