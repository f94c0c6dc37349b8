/** AWS KMS: keys, their policies and their aliases. */
import {
  asMap,
  type CloudView,
  defineModel,
  type Place,
  type Refusal,
  type StoredObject,
  type Subject,
  textAt,
} from "../model.ts";
import { arnOf, checkBetween, immutable, regional, regionImmutable } from "./naming.ts";
import { matches, parseJson, statementsOf, textsOf } from "./policy-document.ts";

const api = "https://docs.aws.amazon.com/kms/latest/APIReference";

const quotas = "https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html";

export const keyType = "aws:kms/key:Key";
const keyPolicyType = "aws:kms/keyPolicy:KeyPolicy";

const key = defineModel({
  type: keyType,
  service: "KMS",
  calls: { update: "UpdateKeyDescription", delete: "ScheduleKeyDeletion" },
  source: `${api}/API_CreateKey.html`,
  stateful: true,
  id: (subject) => [8, 4, 4, 4, 12].map((length, index) => subject.draw(`id${index}`, length)).join("-"),
  defaults: (inputs, place) => ({
    ...regional(inputs, place),
    customerMasterKeySpec: "SYMMETRIC_DEFAULT",
    keyUsage: "ENCRYPT_DECRYPT",
    isEnabled: true,
    enableKeyRotation: false,
    multiRegion: false,
    bypassPolicyLockoutSafetyCheck: false,
    // https://docs.aws.amazon.com/kms/latest/developerguide/rotating-keys-enable.html
    ...(inputs["enableKeyRotation"] === true ? { rotationPeriodInDays: 365 } : {}),
    policy: defaultPolicy(place),
  }),
  outputs: (subject) => ({ arn: arnOf("kms", subject.place, `key/${subject.id}`), keyId: subject.id }),
  immutable: [
    ...immutable(
      `${api}/API_CreateKey.html`,
      "customerMasterKeySpec",
      "keyUsage",
      "multiRegion",
      "customKeyStoreId",
      "xksKeyId",
    ),
    regionImmutable,
  ],
  checkInputs: (inputs) => [
    ...checkBetween(inputs, "deletionWindowInDays", 7, 30),
    ...checkBetween(inputs, "rotationPeriodInDays", 90, 2560),
  ],
  rules: [{ check: unsoundPolicy, source: `${api}/API_PutKeyPolicy.html` }],
  quota: {
    limit: 100_000,
    refusal: () => ({
      code: "LimitExceededException",
      message: "The maximum number of keys has been reached.",
    }),
    source: quotas,
  },
  seconds: { create: 10, update: 5, delete: 2 },
});

/** Stands for the one policy that a key has; deleting it gives the key its default one again. */
const keyPolicy = defineModel({
  type: keyPolicyType,
  service: "KMS",
  calls: { create: "PutKeyPolicy", update: "PutKeyPolicy", delete: "PutKeyPolicy" },
  source: `${api}/API_PutKeyPolicy.html`,
  id: (subject) => textAt(subject.inputs, "keyId") ?? "",
  defaults: (_inputs, place) => ({ region: place.region, bypassPolicyLockoutSafetyCheck: false }),
  immutable: [...immutable(`${api}/API_PutKeyPolicy.html`, "keyId"), regionImmutable],
  references: [
    {
      input: "keyId",
      to: keyType,
      missing: missingKey,
      onDelete: "cascade",
      source: `${api}/API_PutKeyPolicy.html`,
    },
  ],
  rules: [{ check: unsoundPolicy, source: `${api}/API_PutKeyPolicy.html` }],
  seconds: { create: 2, update: 2, delete: 1 },
});

