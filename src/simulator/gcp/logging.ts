/** Cloud Logging: buckets that keep log entries, and the sinks that route them there. */
import type { Properties } from "../../values/value.ts";
import { digits } from "../draw.ts";
import { defineModel, type InputFailure, type Refusal, type Subject, textAt } from "../model.ts";
import { immutable, nameOf } from "./naming.ts";

const api = "https://cloud.google.com/logging/docs/reference/v2/rest/v2";

const bucketType = "gcp:logging/projectBucketConfig:ProjectBucketConfig";

const bucket = defineModel({
  type: bucketType,
  service: "logging",
  calls: { create: "buckets.create", update: "buckets.patch", delete: "buckets.delete" },
  source: `${api}/projects.locations.buckets`,
  id: (subject) =>
    `projects/${projectOf(subject)}/locations/${textAt(subject.inputs, "location")}/buckets/${textAt(subject.inputs, "bucketId")}`,
  defaults: () => ({
    description: "",
    enableAnalytics: false,
    lifecycleState: "ACTIVE",
    locked: false,
    retentionDays: 30,
  }),
  outputs: (subject) => ({ name: subject.id }),
  immutable: immutable(`${api}/projects.locations.buckets/create`, "bucketId", "location", "project"),
  checkInputs: checkBucketId,
  rules: [
    {
      check: ({ inputs }) => retentionRefusal(inputs),
      source: "https://cloud.google.com/logging/docs/buckets#create_bucket",
    },
  ],
  seconds: { create: 3, update: 3, delete: 2 },
});

const sink = defineModel({
  type: "gcp:logging/projectSink:ProjectSink",
  service: "logging",
  calls: { create: "sinks.create", update: "sinks.update", delete: "sinks.delete" },
  source: `${api}/projects.sinks`,
  global: true,
  autoName: { input: "name", maxLength: 100 },
  id: (subject) => `projects/${projectOf(subject)}/sinks/${nameOf(subject)}`,
  defaults: (_inputs, place) => ({
    project: place.account,
    disabled: false,
    filter: "",
    uniqueWriterIdentity: true,
  }),
  outputs: (subject) => ({
    writerIdentity: `serviceAccount:service-${subject.draw("number", 12, digits)}@gcp-sa-logging.iam.gserviceaccount.com`,
  }),
  immutable: immutable(`${api}/projects.sinks/update`, "name", "project"),
  references: [
    {
      input: "destination",
      to: bucketType,
      // A sink may route to a bucket of another project, to storage, to a dataset: nothing of it keeps the bucket.
      onDelete: "ignore",
      values: ({ inputs }) => {
        const [, id] =
          /^logging\.googleapis\.com\/(projects\/.+)$/.exec(textAt(inputs, "destination") ?? "") ?? [];
        return id === undefined ? [] : [id];
      },
      source: "https://cloud.google.com/logging/docs/export/configure_export_v2#dest-auth",
    },
  ],
  unique: [
    {
      key: (subject) => `${projectOf(subject)}/${nameOf(subject)}`,
      refusal: (subject) => ({
        code: "alreadyExists",
        message: `Sink ${nameOf(subject)} already exists in projects/${projectOf(subject)}`,
      }),
      source: `${api}/projects.sinks/create`,
    },
  ],
  seconds: { create: 2, update: 2, delete: 2 },
});

export const gcpLoggingModels = [bucket, sink];

function projectOf({ inputs, place }: Pick<Subject, "inputs" | "place">): string {
  const given = textAt(inputs, "project") ?? place.account;
  return given.slice(given.lastIndexOf("/") + 1);
}

/** https://cloud.google.com/logging/docs/buckets#create_bucket */
function checkBucketId(inputs: Properties): readonly InputFailure[] {
  const id = inputs["bucketId"];
  if (typeof id !== "string" || /^[A-Za-z0-9][\w.-]{0,99}$/.test(id)) return [];
  return [{ input: "bucketId", reason: `"${id}" is no bucket id: letters, digits, _, - and ., at most 100` }];
}

function retentionRefusal(inputs: Properties): Refusal | undefined {
  const days = inputs["retentionDays"];
  if (typeof days !== "number" || (days >= 1 && days <= 3650)) return undefined;
  return { code: "invalid", message: `Retention days must be between 1 and 3650, got ${days}` };
}
