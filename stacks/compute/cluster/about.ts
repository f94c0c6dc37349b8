/** What the reference says of clusters. */
import type { ComponentAbout } from "../../../src/catalog/about.ts";

export const about: ComponentAbout = {
  purpose:
    "A Kubernetes cluster that needs nothing else to run workloads: a control plane that answers inside the network, a " +
    "few system nodes for what the cluster itself needs, add-ons at pinned versions, and Karpenter, which adds and takes " +
    "away nodes as pods come and go. What is deployed into it is left to `argocd`.",
  makes: [
    {
      what: "EKS cluster with access entries only, its endpoint private, its secrets encrypted",
      why: "Nobody gets in by a config map that the cloud cannot see, and nothing answers from the internet unless ranges are named.",
      platforms: ["aws"],
    },
    {
      what: "Log group `/aws/eks/<name>/cluster`",
      why: "EKS would make it itself, without an end, a key or tags.",
      when: "`controlPlaneLogs` is not empty",
      platforms: ["aws"],
    },
    {
      what: "Managed node group from a launch template: Amazon Linux 2023, encrypted gp3 disk, IMDSv2 with one hop",
      why: "DNS, the volume driver and Karpenter run on nodes that Karpenter cannot take away. The machine type stands in the template, so that another one rolls the nodes over.",
      platforms: ["aws"],
    },
    {
      what: "Add-ons vpc-cni, kube-proxy, coredns, aws-ebs-csi-driver, eks-pod-identity-agent",
      why: "At versions pinned for the cluster's version. The network plugin hands out whole blocks of addresses; DNS scales and spreads over zones.",
      platforms: ["aws"],
    },
    {
      what: "A role for each add-on that calls the cloud, by Pod Identity",
      why: "The node's own role can do no more than join and pull images, so a pod that escapes gains little. Each role is for one service account of this cluster: an association in another cluster of the account does not get it.",
      platforms: ["aws"],
    },
    {
      what: "Storage class `gp3`, the default one",
      why: "Volumes are encrypted and made in the zone of their pod.",
      platforms: ["aws"],
    },
    {
      what: "Karpenter: two Helm releases, a role for the controller, a role and an access entry for its nodes",
      why: "Its resource definitions are a release of their own, since Helm never upgrades those inside a chart.",
      when: "`autoscaling` is `karpenter`",
      platforms: ["aws"],
    },
    {
      what: "An SQS queue and five EventBridge rules",
      why: "Nodes that the cloud is about to take are drained first.",
      when: "`autoscaling` is `karpenter`",
      platforms: ["aws"],
    },
    {
      what: "One EC2NodeClass, and a NodePool for each kind of capacity and processor",
      why: "A pod that says nothing lands where every image and every restart is safe; the others take pods that tolerate them.",
      when: "`autoscaling` is `karpenter`",
      platforms: ["aws"],
    },
    {
      what: "A security group rule for each component in `connects`",
      why: "The consumer owns the rule, so both go together.",
      when: "`connects` names something",
      platforms: ["aws"],
    },
  ],
  decided: [
    {
      what: "Free addresses of each private subnet",
      value: "6 at least, 16 advised",
      why: "EKS puts network interfaces of its own into them, and more during upgrades.",
      source: "https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html",
      asOf: "2026-11-21",
    },
    {
      what: "Addresses that a node takes",
      value: "a /28 block for each 16 pods, and one more",
      why: "The network plugin keeps one whole block warm, so that a pod never waits for one.",
      source: "https://docs.aws.amazon.com/eks/latest/best-practices/prefix-mode-linux.html",
      asOf: "2026-11-21",
    },
    {
      what: "Smallest added node",
      value: "4 virtual processors, general, compute or memory family, generation 5 and newer",
      why: "On smaller ones DaemonSets take most of the room; older ones cost more for less.",
      source: "https://karpenter.sh/docs/concepts/nodepools/",
      asOf: "2026-11-21",
    },
    {
      what: "Life of an added node",
      value: "30 days, then it drains for a day at most",
      why: "No node runs an image older than a month, whatever a disruption budget says.",
      source: "https://karpenter.sh/docs/concepts/disruption/",
      asOf: "2026-11-21",
    },
    {
      what: "Version policy of the control plane",
      value: "EXTENDED",
      why: "With STANDARD the cloud itself upgrades the cluster on its last day, at a time of its own; here the document says when, and extended support is warned of with its price.",
      source: "https://docs.aws.amazon.com/eks/latest/userguide/view-upgrade-policy.html",
      asOf: "2026-11-21",
    },
  ],
  notes: [
    "Where terrane runs outside the network, either the site says `runner: inside` or `publicAccessCidrs` names the ranges it comes from: nothing opens by itself.",
    "`version` goes up one minor version at a time and never back; nodes follow in the same `up`.",
    "`serviceRange` and the key of `encryption` never change on a live cluster: another one is another cluster.",
    "Pods on nodes of the second processor tolerate `kubernetes.io/arch=<processor>:NoSchedule`; on spot in second place `terrane.dev/capacity=spot:NoSchedule`.",
    "`limits` count for each pool: two kinds of capacity and two processors make four pools.",
    "With `nodeImage: latest` Karpenter replaces nodes when the cloud releases an image; name a release where that must wait for you.",
    "Volumes that workloads asked for outlive the cluster if their claims were not deleted first; they carry the environment's tags.",
    "The kubeconfig calls `aws eks get-token`, so the `aws` command has to be there.",
  ],
  example: "cluster: { type: cluster, network: vpc }",
};
