/** Amazon EKS: node groups. */
import {
  type CloudView,
  defineModel,
  listAt,
  mapAt,
  type Refusal,
  type Subject,
  textAt,
  textsAt,
} from "../model.ts";
import { subnetType } from "./ec2.ts";
import { launchTemplateType } from "./ec2-templates.ts";
import { clusterType, defaultVersion, minorOf, missingCluster, missingSubnetOfCluster } from "./eks.ts";
import { invalidParameter } from "./eks-network.ts";
import { trustsNodes } from "./eks-roles.ts";
import { missingRole, roleType } from "./iam.ts";
import { processorOf } from "./instance-types.ts";
import { arnOf, autoName, immutable, regional, regionImmutable } from "./naming.ts";

const api = "https://docs.aws.amazon.com/eks/latest/APIReference";
const guide = "https://docs.aws.amazon.com/eks/latest/userguide";

export const nodeGroupType = "aws:eks/nodeGroup:NodeGroup";

const nodeGroup = defineModel({
  type: nodeGroupType,
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
    // With a template of one's own, disk and type may stand there.
    ...(inputs["launchTemplate"] === undefined ? { diskSize: 20, instanceTypes: ["t3.medium"] } : {}),
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
    // A group made with a template stays with one, and with that one; only its version changes.
    ...immutable(`${guide}/launch-templates.html`, "launchTemplate.id", "launchTemplate.name"),
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
    {
      input: "launchTemplate.id",
      to: launchTemplateType,
      missing: (value) => invalidRequest(`Launch template ${value} not found.`),
      source: `${guide}/launch-templates.html`,
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
    { on: ["create"], check: trustsNodes, source: `${guide}/create-node-role.html` },
    { check: soundTemplate, source: `${guide}/launch-templates.html` },
    { check: soundTypes, source: `${api}/API_CreateNodegroup.html` },
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

const invalidRequest = (message: string): Refusal => ({ code: "InvalidRequestException", message });

/** What may stand in a template and what may not, and whether the version is there. */
function soundTemplate(subject: Subject, view: CloudView): Refusal | undefined {
  const given = mapAt(subject.inputs, "launchTemplate");
  const template = view.find(launchTemplateType, textAt(given, "id") ?? "", subject.place);
  if (template === undefined) return undefined;
  if (subject.inputs["diskSize"] !== undefined)
    return invalidParameter("Disk size must be specified within the launch template.");
  if (
    textAt(template.inputs, "instanceType") !== undefined &&
    listAt(subject.inputs, "instanceTypes").length > 0
  )
    return invalidRequest(
      "You cannot specify instance types in both the node group configuration and the launch template.",
    );
  if (template.inputs["iamInstanceProfile"] !== undefined)
    return invalidParameter("The launch template must not specify an IAM instance profile.");
  const version = Number(textAt(given, "version"));
  return Number.isInteger(version) && version > Number(template.outputs["latestVersion"])
    ? invalidRequest(`Launch template version ${version} not found.`)
    : undefined;
}

/** Types that there are, all of the processor that the image is for. */
function soundTypes(subject: Subject, view: CloudView): Refusal | undefined {
  const id = textAt(mapAt(subject.inputs, "launchTemplate"), "id") ?? "";
  const fromTemplate = textAt(view.find(launchTemplateType, id, subject.place)?.inputs ?? {}, "instanceType");
  const types = fromTemplate === undefined ? textsAt(subject.inputs, "instanceTypes") : [fromTemplate];
  const image = /ARM_64/.test(textAt(subject.inputs, "amiType") ?? "") ? "arm64" : "x86_64";
  const missing = types.filter((type) => processorOf(type) === undefined);
  if (missing.length > 0)
    return invalidParameter(`The following supplied instance types do not exist: [${missing.join(", ")}]`);
  const wrong = types.filter((type) => processorOf(type) !== image);
  return wrong.length === 0
    ? undefined
    : invalidParameter(
        `[${wrong.join(", ")}] is not a valid instance type for requested amiType ${textAt(subject.inputs, "amiType")}`,
      );
}

function scaling(subject: Subject): Refusal | undefined {
  const sizes = mapAt(subject.inputs, "scalingConfig");
  const [least, wanted, most] = [
    Number(sizes["minSize"]),
    Number(sizes["desiredSize"]),
    Number(sizes["maxSize"]),
  ];
  if (most < 1) return invalidParameter("maxSize must be at least 1");
  if (most > 450)
    return {
      code: "ResourceLimitExceededException",
      message: `Nodes per managed node group limit exceeded: maxSize ${most}, limit 450`,
    };
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
