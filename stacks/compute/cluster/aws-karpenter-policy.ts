/**
 * What Karpenter's controller may do on AWS: it changes only what carries the cluster's own tag. The statements are
 * those of https://karpenter.sh/v1.15/reference/cloudformation/, as of 2026-11-21.
 */

export interface ControllerScope {
  readonly region: string;
  readonly cluster: string;
  readonly clusterArn: string;
  readonly queueArn: string;
  readonly nodeRoleArn: string;
  /** Key of the nodes' disks. */
  readonly keyArn?: string;
}

interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A policy document. */
export function controllerPolicy(scope: ControllerScope): string {
  const Statement = [
    ...launching(scope),
    ...tagging(scope),
    ...instanceProfiles(scope),
    ...reading(scope),
    ...keys(scope),
  ];
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

const allow = (Sid: string, statement: Omit<Statement, "Sid" | "Effect">): Statement => ({
  Sid,
  Effect: "Allow",
  ...statement,
});

const made = [
  "fleet",
  "instance",
  "volume",
  "network-interface",
  "launch-template",
  "spot-instances-request",
];
const ec2 = (region: string, kinds: readonly string[]) =>
  kinds.map((kind) => `arn:aws:ec2:${region}:*:${kind}/*`);
const owned = (kind: "Request" | "Resource", cluster: string) => ({
  [`aws:${kind}Tag/kubernetes.io/cluster/${cluster}`]: "owned",
});
const ofPool = (kind: "Request" | "Resource") => ({ [`aws:${kind}Tag/karpenter.sh/nodepool`]: "*" });

function launching({ region, cluster }: ControllerScope): readonly Statement[] {
  const launch = ["ec2:RunInstances", "ec2:CreateFleet"];
  return [
    allow("LaunchFrom", {
      Action: launch,
      Resource: [
        `arn:aws:ec2:${region}::image/*`,
        `arn:aws:ec2:${region}::snapshot/*`,
        ...ec2(region, ["security-group", "subnet", "capacity-reservation"]),
      ],
    }),
    allow("LaunchFromOwnTemplates", {
      Action: launch,
      Resource: ec2(region, ["launch-template"]),
      Condition: { StringEquals: owned("Resource", cluster), StringLike: ofPool("Resource") },
    }),
    allow("LaunchTagged", {
      Action: [...launch, "ec2:CreateLaunchTemplate"],
      Resource: ec2(region, made),
      Condition: {
        StringEquals: { ...owned("Request", cluster), "aws:RequestTag/eks:eks-cluster-name": cluster },
        StringLike: ofPool("Request"),
      },
    }),
    allow("EndOwn", {
      Action: ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"],
      Resource: ec2(region, ["instance", "launch-template"]),
      Condition: { StringEquals: owned("Resource", cluster), StringLike: ofPool("Resource") },
    }),
  ];
}

function tagging({ region, cluster }: ControllerScope): readonly Statement[] {
  return [
    allow("TagWhileCreating", {
      Action: ["ec2:CreateTags"],
      Resource: ec2(region, made),
      Condition: {
        StringEquals: {
          ...owned("Request", cluster),
          "aws:RequestTag/eks:eks-cluster-name": cluster,
          "ec2:CreateAction": ["RunInstances", "CreateFleet", "CreateLaunchTemplate"],
        },
        StringLike: ofPool("Request"),
      },
    }),
    allow("TagOwnInstances", {
      Action: ["ec2:CreateTags"],
      Resource: ec2(region, ["instance"]),
      Condition: {
        StringEquals: owned("Resource", cluster),
        StringLike: ofPool("Resource"),
        StringEqualsIfExists: { "aws:RequestTag/eks:eks-cluster-name": cluster },
        "ForAllValues:StringEquals": {
          "aws:TagKeys": ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"],
        },
      },
    }),
  ];
}

function instanceProfiles({ region, cluster, nodeRoleArn }: ControllerScope): readonly Statement[] {
  const Resource = "arn:aws:iam::*:instance-profile/*";
  const inRegion = (kind: "Request" | "Resource") => ({
    ...owned(kind, cluster),
    [`aws:${kind}Tag/topology.kubernetes.io/region`]: region,
  });
  const ofClass = (kind: "Request" | "Resource") => ({
    [`aws:${kind}Tag/karpenter.k8s.aws/ec2nodeclass`]: "*",
  });
  const named = { "aws:RequestTag/eks:eks-cluster-name": cluster };
  return [
    allow("PassNodeRole", {
      Action: ["iam:PassRole"],
      Resource: nodeRoleArn,
      Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
    }),
    allow("CreateOwnProfiles", {
      Action: ["iam:CreateInstanceProfile"],
      Resource,
      Condition: { StringEquals: { ...inRegion("Request"), ...named }, StringLike: ofClass("Request") },
    }),
    allow("TagOwnProfiles", {
      Action: ["iam:TagInstanceProfile"],
      Resource,
      Condition: {
        StringEquals: { ...inRegion("Resource"), ...inRegion("Request"), ...named },
        StringLike: { ...ofClass("Resource"), ...ofClass("Request") },
      },
    }),
    allow("ChangeOwnProfiles", {
      Action: [
        "iam:AddRoleToInstanceProfile",
        "iam:RemoveRoleFromInstanceProfile",
        "iam:DeleteInstanceProfile",
      ],
      Resource,
      Condition: { StringEquals: inRegion("Resource"), StringLike: ofClass("Resource") },
    }),
    allow("ReadProfiles", { Action: ["iam:GetInstanceProfile"], Resource }),
    allow("ListProfiles", { Action: ["iam:ListInstanceProfiles"], Resource: "*" }),
  ];
}

function reading({ region, clusterArn, queueArn }: ControllerScope): readonly Statement[] {
  const things = [
    "CapacityReservations",
    "Images",
    "Instances",
    "InstanceTypeOfferings",
    "InstanceTypes",
    "LaunchTemplates",
    "PlacementGroups",
    "SecurityGroups",
    "SpotPriceHistory",
    "Subnets",
  ];
  return [
    allow("ReadRegion", {
      Action: things.map((each) => `ec2:Describe${each}`),
      Resource: "*",
      Condition: { StringEquals: { "aws:RequestedRegion": region } },
    }),
    allow("ReadImages", {
      Action: ["ssm:GetParameter"],
      Resource: `arn:aws:ssm:${region}::parameter/aws/service/*`,
    }),
    allow("ReadPrices", { Action: ["pricing:GetProducts"], Resource: "*" }),
    allow("ReadCluster", { Action: ["eks:DescribeCluster"], Resource: clusterArn }),
    allow("ReadInterruptions", {
      Action: ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
      Resource: queueArn,
    }),
  ];
}

/** Encrypted disks need a grant: https://karpenter.sh/v1.15/troubleshooting/ (nodes that end right after their launch). */
function keys({ keyArn }: ControllerScope): readonly Statement[] {
  if (keyArn === undefined) return [];
  return [
    allow("UseDiskKey", {
      Action: ["kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:Decrypt"],
      Resource: keyArn,
    }),
    allow("GrantDiskKey", {
      Action: ["kms:CreateGrant"],
      Resource: keyArn,
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    }),
  ];
}
