/** Amazon SQS: queues and their policies. */
import type { Properties } from "../../values/value.ts";
import { defineModel, type InputFailure, type Refusal, textAt } from "../model.ts";
import { arnOf, autoName, checkBetween, immutable, regional, regionImmutable } from "./naming.ts";

const api = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference";

export const queueType = "aws:sqs/queue:Queue";

/** Attributes with a range: API_SetQueueAttributes. */
const ranges: Readonly<Record<string, readonly [number, number]>> = {
  delaySeconds: [0, 900],
  maxMessageSize: [1024, 1_048_576],
  messageRetentionSeconds: [60, 1_209_600],
  receiveWaitTimeSeconds: [0, 20],
  visibilityTimeoutSeconds: [0, 43_200],
};

const missingQueue = (): Refusal => ({
  code: "AWS.SimpleQueueService.NonExistentQueue",
  message: "The specified queue does not exist.",
});

const queue = defineModel({
  type: queueType,
  service: "SQS",
  calls: { update: "SetQueueAttributes" },
  source: `${api}/API_CreateQueue.html`,
  autoName: autoName("name", 80),
  id: (subject) =>
    `https://sqs.${subject.place.region}.amazonaws.com/${subject.place.account}/${textAt(subject.inputs, "name") ?? subject.resourceName}`,
  displayName: (subject) => textAt(subject.inputs, "name") ?? subject.resourceName,
  defaults: (inputs, place) => ({
    ...regional(inputs, place),
    delaySeconds: 0,
    maxMessageSize: 262_144,
    messageRetentionSeconds: 345_600,
    receiveWaitTimeSeconds: 0,
    visibilityTimeoutSeconds: 30,
    fifoQueue: false,
    contentBasedDeduplication: false,
    sqsManagedSseEnabled: inputs["kmsMasterKeyId"] === undefined,
  }),
  outputs: (subject) => ({
    arn: arnOf("sqs", subject.place, textAt(subject.inputs, "name") ?? subject.resourceName),
    url: subject.id,
  }),
  immutable: [
    ...immutable(`${api}/API_CreateQueue.html`, "name", "namePrefix", "fifoQueue"),
    regionImmutable,
  ],
  unique: [
    {
      key: (subject) => textAt(subject.inputs, "name"),
      refusal: (subject) => ({
        code: "QueueAlreadyExists",
        message: `A queue already exists with the same name and a different value for attributes: ${textAt(subject.inputs, "name")}`,
      }),
      source: `${api}/API_CreateQueue.html`,
    },
  ],
  references: [
    {
      input: "kmsMasterKeyId",
      to: "aws:kms/key:Key",
      onDelete: "ignore",
      source: `${api}/API_SetQueueAttributes.html`,
    },
  ],
  checkInputs: (inputs) => [...checkName(inputs), ...checkRanges(inputs)],
  rules: [
    {
      check: ({ inputs }) =>
        inputs["sqsManagedSseEnabled"] === true && textAt(inputs, "kmsMasterKeyId") !== undefined
          ? {
              code: "InvalidAttributeValue",
              message: "You can use one type of server-side encryption (SSE) at one time.",
            }
          : undefined,
      source: `${api}/API_SetQueueAttributes.html`,
    },
  ],
  // A name can be used again sixty seconds after its queue is gone; the provider waits for that.
  seconds: { create: 25, update: 25, delete: 60 },
});

const queuePolicy = defineModel({
  type: "aws:sqs/queuePolicy:QueuePolicy",
  service: "SQS",
  calls: { create: "SetQueueAttributes", update: "SetQueueAttributes", delete: "SetQueueAttributes" },
  source: `${api}/API_SetQueueAttributes.html`,
  id: (subject) => textAt(subject.inputs, "queueUrl") ?? subject.resourceName,
  defaults: (_inputs, place) => ({ region: place.region }),
  immutable: [...immutable(`${api}/API_SetQueueAttributes.html`, "queueUrl"), regionImmutable],
  references: [
    {
      input: "queueUrl",
      to: queueType,
      missing: missingQueue,
      onDelete: "cascade",
      source: `${api}/API_SetQueueAttributes.html`,
    },
  ],
  rules: [
    {
      check: ({ inputs }) => (isPolicy(inputs["policy"]) ? undefined : invalidPolicy),
      source:
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-overview-of-managing-access.html",
    },
  ],
  seconds: { create: 25, update: 25, delete: 25 },
});

export const sqsModels = [queue, queuePolicy];

const invalidPolicy: Refusal = {
  code: "InvalidAttributeValue",
  message: "Invalid value for the parameter Policy.",
};

function isPolicy(policy: unknown): boolean {
  if (typeof policy !== "string") return true;
  try {
    return Array.isArray((JSON.parse(policy) as { Statement?: unknown }).Statement);
  } catch {
    return false;
  }
}

function checkName(inputs: Properties): readonly InputFailure[] {
  const name = inputs["name"];
  const rest = inputs["fifoQueue"] === true ? /^[\w-]{1,75}\.fifo$/ : /^[\w-]{1,80}$/;
  if (typeof name !== "string" || rest.test(name)) return [];
  return [{ input: "name", reason: `invalid queue name: ${name}: letters, digits, - and _, at most 80` }];
}

function checkRanges(inputs: Properties): readonly InputFailure[] {
  return Object.entries(ranges).flatMap(([input, [least, most]]) => checkBetween(inputs, input, least, most));
}
