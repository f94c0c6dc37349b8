/** AWS IAM: roles, policies, what is attached to them, instance profiles. */
import type { Properties } from "../../values/value.ts";
import { alphanumeric } from "../draw.ts";
import {
  asMap,
  defineModel,
  type InputFailure,
  type Refusal,
  type StoredObject,
  type Subject,
  textAt,
} from "../model.ts";
import { unsoundTrust } from "./iam-federation.ts";
import { inlineTooLarge, tooLarge } from "./iam-sizes.ts";
import { arnOf, autoName, checkBetween, immutable, tagged } from "./naming.ts";
import { parseJson, statementsOf, textsOf } from "./policy-document.ts";

const api = "https://docs.aws.amazon.com/IAM/latest/APIReference";
const quotas = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html";

export const roleType = "aws:iam/role:Role";
const policyType = "aws:iam/policy:Policy";
const rolePolicyType = "aws:iam/rolePolicy:RolePolicy";
const attachmentType = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";

/** Answers for a role given by name or ARN. */
export const missingRole = (value: string): Refusal => ({
  code: "NoSuchEntity",
  message: `The role with name ${value.slice(value.lastIndexOf("/") + 1)} cannot be found.`,
});

const nameOf = (subject: Omit<Subject, "id">): string =>
  textAt(subject.inputs, "name") ?? subject.resourceName;
const pathOf = (subject: Subject): string => textAt(subject.inputs, "path") ?? "/";

function entityExists(noun: string) {
  return [
    {
      key: nameOf,
      refusal: (subject: Subject) => ({
        code: "EntityAlreadyExists",
        message: `${noun} with name ${nameOf(subject)} already exists.`,
      }),
      source: `${api}/CommonErrors.html`,
    },
  ];
}

const role = defineModel({
  type: roleType,
  service: "IAM",
  calls: { update: "UpdateRole" },
  source: `${api}/API_CreateRole.html`,
  global: true,
  autoName: autoName("name", 64),
  id: nameOf,
  defaults: (inputs) => ({
    ...tagged(inputs),
    path: "/",
    maxSessionDuration: 3600,
    forceDetachPolicies: false,
  }),
  outputs: (subject) => ({
    arn: arnOf("iam", subject.place, `role${pathOf(subject)}${subject.id}`),
    uniqueId: `AROA${subject.draw("unique", 17, alphanumeric)}`,
    createDate: subject.createdAt,
  }),
  immutable: immutable(`${api}/API_UpdateRole.html`, "name", "namePrefix", "path"),
  unique: entityExists("Role"),
  checkInputs: (inputs) => [
    ...checkJson(inputs, "assumeRolePolicy"),
    ...checkBetween(inputs, "maxSessionDuration", 3600, 43_200),
  ],
  references: [
    {
      input: "permissionsBoundary",
      to: policyType,
      missing: (value) => ({
        code: "NoSuchEntity",
        message: `Scope ARN: ${value} does not exist or is not attachable.`,
      }),
      source: `${api}/API_CreateRole.html`,
    },
  ],
  rules: [
    { check: (subject) => malformedTrust(subject), source: `${api}/API_CreateRole.html` },
    { check: unsoundTrust, source: `${api}/API_CreateRole.html` },
    { check: tooLarge("assumeRolePolicy", 2048, "ACLSizePerRole"), source: quotas },
  ],
  quota: {
    limit: 1000,
    refusal: (limit) => ({
      code: "LimitExceeded",
      message: `Cannot exceed quota for RolesPerAccount: ${limit}`,
    }),
    source: quotas,
  },
  inUse: (_object, blockers) => ({
    code: "DeleteConflict",
    message: blockers.some((each) => each.type.includes("instanceProfile"))
      ? "Cannot delete entity, must remove roles from instance profile first."
      : blockers.some((each) => each.type.endsWith(":RolePolicyAttachment"))
        ? "Cannot delete entity, must detach all policies first."
        : "Cannot delete entity, must delete policies first.",
  }),
  seconds: { create: 8, update: 2, delete: 2 },
});

