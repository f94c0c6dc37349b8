/** Limits of Amazon EKS that clusters keep to. Data. */
import { limitsAsOf } from "./limit.ts";

const limit = limitsAsOf("2026-11-21");
const guide = "https://docs.aws.amazon.com/eks/latest/userguide";
const quotas = `${guide}/service-quotas.html` as const;
const subnets = `${guide}/network-reqs.html#network-requirements-subnets` as const;
const serviceNetwork =
  "https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html";
const prefixMode = "https://docs.aws.amazon.com/eks/latest/best-practices/prefix-mode-linux.html";

export const publicAccessRanges = limit({
  what: "Ranges that a cluster's public endpoint admits",
  most: 40,
  source: quotas,
});

export const nodesPerGroup = limit({ what: "Nodes of one node group", most: 450, source: quotas });

export const clusterSubnetAddresses = limit({
  what: "Free addresses that EKS wants in each subnet of a cluster",
  least: 6,
  source: subnets,
});

export const advisedSubnetAddresses = limit({
  what: "Free addresses that EKS advises in each subnet of a cluster",
  least: 16,
  source: subnets,
});

export const servicePrefix = limit({
  what: "Prefix of the range of services",
  from: 12,
  to: 24,
  source: serviceNetwork,
});

export const serviceRanges = limit({
  what: "Ranges that the range of services lies in",
  oneOf: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"],
  source: serviceNetwork,
});

export const bridgeRange = limit({
  what: "Range of Docker's bridge networks, which some AWS services use too",
  is: "172.17.0.0/16",
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html",
});

export const podBlockPrefix = limit({
  what: "Prefix of the blocks that a node's interfaces take for its pods",
  is: 28,
  source: prefixMode,
});

export const warmPodBlocks = limit({
  what: "Whole blocks that a node keeps for pods to come",
  is: 1,
  source: prefixMode,
});

/** What {@link addonVersions} pins. */
export type AddonName =
  | "vpc-cni"
  | "kube-proxy"
  | "coredns"
  | "aws-ebs-csi-driver"
  | "eks-pod-identity-agent";

const addons: Readonly<Record<string, Readonly<Record<AddonName, string>>>> = {
  "1.31": {
    "vpc-cni": "v1.21.1-eksbuild.3",
    "kube-proxy": "v1.31.14-eksbuild.2",
    coredns: "v1.11.4-eksbuild.28",
    "aws-ebs-csi-driver": "v1.57.1-eksbuild.1",
    "eks-pod-identity-agent": "v1.3.10-eksbuild.2",
  },
  "1.32": {
    "vpc-cni": "v1.21.1-eksbuild.3",
    "kube-proxy": "v1.32.11-eksbuild.2",
    coredns: "v1.11.4-eksbuild.28",
    "aws-ebs-csi-driver": "v1.57.1-eksbuild.1",
    "eks-pod-identity-agent": "v1.3.10-eksbuild.2",
  },
  "1.33": {
    "vpc-cni": "v1.21.1-eksbuild.3",
    "kube-proxy": "v1.33.7-eksbuild.2",
    coredns: "v1.13.1-eksbuild.1",
    "aws-ebs-csi-driver": "v1.57.1-eksbuild.1",
    "eks-pod-identity-agent": "v1.3.10-eksbuild.2",
  },
  "1.34": {
    "vpc-cni": "v1.21.1-eksbuild.3",
    "kube-proxy": "v1.34.1-eksbuild.2",
    coredns: "v1.13.1-eksbuild.1",
    "aws-ebs-csi-driver": "v1.57.1-eksbuild.1",
    "eks-pod-identity-agent": "v1.3.10-eksbuild.2",
  },
  "1.35": {
    "vpc-cni": "v1.21.1-eksbuild.3",
    "kube-proxy": "v1.35.0-eksbuild.2",
    coredns: "v1.13.2-eksbuild.1",
    "aws-ebs-csi-driver": "v1.57.1-eksbuild.1",
    "eks-pod-identity-agent": "v1.3.10-eksbuild.3",
  },
};

export const addonVersions = limit({
  what: "Versions of the add-ons that a cluster runs, by Kubernetes version",
  byName: addons,
  source: [
    `${guide}/managing-vpc-cni.html`,
    `${guide}/managing-kube-proxy.html`,
    `${guide}/managing-coredns.html`,
    `${guide}/managing-ebs-csi.html`,
    `${guide}/pod-id-agent-setup.html`,
  ],
  note: "Read from configurations in use in 2026 and not from the cloud itself, so the patch may lag behind; `aws eks describe-addon-versions` has the list.",
});

/** From the project's own registry. */
export const karpenterChart = limit({
  what: "Karpenter's charts: itself and its definitions, for Kubernetes 1.29 and newer",
  byName: {
    chart: "oci://public.ecr.aws/karpenter/karpenter",
    definitions: "oci://public.ecr.aws/karpenter/karpenter-crd",
    version: "1.15.0",
  },
  source: "https://karpenter.sh/v1.15/upgrading/compatibility/",
});
