/** The cluster on AWS: EKS with one managed node group in the private subnets, add-ons and access entries. */
import { AccessEntry } from "@pulumi/aws/eks/accessEntry.js";
import { AccessPolicyAssociation } from "@pulumi/aws/eks/accessPolicyAssociation.js";
import { Addon } from "@pulumi/aws/eks/addon.js";
import { Cluster } from "@pulumi/aws/eks/cluster.js";
import { NodeGroup } from "@pulumi/aws/eks/nodeGroup.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import { all, type Output, type Resource } from "@pulumi/pulumi";
import { TerraneError } from "../../../src/errors.ts";
import { trust } from "../../access/aws.ts";
import { type BuildContext, implement } from "../../component.ts";
import { awsNames } from "../../limits/aws.ts";
import { cluster } from "./contract.ts";
import { makeKubeconfig } from "./kubeconfig.ts";
import { principalKey } from "./principal.ts";

type ClusterContext = BuildContext<(typeof cluster)["fields"]>;

/** DaemonSets that nodes need to become ready, and what runs on nodes once they are. */
const addons = { beforeNodes: ["vpc-cni", "kube-proxy", "eks-pod-identity-agent"], onNodes: ["coredns"] };

export const implementation = implement(cluster, (context) => {
  const control = createCluster(context);
  const daemons = addons.beforeNodes.map((addon) => createAddon(context, control, addon, []));
  const nodes = createNodes(context, control, daemons);
  for (const addon of addons.onNodes) createAddon(context, control, addon, [nodes]);
  for (const principal of new Set(context.fields.administrators)) admit(context, control, principal);
  connect(context, control);
  const certificateAuthority = control.certificateAuthority.apply(({ data }) => data ?? "");
  return {
    clusterName: control.name,
    endpoint: control.endpoint,
    certificateAuthority,
    kubeconfig: describeAccess(context, control, certificateAuthority),
  };
});

function createCluster(context: ClusterContext): Cluster {
  const { outputs: network } = context.references.network;
  const role = createRole(
    context,
    "control",
    "eks.amazonaws.com",
    ["AmazonEKSClusterPolicy"],
    "sts:TagSession",
  );
  return new Cluster(
    context.name,
    {
      name: context.physicalName("", awsNames.cluster),
      version: context.fields.version,
      roleArn: role.arn,
      vpcConfig: {
        subnetIds: network.privateSubnetIds,
        endpointPrivateAccess: true,
        // From outside the network there is no other way to the API than its public endpoint.
        endpointPublicAccess: context.site.runner === "outside",
      },
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
      // Add-ons are resources of their own here; EKS would install unmanaged ones besides.
      bootstrapSelfManagedAddons: false,
    },
    { ...context.child, dependsOn: role.attachments },
  );
}

function createNodes(context: ClusterContext, control: Cluster, daemons: readonly Resource[]): NodeGroup {
  const { nodes, nodeType, version } = context.fields;
  const role = createRole(context, "nodes", "ec2.amazonaws.com", [
    "AmazonEKSWorkerNodePolicy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEKS_CNI_Policy",
  ]);
  return new NodeGroup(
    `${context.name}-nodes`,
    {
      clusterName: control.name,
      nodeGroupName: context.physicalName("nodes", awsNames.nodeGroup),
      nodeRoleArn: role.arn,
      subnetIds: context.references.network.outputs.privateSubnetIds,
      version,
      amiType: isArm(nodeType) ? "AL2023_ARM_64_STANDARD" : "AL2023_x86_64_STANDARD",
      capacityType: "ON_DEMAND",
      instanceTypes: [nodeType],
      // A node group's maximum is at least one, also where nothing runs.
      scalingConfig: { minSize: nodes, desiredSize: nodes, maxSize: Math.max(nodes, 1) },
      updateConfig: { maxUnavailable: 1 },
    },
    { ...context.child, dependsOn: [...role.attachments, ...daemons] },
  );
}

function createAddon(
  context: ClusterContext,
  control: Cluster,
  addon: string,
  after: readonly Resource[],
): Addon {
  return new Addon(
    `${context.name}-${addon}`,
    {
      clusterName: control.name,
      addonName: addon,
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "PRESERVE",
    },
    { ...context.child, dependsOn: [...after] },
  );
}

/** Administration of the whole cluster for one principal. */
function admit(context: ClusterContext, control: Cluster, principal: string): void {
  const name = `${context.name}-admin-${principalKey(principal)}`;
  const entry = new AccessEntry(
    name,
    { clusterName: control.name, principalArn: principal, type: "STANDARD" },
    context.child,
  );
  new AccessPolicyAssociation(
    name,
    {
      clusterName: control.name,
      principalArn: entry.principalArn,
      policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
      accessScope: { type: "cluster" },
    },
    context.child,
  );
}

/** Lets the nodes reach what the cluster connects to: the rule is ours, the group is the other's. */
function connect(context: ClusterContext, control: Cluster): void {
  for (const { component, site, outputs } of context.references.connects) {
    if (site.name !== context.site.name) {
      throw new TerraneError(
        "not-in-this-release",
        `"${context.name}" connects to "${component}@${site.name}": connections between sites come with the recovery release`,
      );
    }
    new SecurityGroupIngressRule(
      `${context.name}-to-${component}`,
      {
        securityGroupId: outputs.accessGroupId,
        referencedSecurityGroupId: control.vpcConfig.clusterSecurityGroupId,
        ipProtocol: "tcp",
        fromPort: outputs.port,
        toPort: outputs.port,
        description: `${context.name} to ${component}`,
      },
      context.child,
    );
  }
}

interface RoleWithPolicies {
  readonly arn: Output<string>;
  readonly attachments: Resource[];
}

function createRole(
  context: ClusterContext,
  suffix: string,
  service: string,
  policies: readonly string[],
  ...furtherActions: readonly string[]
): RoleWithPolicies {
  const role = new Role(
    `${context.name}-${suffix}`,
    {
      name: context.physicalName(suffix, awsNames.iamRole),
      assumeRolePolicy: trust(service, ["sts:AssumeRole", ...furtherActions]),
    },
    context.child,
  );
  const attachments = policies.map(
    (policy) =>
      new RolePolicyAttachment(
        `${context.name}-${suffix}-${policy}`,
        { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
        context.child,
      ),
  );
  return { arn: role.arn, attachments };
}

function describeAccess(
  context: ClusterContext,
  control: Cluster,
  certificateAuthority: Output<string>,
): Output<string> {
  return all([control.name, control.endpoint, certificateAuthority]).apply(([name, endpoint, certificate]) =>
    makeKubeconfig({
      name,
      endpoint,
      certificateAuthority: certificate,
      command: "aws",
      arguments: [
        ...["--region", context.site.region, "eks", "get-token", "--cluster-name", name, "--output", "json"],
        ...(context.site.assumeRole === undefined ? [] : ["--role-arn", context.site.assumeRole]),
      ],
    }),
  );
}

// Graviton families carry a "g" right after their generation: m7g, c7gn, r8gd, im4gn.
function isArm(instanceType: string): boolean {
  return /^[a-z]+\d+g/.test(instanceType);
}
