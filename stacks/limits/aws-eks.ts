/** Facts of Amazon EKS that clusters keep to. Data: each with its source and date. */

/** As of 2026-11-21. */
export const eksLimits = {
  // https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html: ranges of the public endpoint, nodes of a group
  publicAccessRanges: 40,
  nodesPerGroup: 450,
  // https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html#network-requirements-subnets
  subnetFreeAddresses: 6,
  subnetAdvisedAddresses: 16,
  // https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html: the first four and the last
  subnetReservedAddresses: 5,
  // https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html
  serviceSmallestPrefix: 12,
  serviceLargestPrefix: 24,
  // https://docs.aws.amazon.com/eks/latest/userguide/choosing-instance-type.html#determine-max-pods: 30 vCPU and more
  podsPerSmallNode: 110,
  podsPerLargeNode: 250,
} as const;

/** Ranges that a service range must lie in: API_KubernetesNetworkConfigRequest, as of 2026-11-21. */
export const serviceRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] as const;

/** Bridge networks of Docker, which some AWS services use too: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html, as of 2026-11-21. */
export const bridgeRange = "172.17.0.0/16";

/**
 * With prefix delegation a network interface takes /28 blocks; one whole block is kept warm besides those in use.
 * https://docs.aws.amazon.com/eks/latest/best-practices/prefix-mode-linux.html, as of 2026-11-21.
 */
export const prefixDelegation = { blockPrefix: 28, warmBlocks: 1 } as const;

/** What {@link addonVersions} pins. */
export type AddonName =
  | "vpc-cni"
  | "kube-proxy"
  | "coredns"
  | "aws-ebs-csi-driver"
  | "eks-pod-identity-agent";

/**
 * The add-on versions that a cluster runs, by Kubernetes minor version. Read from configurations in use in 2026 and not
 * from the cloud itself, so the patch may lag behind: `aws eks describe-addon-versions` has the list.
 * https://docs.aws.amazon.com/eks/latest/userguide/managing-vpc-cni.html, …/managing-kube-proxy.html,
 * …/managing-coredns.html, …/managing-ebs-csi.html, …/pod-id-agent-setup.html, as of 2026-11-21.
 */
export const addonVersions: Readonly<Record<string, Readonly<Record<AddonName, string>>>> = {
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

/**
 * Karpenter by its exact version, from the project's own registry.
 * https://karpenter.sh/v1.15/upgrading/compatibility/ (Kubernetes 1.29 and newer), as of 2026-11-21.
 */
export const karpenterChart = {
  chart: "oci://public.ecr.aws/karpenter/karpenter",
  definitions: "oci://public.ecr.aws/karpenter/karpenter-crd",
  version: "1.15.0",
} as const;
