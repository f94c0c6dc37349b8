/** Amazon EC2: security groups and their rules. */
import {
  type CloudView,
  defineModel,
  type Model,
  type ReferenceRule,
  type Refusal,
  type Rule,
  type Subject,
  textAt,
} from "../model.ts";
import { missingVpc, vpcType } from "./ec2.ts";
import { arnOf, autoName, ec2Id, immutable, regional, regionImmutable } from "./naming.ts";

const api = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference";

export const securityGroupType = "aws:ec2/securityGroup:SecurityGroup";
export const missingSecurityGroup = (value: string): Refusal => ({
  code: "InvalidGroup.NotFound",
  message: `The security group '${value}' does not exist`,
});

const inUse = (object: { readonly id: string }): Refusal => ({
  code: "DependencyViolation",
  message: `resource ${object.id} has a dependent object`,
});

/** Groups named by in-line rules hold those groups as rules of their own would. */
const inlineReferences: readonly ReferenceRule[] = [
  "ingress.*.securityGroups.*",
  "egress.*.securityGroups.*",
].map((input) => ({
  input,
  to: securityGroupType,
  missing: missingSecurityGroup,
  source: `${api}/API_AuthorizeSecurityGroupIngress.html`,
}));

const securityGroup = defineModel({
  type: securityGroupType,
  service: "EC2",
  calls: { update: "AuthorizeSecurityGroupIngress" },
  source: `${api}/API_CreateSecurityGroup.html`,
  autoName: autoName("name", 255),
  id: ec2Id("sg"),
  defaults: (inputs, place) => ({
    ...regional(inputs, place),
    description: "Managed by Pulumi",
    revokeRulesOnDelete: false,
    ownerId: place.account,
    ingress: [],
    egress: [],
  }),
  outputs: (subject) => ({ arn: arnOf("ec2", subject.place, `security-group/${subject.id}`) }),
  immutable: [
    ...immutable(`${api}/API_CreateSecurityGroup.html`, "name", "namePrefix", "description", "vpcId"),
    regionImmutable,
  ],
  unordered: ["ingress", "egress"],
  references: [
    { input: "vpcId", to: vpcType, missing: missingVpc, source: `${api}/API_CreateSecurityGroup.html` },
    ...inlineReferences,
  ],
  unique: [
    {
      key: (subject) =>
        `${textAt(subject.inputs, "vpcId") ?? "default"} ${textAt(subject.inputs, "name") ?? subject.urn}`,
      refusal: (subject) => ({
        code: "InvalidGroup.Duplicate",
        message: `The security group '${textAt(subject.inputs, "name")}' already exists for VPC '${textAt(subject.inputs, "vpcId")}'`,
      }),
      source: `${api}/errors-overview.html`,
    },
  ],
  rules: [
    {
      check: (subject) => {
        const name = textAt(subject.inputs, "name");
        if (name === undefined || !name.startsWith("sg-")) return undefined;
        return {
          code: "InvalidParameterValue",
          message: `Value (${name}) for parameter GroupName is invalid. Group names may not be in the format sg-*.`,
        };
      },
      source: `${api}/API_CreateSecurityGroup.html`,
    },
  ],
  quota: {
    limit: 2500,
    refusal: () => ({
      code: "SecurityGroupLimitExceeded",
      message: "The maximum number of security groups has been reached.",
    }),
    source: "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html",
  },
  inUse,
  seconds: { create: 3, update: 2, delete: 2 },
});