const policy = defineModel({
  type: policyType,
  service: "IAM",
  calls: { update: "CreatePolicyVersion" },
  source: `${api}/API_CreatePolicy.html`,
  global: true,
  autoName: autoName("name", 128),
  id: (subject) =>
    arnOf("iam", subject.place, `policy${textAt(subject.inputs, "path") ?? "/"}${nameOf(subject)}`),
  displayName: nameOf,
  defaults: (inputs) => ({ ...tagged(inputs), path: "/" }),
  outputs: (subject, view) => ({
    arn: subject.id,
    policyId: `ANPA${subject.draw("unique", 17, alphanumeric)}`,
    // Roles that it bounds do not count.
    attachmentCount: subject.old === undefined ? 0 : view.referrers(subject.old, attachmentType).length,
  }),
  immutable: immutable(`${api}/API_CreatePolicy.html`, "name", "namePrefix", "path", "description"),
  unique: entityExists("Policy"),
  checkInputs: (inputs) => [...checkJson(inputs, "policy")],
  rules: [
    { check: (subject) => malformedPolicy(subject), source: `${api}/API_CreatePolicy.html` },
    { check: tooLarge("policy", 6144, "PolicySize"), source: quotas },
  ],
  quota: {
    limit: 1500,
    refusal: (limit) => ({
      code: "LimitExceeded",
      message: `Cannot exceed quota for PoliciesPerAccount: ${limit}`,
    }),
    source: quotas,
  },
  inUse: () => ({ code: "DeleteConflict", message: "Cannot delete a policy attached to entities." }),
  seconds: { create: 2, update: 2, delete: 2 },
});

const rolePolicy = defineModel({
  type: rolePolicyType,
  service: "IAM",
  calls: { create: "PutRolePolicy", update: "PutRolePolicy" },
  source: `${api}/API_PutRolePolicy.html`,
  global: true,
  autoName: autoName("name", 128),
  id: (subject) => `${roleName(subject)}:${nameOf(subject)}`,
  immutable: immutable(`${api}/API_PutRolePolicy.html`, "name", "namePrefix", "role"),
  references: [
    { input: "role", to: roleType, missing: missingRole, source: `${api}/API_PutRolePolicy.html` },
  ],
  checkInputs: (inputs) => checkJson(inputs, "policy"),
  rules: [
    { check: (subject) => malformedPolicy(subject), source: `${api}/API_PutRolePolicy.html` },
    {
      check: (subject, view) => {
        const owner = view.find(roleType, roleName(subject), subject.place);
        const all = owner === undefined ? [] : view.referrers(owner, rolePolicyType);
        return inlineTooLarge(subject, all, roleName(subject));
      },
      source: quotas,
    },
  ],
  seconds: { create: 2, update: 2, delete: 2 },
});

const rolePolicyAttachment = defineModel({
  type: attachmentType,
  service: "IAM",
  calls: { create: "AttachRolePolicy", delete: "DetachRolePolicy" },
  source: `${api}/API_AttachRolePolicy.html`,
  global: true,
  id: (subject) => `${roleName(subject)}-${subject.draw("id", 26, "0123456789")}`,
  // https://www.pulumi.com/registry/packages/aws/api-docs/iam/rolepolicyattachment/#import
  aliases: (outputs) => [`${roleName({ inputs: outputs })}/${textAt(outputs, "policyArn")}`],
  immutable: immutable(`${api}/API_AttachRolePolicy.html`, "policyArn", "role"),
  references: [
    { input: "role", to: roleType, missing: missingRole, source: `${api}/API_AttachRolePolicy.html` },
    { input: "policyArn", to: policyType, source: `${api}/API_AttachRolePolicy.html` },
  ],
  rules: [{ check: attachable, source: `${api}/API_AttachRolePolicy.html` }],
  quota: {
    limit: 10,
    per: "role",
    refusal: (limit) => ({
      code: "LimitExceeded",
      message: `Cannot exceed quota for PoliciesPerRole: ${limit}`,
    }),
    source: quotas,
  },
  seconds: { create: 2, delete: 2 },
});

