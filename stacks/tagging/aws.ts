/** Tags on AWS: the `tags` input, taken as they are written. */
import type { TagRefusal } from "../../src/values/tags.ts";
import {
  tagCharacters,
  tagForm,
  tagKeyLength,
  tagReservedPrefix,
  tagsPerResource,
  tagValueLength,
} from "../limits/aws.ts";
import type { Tagger, Tags } from "./tagger.ts";

/** Types whose `tags` are a list of objects or belong to something else. A test compares this with the SDK. */
export const otherTagForms: ReadonlySet<string> = new Set([
  "aws:autoscaling/group:Group",
  "aws:devopsguru/resourceCollection:ResourceCollection",
  "aws:inspector/resourceGroup:ResourceGroup",
]);

/** Tags the catalog itself adds to some resources: Name and the Kubernetes subnet role. */
const ownTags = 2;

export const awsTagger: Tagger = {
  package: "aws",
  input: (type, props) => ("tags" in props && !otherTagForms.has(type) ? "tags" : undefined),
  merge: (existing, tags) => ({ ...existing, ...tags }),
  form: (own) => ({ ...own }),
  held: (tags) => tags,
  check: (tags) => [
    ...Object.entries(tags).flatMap(([key, value]) => checkTag(key, value)),
    ...checkCount(tags),
  ],
};

function checkTag(key: string, value: string): readonly TagRefusal[] {
  const refusals: TagRefusal[] = [];
  if (key.length > tagKeyLength.to || !tagForm.test(key)) {
    refusals.push(
      bad(
        key,
        `AWS does not take the tag key "${key}"`,
        `${tagKeyLength.from} to ${tagKeyLength.to} ${tagCharacters.is}`,
      ),
    );
  }
  if (key.toLowerCase().startsWith(tagReservedPrefix.is)) {
    refusals.push(
      bad(key, `AWS keeps tag keys that start with "aws:" for itself: "${key}"`, "another prefix"),
    );
  }
  if (value.length > tagValueLength.most || !tagForm.test(value)) {
    refusals.push(
      bad(
        key,
        `AWS does not take the value of the tag "${key}"`,
        `at most ${tagValueLength.most} ${tagCharacters.is}`,
      ),
    );
  }
  return refusals;
}

function checkCount(tags: Tags): readonly TagRefusal[] {
  const count = Object.keys(tags).length;
  const room = tagsPerResource.most - ownTags;
  const last = Object.keys(tags).at(-1);
  return last === undefined || count <= room
    ? []
    : [bad(last, `${count} tags are too many for AWS`, `at most ${room}, terrane's own included`)];
}

function bad(key: string, message: string, allowed: string): TagRefusal {
  return { code: "bad-tag", key, message, allowed };
}
