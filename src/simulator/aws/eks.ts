/** Amazon EKS: clusters and node groups. */
import type { Properties } from "../../values/value.ts";
import { alphanumeric, hex } from "../draw.ts";
import { type CloudView, defineModel, mapAt, type Refusal, type Subject, textAt, textsAt } from "../model.ts";
import { subnetType } from "./ec2.ts";
import { missingSecurityGroup, securityGroupType } from "./ec2-security.ts";
import {
  clusterNetwork,
  clusterSubnets,
  invalidParameter,
  publicRanges,
  serviceRange,
} from "./eks-network.ts";
import { trustsControlPlane } from "./eks-roles.ts";
import { missingRole, roleType } from "./iam.ts";
import { arnOf, autoName, immutable, regional, regionImmutable } from "./naming.ts";

const api = "https://docs.aws.amazon.com/eks/latest/APIReference";
const guide = "https://docs.aws.amazon.com/eks/latest/userguide";

export const clusterType = "aws:eks/cluster:Cluster";

/** Versions that can be created, as of 2026-11: https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html */
const versions = ["1.30", "1.31", "1.32", "1.33", "1.34", "1.35"];
export const defaultVersion = "1.34";

export const missingCluster = (value: string): Refusal => ({
  code: "ResourceNotFoundException",
  message: `No cluster found for name: ${value}.`,
});
export const clusterSource = `${api}/API_CreateCluster.html`;

export const missingSubnetOfCluster = (value: string): Refusal =>
  invalidParameter(`The subnet ID '${value}' does not exist`);

const cluster = defineModel({
  type: clusterType,
  service: "EKS",
  calls: { update: "UpdateClusterConfig" },
  source: clusterSource,
  autoName: autoName("name", 100),
  id: (subject) => textAt(subject.inputs, "name") ?? subject.resourceName,
  defaults: (inputs, place) => ({
    ...regional(inputs, place),
    version: defaultVersion,
    bootstrapSelfManagedAddons: true,
    deletionProtection: false,
  }),
  outputs: clusterOutputs,
  computedInside: [
    "vpcConfig.clusterSecurityGroupId",
    "vpcConfig.vpcId",
    "kubernetesNetworkConfig.serviceIpv4Cidr",
  ],
  immutable: [
    ...immutable(
      clusterSource,
      "name",
      "roleArn",
      "kubernetesNetworkConfig.ipFamily",
      "kubernetesNetworkConfig.serviceIpv4Cidr",
      "outpostConfig",
      "bootstrapSelfManagedAddons",
      "accessConfig.bootstrapClusterCreatorAdminPermissions",
    ),
    {
      // A key can be added once; it never changes and never goes.
      input: "encryptionConfig",
      source: `${api}/API_AssociateEncryptionConfig.html`,
      when: (before) => before !== undefined,
    },
    regionImmutable,
  ],
  unordered: [
    "vpcConfig.subnetIds",
    "vpcConfig.securityGroupIds",
    "vpcConfig.publicAccessCidrs",
    "enabledClusterLogTypes",
  ],
  references: [
    {
      input: "roleArn",
      to: roleType,
      missing: (value) => invalidParameter(missingRole(value).message),
      onDelete: "ignore",
      source: clusterSource,
    },
    {
      input: "vpcConfig.subnetIds.*",
      to: subnetType,
      missing: missingSubnetOfCluster,
      source: clusterSource,
    },
    {
      input: "vpcConfig.securityGroupIds.*",
      to: securityGroupType,
      missing: missingSecurityGroup,
      source: clusterSource,
    },
    {
      input: "encryptionConfig.provider.keyArn",
      to: "aws:kms/key:Key",
      onDelete: "ignore",
      source: clusterSource,
    },
  ],
  unique: [
    {
      key: (subject) => textAt(subject.inputs, "name"),
      refusal: (subject) => ({
        code: "ResourceInUseException",
        message: `Cluster already exists with name: ${textAt(subject.inputs, "name")}`,
      }),
      source: clusterSource,
    },
  ],
  checkInputs: (inputs) => {
    const name = inputs["name"];
    if (typeof name !== "string" || /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/.test(name)) return [];
    return [
      {
        input: "name",
        reason:
          "name must start with a letter or digit, hold only letters, digits, - and _, and have at most 100 characters",
      },
    ];
  },
  rules: [
    { on: ["create"], check: trustsControlPlane, source: `${guide}/cluster-iam-role.html` },
    { check: offeredVersion, source: `${guide}/kubernetes-versions.html` },
    { on: ["update"], check: oneMinorUp, source: `${guide}/update-cluster.html` },
    { check: clusterSubnets, source: `${guide}/network-reqs.html` },
    { on: ["update"], check: clusterNetwork, source: `${api}/API_UpdateClusterConfig.html` },
    { check: publicRanges, source: `${guide}/cluster-endpoint.html` },
    { check: serviceRange, source: `${api}/API_KubernetesNetworkConfigRequest.html` },
  ],
  deleteRules: [
    {
      check: (object) =>
        object.outputs["deletionProtection"] === true
          ? {
              code: "InvalidRequestException",
              message: `Cluster ${object.id} has deletion protection enabled`,
            }
          : undefined,
      source: `${api}/API_DeleteCluster.html`,
    },
  ],
  quota: {
    limit: 100,
    refusal: (limit) => ({
      code: "ResourceLimitExceededException",
      message: `Cluster limit exceeded: ${limit}`,
    }),
    source: `${guide}/service-quotas.html`,
  },
  inUse: () => ({ code: "ResourceInUseException", message: "Cluster has nodegroups attached" }),
  sides: (subject, outputs) => {
    const id = textAt(mapAt(outputs, "vpcConfig"), "clusterSecurityGroupId") ?? "";
    const vpcId = textAt(mapAt(outputs, "vpcConfig"), "vpcId") ?? "";
    const name = `eks-cluster-sg-${subject.id}-${subject.draw("sgname", 9, "0123456789")}`;
    const inputs = {
      name,
      vpcId,
      description:
        "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, as well as any managed workloads.",
    };
    return [
      { type: securityGroupType, id, name, inputs, outputs: { ...inputs, ownerId: subject.place.account } },
    ];
  },
  serves: (outputs) => textAt(outputs, "endpoint"),
  seconds: { create: 600, update: 480, delete: 300 },
});

