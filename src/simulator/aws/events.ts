/** Amazon EventBridge: rules on the default bus, and what they call. */
import type { Properties } from "../../values/value.ts";
import {
  type CloudView,
  defineModel,
  type Refusal,
  type StoredObject,
  type Subject,
  textAt,
} from "../model.ts";
import { arnOf, autoName, immutable, regional, regionImmutable } from "./naming.ts";
import { queueType } from "./sqs.ts";

const api = "https://docs.aws.amazon.com/eventbridge/latest/APIReference";
const quotas = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html";

export const eventRuleType = "aws:cloudwatch/eventRule:EventRule";
const eventTargetType = "aws:cloudwatch/eventTarget:EventTarget";

const validation = (message: string): Refusal => ({ code: "ValidationException", message });

const eventRule = defineModel({
  type: eventRuleType,
  service: "EventBridge",
  calls: { create: "PutRule", update: "PutRule", delete: "DeleteRule" },
  source: `${api}/API_PutRule.html`,
  autoName: autoName("name", 64),
  id: (subject) => textAt(subject.inputs, "name") ?? subject.resourceName,
  defaults: (inputs, place) => ({
    ...regional(inputs, place),
    eventBusName: "default",
    forceDestroy: false,
    state: "ENABLED",
  }),
  outputs: (subject) => ({ arn: arnOf("events", subject.place, `rule/${subject.id}`) }),
  immutable: [...immutable(`${api}/API_PutRule.html`, "name", "namePrefix", "eventBusName"), regionImmutable],
  // PutRule overwrites a rule of the same name, and the provider asks first.
  unique: [
    {
      key: (subject) => textAt(subject.inputs, "name"),
      refusal: (subject) => ({
        code: "ResourceAlreadyExistsException",
        message: `Rule ${textAt(subject.inputs, "name")} already exists.`,
      }),
      source: `${api}/API_PutRule.html`,
    },
  ],
  checkInputs: (inputs) => {
    const name = inputs["name"];
    if (typeof name !== "string" || /^[.\-_A-Za-z0-9]{1,64}$/.test(name)) return [];
    return [{ input: "name", reason: "name takes 1 to 64 letters, digits and . - _" }];
  },
  rules: [{ check: soundPattern, source: `${api}/API_PutRule.html` }],
  quota: {
    limit: 300,
    refusal: () => ({
      code: "LimitExceededException",
      message: "The requested resource exceeds the maximum number allowed.",
    }),
    source: quotas,
  },
  inUse: () => validation("Rule can't be deleted since it has targets."),
  seconds: { create: 1, update: 1, delete: 1 },
});

const eventTarget = defineModel({
  type: eventTargetType,
  service: "EventBridge",
  calls: { create: "PutTargets", update: "PutTargets", delete: "RemoveTargets" },
  source: `${api}/API_PutTargets.html`,
  id: (subject) =>
    `${textAt(subject.inputs, "rule")}-${textAt(subject.inputs, "targetId") ?? subject.resourceName}`,
  defaults: (_inputs, place) => ({ region: place.region, eventBusName: "default", forceDestroy: false }),
  outputs: (subject) => ({ targetId: textAt(subject.inputs, "targetId") ?? subject.resourceName }),
  // https://www.pulumi.com/registry/packages/aws/api-docs/cloudwatch/eventtarget/#import
  aliases: (outputs) => {
    const short = `${textAt(outputs, "rule")}/${textAt(outputs, "targetId")}`;
    return [short, `${textAt(outputs, "eventBusName")}/${short}`];
  },
  immutable: [
    ...immutable(`${api}/API_PutTargets.html`, "rule", "targetId", "eventBusName"),
    regionImmutable,
  ],
  references: [
    {
      input: "rule",
      to: eventRuleType,
      missing: (value) => ({
        code: "ResourceNotFoundException",
        message: `Rule ${value} does not exist on EventBus default.`,
      }),
      source: `${api}/API_PutTargets.html`,
    },
    // EventBridge takes any ARN and fails when it delivers; nothing keeps the queue.
    { input: "arn", to: queueType, onDelete: "ignore", source: `${api}/API_PutTargets.html` },
  ],
  rules: [
    { check: soundArn, source: `${api}/API_Target.html` },
    { on: ["create"], check: atMostFive, source: quotas },
  ],
  seconds: { create: 1, update: 1, delete: 1 },
});

export const eventModels = [eventRule, eventTarget];

function soundPattern({ inputs }: Pick<Subject, "inputs">): Refusal | undefined {
  const pattern = textAt(inputs, "eventPattern");
  if (pattern === undefined && textAt(inputs, "scheduleExpression") === undefined)
    return validation("Parameter(s) EventPattern or ScheduleExpression must be specified.");
  if (pattern === undefined) return undefined;
  const parsed = parseJson(pattern);
  const sound =
    parsed !== undefined &&
    Object.keys(parsed).length > 0 &&
    Object.values(parsed).every((each) => typeof each === "object" && each !== null);
  return sound
    ? undefined
    : {
        code: "InvalidEventPatternException",
        message: "Event pattern is not valid. Reason: each field holds a list.",
      };
}

function soundArn({ inputs }: Pick<Subject, "inputs">): Refusal | undefined {
  const arn = textAt(inputs, "arn") ?? "";
  return /^arn:aws[\w-]*:[\w-]+:/.test(arn)
    ? undefined
    : validation(`Parameter ${arn} is not valid. Reason: Provided Arn is not in correct format.`);
}

function atMostFive(subject: Subject, view: CloudView): Refusal | undefined {
  const rule: StoredObject | undefined = view.find(
    eventRuleType,
    textAt(subject.inputs, "rule") ?? "",
    subject.place,
  );
  if (rule === undefined || view.referrers(rule, eventTargetType).length < 5) return undefined;
  return { code: "LimitExceededException", message: "Rule has the maximum number of targets: 5" };
}

function parseJson(text: string): Properties | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? (parsed as Properties) : undefined;
  } catch {
    return undefined;
  }
}
