/** Amazon CloudWatch Logs: log groups. */
import { isUnknown } from "../../values/value.ts";
import { type CloudView, defineModel, type Refusal, type Subject, textAt } from "../model.ts";
import { keyType, policyOf } from "./kms.ts";
import { arnOf, autoName, immutable, regional, regionImmutable } from "./naming.ts";
import { allowsService } from "./policy-document.ts";

const api = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference";

/** Days that can be chosen: API_PutRetentionPolicy. 0 keeps for ever. */
const retention = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const logGroup = defineModel({
  type: "aws:cloudwatch/logGroup:LogGroup",
  service: "CloudWatch Logs",
  calls: { update: "PutRetentionPolicy" },
  source: `${api}/API_CreateLogGroup.html`,
  autoName: autoName("name", 512),
  id: (subject) => textAt(subject.inputs, "name") ?? subject.resourceName,
  defaults: (inputs, place) => ({
    ...regional(inputs, place),
    retentionInDays: 0,
    skipDestroy: false,
    logGroupClass: "STANDARD",
    deletionProtectionEnabled: false,
  }),
  outputs: (subject) => ({ arn: arnOf("logs", subject.place, `log-group:${subject.id}`) }),
  immutable: [
    ...immutable(`${api}/API_CreateLogGroup.html`, "name", "namePrefix", "logGroupClass"),
    regionImmutable,
  ],
  checkInputs: (inputs) => {
    const days = inputs["retentionInDays"];
    if (days === undefined || isUnknown(days) || retention.includes(Number(days))) return [];
    return [
      {
        input: "retentionInDays",
        reason: `expected retention_in_days to be one of ${JSON.stringify(retention)}, got ${String(days)}`,
      },
    ];
  },
  references: [
    {
      input: "kmsKeyId",
      to: keyType,
      onDelete: "ignore",
      source: `${api}/API_AssociateKmsKey.html`,
    },
  ],
  rules: [
    {
      check: keyRefuses,
      source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    },
  ],
  unique: [
    {
      key: (subject) => textAt(subject.inputs, "name"),
      refusal: () => ({
        code: "ResourceAlreadyExistsException",
        message: "The specified log group already exists",
      }),
      source: `${api}/API_CreateLogGroup.html`,
    },
  ],
  deleteRules: [
    {
      check: (object) =>
        object.inputs["deletionProtectionEnabled"] === true
          ? {
              code: "ValidationException",
              message: "The specified log group has deletion protection enabled.",
            }
          : undefined,
      source: `${api}/API_DeleteLogGroup.html`,
    },
  ],
  seconds: { create: 2, update: 1, delete: 1 },
});

export const logsModels = [logGroup];

/** CloudWatch Logs tries the key before it takes it, and does not tell a missing one from one that refuses. */
function keyRefuses({ inputs, place, id }: Subject, view: CloudView): Refusal | undefined {
  const keyId = textAt(inputs, "kmsKeyId");
  if (keyId === undefined || (keyId.split(":")[4] ?? place.account) !== place.account) return undefined;
  const group = arnOf("logs", place, `log-group:${id}`);
  const key = view.find(keyType, keyId, place);
  const allowed =
    key !== undefined &&
    allowsService(policyOf(key, view), {
      service: `logs.${place.region}.amazonaws.com`,
      action: "kms:GenerateDataKey",
      context: { "kms:EncryptionContext:aws:logs:arn": group },
    });
  if (allowed) return undefined;
  return {
    code: "AccessDeniedException",
    message: `The specified KMS key does not exist or is not allowed to be used with Arn '${group}'`,
  };
}
