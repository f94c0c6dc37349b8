/** Amazon EKS: node groups. */
import { type CloudView, defineModel, mapAt, type Refusal, type Subject, textAt } from "../model.ts";
import { subnetType } from "./ec2.ts";
import {
  clusterType,
  defaultVersion,
  invalidParameter,
  minorOf,
  missingCluster,
  missingSubnetOfCluster,
} from "./eks.ts";
import { missingRole, roleType } from "./iam.ts";
import { arnOf, autoName, immutable, regional, regionImmutable } from "./naming.ts";

const api = "https://docs.aws.amazon.com/eks/latest/APIReference";
const guide = "https://docs.aws.amazon.com/eks/latest/userguide";

const nodeGroup = defineModel({
  type: "aws:eks/nodeGroup:NodeGroup",
  service: "EKS",
  calls: { create: "CreateNodegroup", update: "UpdateNodegroupConfig", delete: "DeleteNodegroup" },
  source: `${api}/API_CreateNodegroup.html`,
  autoName: autoName("nodeGroupName", 63),
  id: (subject) =>
    `${textAt(subject.inputs, "clusterName")}:${textAt(subject.inputs, "nodeGroupName") ?? subject.resourceName}`,
  displayName: (subject) => textAt(subject.inputs, "nodeGroupName") ?? subject.id,
  defaults: (inputs, place) => ({
    ...regional(inputs, place),
    amiType: "AL2023_x86_64_STANDARD",
    capacityType: "ON_DEMAND",
    diskSize: 20,
    instanceTypes: ["t3.medium"],
  }),
  outputs: (subject, view) => {
    const parent = view.find(clusterType, textAt(subject.inputs, "clusterName") ?? "", subject.place);
    const version =
      textAt(subject.inputs, "version") ?? textAt(parent?.outputs ?? {}, "version") ?? defaultVersion;
    const name = subject.id.slice(subject.id.indexOf(":") + 1);
    return {
      arn: arnOf(
        "eks",
        subject.place,
        `nodegroup/${textAt(subject.inputs, "clusterName")}/${name}/${subject.draw("uuid", 32)}`,
      ),
      version,
      releaseVersion: textAt(subject.inputs, "releaseVersion") ?? `${version}.0-20261101`,
      status: "ACTIVE",
      resources: [
        {
          autoscalingGroups: [{ name: `eks-${name}-${subject.draw("asg", 12)}` }],
          remoteAccessSecurityGroupId: "",
        },
      ],
    };
  },
  immutable: [
    ...immutable(
      `${api}/API_UpdateNodegroupConfig.html`,
      "amiType",
      "capacityType",
      "clusterName",
      "diskSize",
      "instanceTypes",
      "nodeGroupName",
      "nodeGroupNamePrefix",
      "nodeRoleArn",
      "remoteAccess",
      "subnetIds",
    ),
    regionImmutable,
  ],
  unordered: ["subnetIds", "taints"],
  references: [
    {
      input: "clusterName",
      to: clusterType,
      missing: missingCluster,
      source: `${api}/API_CreateNodegroup.html`,
    },
    {
      input: "nodeRoleArn",
      to: roleType,
      missing: (value) => invalidParameter(missingRole(value).message),
      onDelete: "ignore",
      source: `${api}/API_CreateNodegroup.html`,
    },
    {
      input: "subnetIds.*",
      to: subnetType,
      missing: missingSubnetOfCluster,
      source: `${api}/API_CreateNodegroup.html`,
    },
  ],
  unique: [
    {
      key: (subject) => {
        const name = textAt(subject.inputs, "nodeGroupName");
        return name && `${textAt(subject.inputs, "clusterName")}:${name}`;
      },
      refusal: (subject) => ({
        code: "ResourceInUseException",
        message: `NodeGroup already exists with name ${textAt(subject.inputs, "nodeGroupName")} and cluster name ${textAt(subject.inputs, "clusterName")}`,
      }),
      source: `${api}/API_CreateNodegroup.html`,
    },
  ],
  rules: [
    { check: scaling, source: `${api}/API_NodegroupScalingConfig.html` },
    { check: nodeVersion, source: `${guide}/update-managed-node-group.html` },
  ],
  quota: {
    limit: 30,
    per: "clusterName",
    refusal: (limit) => ({
      code: "ResourceLimitExceededException",
      message: `Nodegroup limit exceeded: ${limit}`,
    }),
    source: `${guide}/service-quotas.html`,
  },
  seconds: { create: 150, update: 60, delete: 150 },
});

export const eksNodeModels = [nodeGroup];

function scaling(subject: Subject): Refusal | undefined {
  const sizes = mapAt(subject.inputs, "scalingConfig");
  const [least, wanted, most] = [
    Number(sizes["minSize"]),
    Number(sizes["desiredSize"]),
    Number(sizes["maxSize"]),
  ];
  if (most < 1) return invalidParameter("maxSize must be at least 1");
  if (least > wanted)
    return invalidParameter(`Minimum capacity ${least} can't be greater than desired size ${wanted}`);
  if (wanted > most)
    return invalidParameter(`desired capacity ${wanted} can't be greater than max size ${most}`);
  return undefined;
}

function nodeVersion(subject: Subject, view: CloudView): Refusal | undefined {
  const parent = view.find(clusterType, textAt(subject.inputs, "clusterName") ?? "", subject.place);
  const own = textAt(subject.inputs, "version");
  const control = textAt(parent?.outputs ?? {}, "version");
  if (own === undefined || control === undefined || minorOf(own) <= minorOf(control)) return undefined;
  return invalidParameter(
    `Nodegroup Kubernetes version ${own} is newer than the cluster's version ${control}`,
  );
}