const alias = defineModel({
  type: "aws:kms/alias:Alias",
  service: "KMS",
  source: `${api}/API_CreateAlias.html`,
  autoName: { input: "name", maxLength: 256, prefix: "alias/" },
  id: (subject) => textAt(subject.inputs, "name") ?? `alias/${subject.resourceName}`,
  defaults: (_inputs, place) => ({ region: place.region }),
  outputs: (subject, view) => {
    const target = view.find(keyType, textAt(subject.inputs, "targetKeyId") ?? "", subject.place);
    return {
      name: subject.id,
      arn: arnOf("kms", subject.place, subject.id),
      targetKeyArn:
        target?.outputs["arn"] ?? arnOf("kms", subject.place, `key/${textAt(subject.inputs, "targetKeyId")}`),
    };
  },
  immutable: [...immutable(`${api}/API_CreateAlias.html`, "name", "namePrefix"), regionImmutable],
  references: [
    {
      input: "targetKeyId",
      to: keyType,
      missing: missingKey,
      onDelete: "cascade",
      source: `${api}/API_CreateAlias.html`,
    },
  ],
  unique: [
    {
      key: (subject) => textAt(subject.inputs, "name"),
      refusal: (subject) => ({
        code: "AlreadyExistsException",
        message: `An alias with the name ${arnOf("kms", subject.place, subject.id)} already exists`,
      }),
      source: `${api}/API_CreateAlias.html`,
    },
  ],
  rules: [
    {
      check: (subject) =>
        subject.id.startsWith("alias/aws/")
          ? { code: "NotAuthorizedException", message: "Aliases that begin with alias/aws/ belong to AWS." }
          : undefined,
      source: `${api}/API_CreateAlias.html`,
    },
  ],
  quota: {
    limit: 50,
    per: "targetKeyId",
    refusal: () => ({
      code: "LimitExceededException",
      message: "The maximum number of aliases for this key has been reached.",
    }),
    source: quotas,
  },
  checkInputs: (inputs) => {
    const name = inputs["name"];
    if (typeof name !== "string" || /^alias\/[\w/-]+$/.test(name)) return [];
    return [
      { input: "name", reason: 'name must begin with "alias/" and be comprised of only [a-zA-Z0-9/_-]' },
    ];
  },
  seconds: { create: 2, update: 1, delete: 1 },
});

export const kmsModels = [key, keyPolicy, alias];

/** The policy that counts for a key: its own resource's, else what it was made with. */
export function policyOf(found: StoredObject, view: CloudView): string {
  const [own] = view.referrers(found, keyPolicyType);
  return textAt((own ?? found).outputs, "policy") ?? "";
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
function defaultPolicy({ account }: Place): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Id: "key-default-1",
    Statement: [
      {
        Sid: "Enable IAM User Permissions",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: "kms:*",
        Resource: "*",
      },
    ],
  });
}

function missingKey(value: string): Refusal {
  return { code: "NotFoundException", message: `Key '${value}' does not exist` };
}

function unsoundPolicy({ inputs, place }: Subject, view: CloudView): Refusal | undefined {
  const policy = textAt(inputs, "policy");
  if (policy === undefined) return undefined;
  const malformed = (message: string): Refusal => ({ code: "MalformedPolicyDocumentException", message });
  if (parseJson(policy) === undefined)
    return malformed("Policy contains a statement that is not valid JSON.");
  if (Buffer.byteLength(policy) > 32_768)
    return { code: "LimitExceededException", message: "The key policy is larger than 32768 bytes." };
  const stranger = statementsOf(policy)
    .flatMap((each) => textsOf(asMap(each["Principal"])["AWS"]))
    .find((arn) => isMissingRole(arn, place, view));
  if (stranger !== undefined)
    return malformed("Policy contains a statement with one or more invalid principals.");
  if (inputs["bypassPolicyLockoutSafetyCheck"] === true || letsAdminister(policy)) return undefined;
  return malformed("The new key policy will not allow you to update the key policy in the future.");
}

/** Roles of other accounts cannot be seen from here. */
function isMissingRole(arn: string, place: Place, view: CloudView): boolean {
  if (!arn.startsWith(`arn:aws:iam::${place.account}:role/`)) return false;
  return view.find("aws:iam/role:Role", arn, { ...place, region: "global" }) === undefined;
}

function letsAdminister(policy: string): boolean {
  return statementsOf(policy).some(
    (each) =>
      each["Effect"] === "Allow" &&
      each["Condition"] === undefined &&
      (each["Principal"] === "*" || textsOf(asMap(each["Principal"])["AWS"]).length > 0) &&
      textsOf(each["Action"]).some((action) => matches(action, "kms:PutKeyPolicy")),
  );
}
