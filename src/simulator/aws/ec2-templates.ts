/** Amazon EC2: launch templates. A change makes a new version; a version never changes. */
import { isDeepStrictEqual } from "node:util";
import { isUnknown, type Properties } from "../../values/value.ts";
import { asMap, defineModel, listAt, mapAt, type Refusal, type Subject, textAt } from "../model.ts";
import { missingSecurityGroup, securityGroupType } from "./ec2-security.ts";
import { processorOf } from "./instance-types.ts";
import { arnOf, autoName, ec2Id, immutable, regional, regionImmutable } from "./naming.ts";

const api = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference";

export const launchTemplateType = "aws:ec2/launchTemplate:LaunchTemplate";

const launchTemplate = defineModel({
  type: launchTemplateType,
  service: "EC2",
  calls: { update: "CreateLaunchTemplateVersion" },
  source: `${api}/API_CreateLaunchTemplate.html`,
  autoName: autoName("name", 128),
  id: ec2Id("lt"),
  displayName: (subject) => textAt(subject.inputs, "name") ?? subject.id,
  defaults: (inputs, place) => ({
    ...regional(inputs, place),
    ...(Object.keys(mapAt(inputs, "metadataOptions")).length === 0
      ? {}
      : {
          metadataOptions: {
            httpEndpoint: "enabled",
            httpProtocolIpv6: "disabled",
            httpPutResponseHopLimit: 1,
            instanceMetadataTags: "disabled",
            ...mapAt(inputs, "metadataOptions"),
          },
        }),
  }),
  outputs: (subject) => {
    const before = Number(subject.old?.outputs["latestVersion"] ?? 0);
    const isNew = changedInputs(subject.old?.inputs ?? {}, subject.inputs).some(
      (input) => !outsideVersions.has(input),
    );
    const latestVersion = subject.old === undefined || isNew ? before + 1 : before;
    return {
      arn: arnOf("ec2", subject.place, `launch-template/${subject.id}`),
      latestVersion,
      defaultVersion:
        subject.inputs["updateDefaultVersion"] === true
          ? latestVersion
          : (subject.inputs["defaultVersion"] ?? subject.old?.outputs["defaultVersion"] ?? 1),
    };
  },
  renewed: ["latestVersion", "defaultVersion"],
  immutable: [...immutable(`${api}/API_ModifyLaunchTemplate.html`, "name", "namePrefix"), regionImmutable],
  references: [
    {
      input: "vpcSecurityGroupIds.*",
      to: securityGroupType,
      missing: missingSecurityGroup,
      source: `${api}/API_RequestLaunchTemplateData.html`,
    },
    {
      input: "blockDeviceMappings.*.ebs.kmsKeyId",
      to: "aws:kms/key:Key",
      onDelete: "ignore",
      source: `${api}/API_LaunchTemplateEbsBlockDeviceRequest.html`,
    },
  ],
  unique: [
    {
      key: (subject) => textAt(subject.inputs, "name"),
      refusal: () => ({
        code: "InvalidLaunchTemplateName.AlreadyExistsException",
        message: "Launch template name already in use.",
      }),
      source: `${api}/API_CreateLaunchTemplate.html`,
    },
  ],
  checkInputs: (inputs) => {
    const name = inputs["name"];
    if (typeof name !== "string" || isUnknown(name) || /^[\w().\-/]{3,128}$/.test(name)) return [];
    return [{ input: "name", reason: "name takes 3 to 128 letters, digits and ( ) . - / _" }];
  },
  rules: [
    { check: knownType, source: `${api}/API_RequestLaunchTemplateData.html` },
    { check: soundDisks, source: `${api}/API_EbsBlockDevice.html` },
    { check: soundMetadata, source: `${api}/API_InstanceMetadataOptionsRequest.html` },
  ],
  quota: {
    limit: 5000,
    refusal: (limit) => ({
      code: "LaunchTemplateLimitExceeded",
      message: `You have reached the maximum of ${limit} launch templates.`,
    }),
    source:
      "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/launch-templates.html#launch-template-restrictions",
  },
  seconds: { create: 2, update: 2, delete: 1 },
});

/** Inputs that are no part of a version: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplateVersion.html */
const outsideVersions = new Set([
  "name",
  "namePrefix",
  "defaultVersion",
  "updateDefaultVersion",
  "region",
  "tags",
  "tagsAll",
]);

function changedInputs(before: Properties, after: Properties): readonly string[] {
  const inputs = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...inputs].filter((input) => !isDeepStrictEqual(before[input], after[input]));
}

export const ec2TemplateModels = [launchTemplate];

const invalid = (message: string): Refusal => ({ code: "InvalidParameterValue", message });

function knownType(subject: Subject): Refusal | undefined {
  const type = textAt(subject.inputs, "instanceType");
  if (type === undefined || processorOf(type) !== undefined) return undefined;
  return {
    code: "InvalidInstanceType",
    message: `The following supplied instance types do not exist: [${type}]`,
  };
}

function soundDisks(subject: Subject): Refusal | undefined {
  for (const mapping of listAt(subject.inputs, "blockDeviceMappings").map(asMap)) {
    const disk = mapAt(mapping, "ebs");
    if (textAt(disk, "kmsKeyId") !== undefined && disk["encrypted"] !== "true")
      return invalid("The parameter KmsKeyId requires the parameter Encrypted to be set.");
    const size = Number(disk["volumeSize"] ?? 20);
    if (disk["volumeType"] === "gp3" && (size < 1 || size > 16_384))
      return invalid(`Volume of ${size}GiB is invalid for type gp3: 1 to 16384`);
  }
  return undefined;
}

function soundMetadata(subject: Subject): Refusal | undefined {
  const options: Properties = mapAt(subject.inputs, "metadataOptions");
  const hops = options["httpPutResponseHopLimit"];
  if (typeof hops !== "number" || (hops >= 1 && hops <= 64)) return undefined;
  return invalid(`Value (${hops}) for parameter HttpPutResponseHopLimit is invalid: 1 to 64`);
}
