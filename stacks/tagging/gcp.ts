/**
 * Tags on Google Cloud: labels, which know only lowercase letters, digits, `_` and `-`. The same tag becomes the same
 * label each time; two tags that would become one label are refused.
 */
import { sha256 } from "../../src/values/digest.ts";
import type { TagRefusal } from "../../src/values/tags.ts";
import { labelLength, labelsPerResource } from "../limits/gcp.ts";
import { findCollisions } from "./collisions.ts";
import type { Tagger, Tags } from "./tagger.ts";

const ownPrefix = "terrane:";

/** Inputs that hold the labels of the resource itself. Where there is another one, `labels` means something else. */
const labelInputs = ["userLabels", "resourceLabels", "labels"] as const;

/** Types whose input of that name is something else than a map of labels. A test compares this with the SDK. */
export const otherLabelForms: ReadonlySet<string> = new Set([
  "gcp:cloudidentity/group:Group",
  "gcp:deploymentmanager/deployment:Deployment",
  "gcp:monitoring/metricDescriptor:MetricDescriptor",
]);

export const gcpTagger: Tagger = {
  package: "gcp",
  input: (type, props) => (otherLabelForms.has(type) ? undefined : labelInputs.find((name) => name in props)),
  merge: (existing, tags) => ({ ...existing, ...toLabels(tags) }),
  form: toLabels,
  held: (tags) => tags,
  check: (tags) => [
    ...findCollisions(tags, toLabelKey, (label) => `both become the label "${label}" on Google Cloud`),
    ...checkCount(tags),
    ...Object.entries(tags).flatMap(([key, value]) => warnOfLoss(key, value)),
  ],
};

/** Labels for the tags: `Owner: Team/Payments` becomes `owner: team_payments`. */
export function toLabels(tags: Tags): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tags).map(([key, value]) => [toLabelKey(key), toLabelText(value)]),
  );
}

function toLabelKey(key: string): string {
  const text = toLabelText(key);
  return /^[a-z]/.test(text) ? text : toLabelText(`x_${key}`);
}

// A text that is cut keeps a hash of the whole, so that two long ones stay apart.
function toLabelText(text: string): string {
  const mapped = text.toLowerCase().replace(/[^a-z0-9_-]/g, "_");
  if (mapped.length <= labelLength.most) return mapped;
  const hash = sha256(text).slice(0, 6);
  return `${mapped.slice(0, labelLength.most - hash.length - 1)}_${hash}`;
}

/** Lowercase alone loses nothing that people would miss; other characters and length do. */
function warnOfLoss(key: string, value: string): readonly TagRefusal[] {
  const label = { key: toLabelKey(key), value: toLabelText(value) };
  if (key.startsWith(ownPrefix) || (label.key === key.toLowerCase() && label.value === value.toLowerCase()))
    return [];
  const message = `on Google Cloud the tag becomes the label "${label.key}: ${label.value}"`;
  return [
    {
      code: "bad-tag",
      severity: "warning",
      key,
      message,
      allowed: "lowercase letters, digits, _ and -, at most 63",
    },
  ];
}

function checkCount(tags: Tags): readonly TagRefusal[] {
  const count = Object.keys(tags).length;
  const last = Object.keys(tags).at(-1);
  if (last === undefined || count <= labelsPerResource.most) return [];
  return [
    {
      code: "bad-tag",
      key: last,
      message: `${count} labels are too many for Google Cloud`,
      allowed: `at most ${labelsPerResource.most}, terrane's own included`,
    },
  ];
}
