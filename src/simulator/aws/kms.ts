/** AWS KMS: keys and their aliases. */
import { defineModel, textAt } from "../model.ts";
import { arnOf, immutable, regional, regionImmutable } from "./naming.ts";

const api = "https://docs.aws.amazon.com/kms/latest/APIReference";

export const keyType = "aws:kms/key:Key";

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
    policy: JSON.stringify({
      Version: "2012-10-17",
      Id: "key-default-1",
      Statement: [
        {
          Sid: "Enable IAM User Permissions",
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${place.account}:root` },
          Action: "kms:*",
          Resource: "*",
        },
      ],
    }),
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
  checkInputs: (inputs) => {
    const days = inputs["deletionWindowInDays"];
    if (typeof days !== "number" || (days >= 7 && days <= 30)) return [];
    return [
      {
        input: "deletionWindowInDays",
        reason: `expected deletion_window_in_days to be in the range (7 - 30), got ${days}`,
      },
    ];
  },
  rules: [
    {
      check: (subject) => {
        const policy = textAt(subject.inputs, "policy");
        if (policy === undefined) return undefined;
        try {
          JSON.parse(policy);
          return undefined;
        } catch {
          return {
            code: "MalformedPolicyDocumentException",
            message: "Policy contains a statement that is not valid JSON.",
          };
        }
      },
      source: `${api}/API_PutKeyPolicy.html`,
    },
  ],
  seconds: { create: 10, update: 5, delete: 2 },
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
      missing: (value) => ({ code: "NotFoundException", message: `Key '${value}' does not exist` }),
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
  checkInputs: (inputs) => {
    const name = inputs["name"];
    if (typeof name !== "string" || /^alias\/[\w/-]+$/.test(name)) return [];
    return [
      { input: "name", reason: 'name must begin with "alias/" and be comprised of only [a-zA-Z0-9/_-]' },
    ];
  },
  seconds: { create: 2, update: 1, delete: 1 },
});

export const kmsModels = [key, alias];