/** Adopts the group that came with the VPC and takes its rules; deleting it leaves the group in place. */
const defaultSecurityGroup = defineModel({
  type: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  service: "EC2",
  calls: { create: "RevokeSecurityGroupIngress", update: "AuthorizeSecurityGroupIngress" },
  source:
    "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/default_security_group",
  id: (subject, view) => {
    const vpc = view.find(vpcType, textAt(subject.inputs, "vpcId") ?? "", subject.place);
    return (vpc && textAt(vpc.outputs, "defaultSecurityGroupId")) ?? ec2Id("sg")(subject);
  },
  displayName: () => "default",
  defaults: (inputs, place) => ({
    ...regional(inputs, place),
    name: "default",
    description: "default VPC security group",
    revokeRulesOnDelete: false,
    ownerId: place.account,
    ingress: [],
    egress: [],
  }),
  outputs: (subject) => ({ arn: arnOf("ec2", subject.place, `security-group/${subject.id}`) }),
  immutable: [...immutable(`${api}/API_CreateSecurityGroup.html`, "vpcId"), regionImmutable],
  unordered: ["ingress", "egress"],
  references: [
    {
      input: "vpcId",
      to: vpcType,
      missing: missingVpc,
      onDelete: "cascade",
      source: `${api}/API_CreateSecurityGroup.html`,
    },
    ...inlineReferences,
  ],
  seconds: { create: 2, update: 2, delete: 1 },
});

function ruleModel(direction: "Ingress" | "Egress"): Model {
  const source = `${api}/API_AuthorizeSecurityGroup${direction}.html`;
  const type = `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`;
  return defineModel({
    type,
    service: "EC2",
    calls: {
      create: `AuthorizeSecurityGroup${direction}`,
      update: "ModifySecurityGroupRules",
      delete: `RevokeSecurityGroup${direction}`,
    },
    source,
    id: ec2Id("sgr"),
    defaults: regional,
    outputs: (subject) => ({
      arn: arnOf("ec2", subject.place, `security-group-rule/${subject.id}`),
      securityGroupRuleId: subject.id,
    }),
    immutable: [...immutable(`${api}/API_ModifySecurityGroupRules.html`, "securityGroupId"), regionImmutable],
    references: [
      {
        input: "securityGroupId",
        to: securityGroupType,
        missing: missingSecurityGroup,
        onDelete: "cascade",
        source,
      },
      { input: "referencedSecurityGroupId", to: securityGroupType, missing: missingSecurityGroup, source },
    ],
    rules: [
      oneSource(source, direction),
      { on: ["create"], check: (subject, view) => duplicate(type, subject, view), source },
    ],
    quota: {
      limit: 60,
      per: "securityGroupId",
      refusal: () => ({
        code: "RulesPerSecurityGroupLimitExceeded",
        message: "The maximum number of rules per security group has been reached.",
      }),
      source: "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html",
    },
    seconds: { create: 2, update: 2, delete: 2 },
  });
}

export const ec2SecurityModels = [
  securityGroup,
  defaultSecurityGroup,
  ruleModel("Ingress"),
  ruleModel("Egress"),
];

const sources = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"] as const;

function oneSource(source: string, direction: string): Rule {
  return {
    check: (subject) => {
      const given = sources.filter((name) => textAt(subject.inputs, name) !== undefined);
      if (given.length === 1) return undefined;
      return {
        code: "InvalidParameterCombination",
        message: `exactly one of ${sources.join(", ")} must be given for ${direction.toLowerCase()}; there are ${given.length}`,
      };
    },
    source,
  };
}

/** Two rules of one group that say the same. */
function duplicate(type: string, subject: Subject, view: CloudView): Refusal | undefined {
  const group = view.find(securityGroupType, textAt(subject.inputs, "securityGroupId") ?? "", subject.place);
  if (group === undefined) return undefined;
  const words = (inputs: Subject["inputs"]) =>
    JSON.stringify([...sources, "ipProtocol", "fromPort", "toPort"].map((name) => inputs[name] ?? null));
  const same = view.referrers(group, type).find((other) => {
    return other.inputs["securityGroupId"] === group.id && words(other.inputs) === words(subject.inputs);
  });
  return (
    same && { code: "InvalidPermission.Duplicate", message: `the specified rule "${same.id}" already exists` }
  );
}