export const eksModels = [cluster];

function clusterOutputs(subject: Subject, view: CloudView): Properties {
  const { inputs, place } = subject;
  const network = mapAt(inputs, "vpcConfig");
  const subnet = view.find(subnetType, textsAt(network, "subnetIds")[0] ?? "", place);
  const version = textAt(inputs, "version") ?? defaultVersion;
  const unique = subject.draw("endpoint", 32, alphanumeric);
  return {
    arn: arnOf("eks", place, `cluster/${subject.id}`),
    endpoint: `https://${unique}.gr7.${place.region}.eks.simulated`,
    certificateAuthority: {
      data: Buffer.from(`simulated certificate authority ${unique}\n`).toString("base64"),
    },
    createdAt: subject.createdAt,
    identities: [{ oidcs: [{ issuer: `https://oidc.eks.${place.region}.amazonaws.com/id/${unique}` }] }],
    platformVersion: "eks.1",
    status: "ACTIVE",
    version,
    vpcConfig: {
      endpointPrivateAccess: false,
      endpointPublicAccess: true,
      publicAccessCidrs: ["0.0.0.0/0"],
      ...network,
      clusterSecurityGroupId: `sg-0${subject.draw("sg", 16, hex)}`,
      ...(subnet === undefined ? {} : { vpcId: subnet.inputs["vpcId"] ?? "" }),
    },
    kubernetesNetworkConfig: {
      ipFamily: "ipv4",
      serviceIpv4Cidr: "172.20.0.0/16",
      ...mapAt(inputs, "kubernetesNetworkConfig"),
    },
    accessConfig: {
      authenticationMode: "CONFIG_MAP",
      bootstrapClusterCreatorAdminPermissions: true,
      ...mapAt(inputs, "accessConfig"),
    },
    upgradePolicy: { supportType: "EXTENDED", ...mapAt(inputs, "upgradePolicy") },
  };
}

function offeredVersion(subject: Subject): Refusal | undefined {
  const version = textAt(subject.inputs, "version");
  if (version === undefined || versions.includes(version)) return undefined;
  return invalidParameter(`unsupported Kubernetes version ${version}; supported are ${versions.join(", ")}`);
}

export const minorOf = (version: string): number => Number(version.split(".")[1]);

function oneMinorUp(subject: Subject): Refusal | undefined {
  const before = textAt(subject.old?.outputs ?? {}, "version");
  const after = textAt(subject.inputs, "version") ?? before;
  if (before === undefined || after === undefined) return undefined;
  const step = minorOf(after) - minorOf(before);
  if (step === 0 || step === 1) return undefined;
  return invalidParameter(`Unsupported Kubernetes minor version update from ${before} to ${after}`);
}
