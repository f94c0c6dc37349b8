/** EKS add-ons at pinned versions, with what production needs of their configuration. */
import { Addon } from "@pulumi/aws/eks/addon.js";
import type { Cluster } from "@pulumi/aws/eks/cluster.js";
import { type Output, output, type Resource } from "@pulumi/pulumi";
import { TerraneError } from "../../../src/errors.ts";
import { allow } from "../../access/aws.ts";
import { type AddonName, addonVersions, warmPodBlocks } from "../../limits/aws-eks.ts";
import { environmentTags } from "../../tags.ts";
import { type ClusterContext, createPodRole, type RoleWithPolicies } from "./aws-roles.ts";
import { systemLabel, systemToleration } from "./system-nodes.ts";

interface Identity {
  readonly serviceAccount: string;
  readonly role: RoleWithPolicies;
}

interface AddonParts {
  readonly name: AddonName;
  readonly configuration?: Readonly<Record<string, unknown>>;
  readonly identity?: Identity;
  readonly after?: readonly Resource[];
}

/** DaemonSets that nodes need to become ready. The agent hands the network plugin its role, so it comes first. */
export function createNodeAddons(context: ClusterContext, control: Cluster): readonly Addon[] {
  const agent = createAddon(context, control, { name: "eks-pod-identity-agent" });
  const network = createAddon(context, control, {
    name: "vpc-cni",
    configuration: {
      enableNetworkPolicy: "true",
      env: {
        ENABLE_PREFIX_DELEGATION: "true",
        WARM_PREFIX_TARGET: String(warmPodBlocks.is),
      },
    },
    identity: identify(context, {
      serviceAccount: "aws-node",
      suffix: "cni",
      managed: ["AmazonEKS_CNI_Policy"],
    }),
    after: [agent],
  });
  return [agent, network, createAddon(context, control, { name: "kube-proxy" })];
}

/** What runs on nodes once they are there: on the system nodes, which nothing takes away. */
export function createClusterAddons(
  context: ClusterContext,
  control: Cluster,
  nodes: Resource,
): readonly Addon[] {
  const onSystemNodes = { nodeSelector: systemLabel, tolerations: [systemToleration] };
  return [
    createAddon(context, control, {
      name: "coredns",
      configuration: {
        ...onSystemNodes,
        autoScaling: { enabled: true, minReplicas: 2, maxReplicas: 10 },
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: "topology.kubernetes.io/zone",
            whenUnsatisfiable: "ScheduleAnyway",
            labelSelector: { matchLabels: { "k8s-app": "kube-dns" } },
          },
        ],
      },
      after: [nodes],
    }),
    createAddon(context, control, {
      name: "aws-ebs-csi-driver",
      configuration: {
        controller: {
          ...onSystemNodes,
          region: context.site.region,
          extraVolumeTags: environmentTags(context.environment),
        },
        node: { tolerateAllTaints: true },
      },
      identity: identifyVolumes(context),
      after: [nodes],
    }),
  ];
}

function createAddon(context: ClusterContext, control: Cluster, parts: AddonParts): Addon {
  const { name, configuration, identity, after = [] } = parts;
  return new Addon(
    `${context.name}-${name}`,
    {
      clusterName: control.name,
      addonName: name,
      addonVersion: pinnedVersion(context.fields.version, name),
      ...(configuration === undefined ? {} : { configurationValues: JSON.stringify(configuration) }),
      ...(identity === undefined
        ? {}
        : {
            podIdentityAssociations: [
              { roleArn: identity.role.arn, serviceAccount: identity.serviceAccount },
            ],
          }),
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "PRESERVE",
    },
    { ...context.child, dependsOn: [...(identity?.role.policies ?? []), ...after] },
  );
}

function pinnedVersion(version: string, addon: AddonName): string {
  const pinned = addonVersions.byName[version]?.[addon];
  if (pinned !== undefined) return pinned;
  throw new TerraneError("version-not-offered", `no version of ${addon} is known for Kubernetes ${version}`);
}

function identify(context: ClusterContext, parts: Parameters<typeof createPodRole>[1]): Identity {
  return { serviceAccount: parts.serviceAccount, role: createPodRole(context, parts) };
}

/** https://docs.aws.amazon.com/eks/latest/userguide/ebs-csi.html: the managed policy says nothing of keys. */
function identifyVolumes(context: ClusterContext): Identity {
  const key = context.references.encryption?.outputs.clusterKeyId;
  return identify(context, {
    serviceAccount: "ebs-csi-controller-sa",
    suffix: "volumes",
    managed: ["service-role/AmazonEBSCSIDriverPolicy"],
    ...(key === undefined ? {} : { own: allowKey(output(key)) }),
  });
}

function allowKey(key: Output<string>): Output<string> {
  return key.apply((arn) =>
    allow(
      [
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
      ],
      [arn],
    ),
  );
}