const instanceProfile = defineModel({
  type: "aws:iam/instanceProfile:InstanceProfile",
  service: "IAM",
  calls: { update: "AddRoleToInstanceProfile" },
  source: `${api}/API_CreateInstanceProfile.html`,
  global: true,
  autoName: autoName("name", 128),
  id: nameOf,
  defaults: (inputs) => ({ ...tagged(inputs), path: "/" }),
  outputs: (subject) => ({
    arn: arnOf("iam", subject.place, `instance-profile${pathOf(subject)}${subject.id}`),
    uniqueId: `AIPA${subject.draw("unique", 17, alphanumeric)}`,
    createDate: subject.createdAt,
  }),
  immutable: immutable(`${api}/API_CreateInstanceProfile.html`, "name", "namePrefix", "path"),
  references: [
    { input: "role", to: roleType, missing: missingRole, source: `${api}/API_AddRoleToInstanceProfile.html` },
  ],
  unique: entityExists("Instance Profile"),
  seconds: { create: 8, update: 2, delete: 2 },
});

export const iamModels = [role, policy, rolePolicy, rolePolicyAttachment, instanceProfile];

function roleName(subject: Pick<Subject, "inputs">): string {
  const given = textAt(subject.inputs, "role") ?? "";
  return given.slice(given.lastIndexOf("/") + 1);
}

function checkJson(inputs: Properties, input: string): readonly InputFailure[] {
  const value = inputs[input];
  if (typeof value !== "string" || parseJson(value) !== undefined) return [];
  return [{ input, reason: `"${input}" contains an invalid JSON policy` }];
}

/** Whether a service may assume the role: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
export function trusts(role: StoredObject, service: string): boolean {
  return statementsOf(textAt(role.inputs, "assumeRolePolicy")).some(
    (statement) =>
      statement["Effect"] === "Allow" && textsOf(asMap(statement["Principal"])["Service"]).includes(service),
  );
}

function malformedTrust(subject: Subject): Refusal | undefined {
  const statements = statementsOf(textAt(subject.inputs, "assumeRolePolicy"));
  const bad =
    statements.length === 0 ||
    statements.some((each) => each["Action"] === undefined || each["Principal"] === undefined);
  return bad
    ? {
        code: "MalformedPolicyDocument",
        message: "AssumeRole policy may only specify STS AssumeRole actions and must name a Principal.",
      }
    : undefined;
}

function malformedPolicy(subject: Subject): Refusal | undefined {
  const statements = statementsOf(textAt(subject.inputs, "policy"));
  const bad =
    statements.length === 0 ||
    statements.some((each) => {
      const acts = each["Action"] ?? each["NotAction"];
      const on = each["Resource"] ?? each["NotResource"];
      return acts === undefined || on === undefined || !["Allow", "Deny"].includes(String(each["Effect"]));
    });
  return bad ? { code: "MalformedPolicyDocument", message: "Syntax errors in policy." } : undefined;
}

/** AWS-managed policies live in the account `aws`; which of them exist is not simulated, how they are written is. */
function attachable(
  subject: Subject,
  view: Parameters<NonNullable<typeof role.outputs>>[1],
): Refusal | undefined {
  const arn = textAt(subject.inputs, "policyArn") ?? "";
  const missing = { code: "NoSuchEntity", message: `Policy ${arn} does not exist or is not attachable.` };
  if (/^arn:aws:iam::aws:policy\/[\w+=,.@\-/]+$/.test(arn)) return undefined;
  if (!arn.startsWith("arn:aws:iam::"))
    return { code: "ValidationError", message: `ARN ${arn} is not valid.` };
  if (arn.split(":")[4] !== subject.place.account) return missing;
  return view.find(policyType, arn, subject.place) === undefined ? missing : undefined;
}
