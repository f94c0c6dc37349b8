/** Amazon CloudWatch Logs: log groups. */
import { isUnknown } from "../../values/value.ts";
import { defineModel, textAt } from "../model.ts";
import { arnOf, autoName, immutable, regional, regionImmutable } from "./naming.ts";

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
      to: "aws:kms/key:Key",
      onDelete: "ignore",
      source: `${api}/API_AssociateKmsKey.html`,
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
