/**
 * Tags of AWS resources: the rules that all services share, in EC2's words.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions
 */
import { isUnknown } from "../../values/value.ts";
import { type Model, mapAt, type Refusal, type Rule, type Subject } from "../model.ts";

const rule: Rule = {
  check: refuseTags,
  source: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions",
};

/** A model that also judges its tags. */
export function withTagRule(model: Model): Model {
  return Object.freeze({ ...model, rules: [...(model.rules ?? []), rule] });
}

function refuseTags({ inputs }: Subject): Refusal | undefined {
  const tags = mapAt(inputs, "tags");
  if (Object.keys(tags).length > 50)
    return { code: "TagLimitExceeded", message: "The maximum number of Tags for a resource is 50." };
  for (const [key, value] of Object.entries(tags)) {
    const refusal = refuseTag(key, typeof value === "string" && !isUnknown(value) ? value : "");
    if (refusal !== undefined) return { code: "InvalidParameterValue", message: refusal };
  }
  return undefined;
}

function refuseTag(key: string, value: string): string | undefined {
  if (/^aws:/i.test(key)) return "Tag keys starting with 'aws:' are reserved for internal use";
  if (key.length === 0) return "Tag key can't be empty.";
  if (key.length > 128) return `Tag key exceeds the maximum length of 128 characters: ${key}`;
  if (value.length > 256) return `Tag value exceeds the maximum length of 256 characters: ${value}`;
  const foreign = /[^\p{L}\p{Z}\p{N}_.:/=+\-@]/u.exec(key + value)?.[0];
  return foreign === undefined ? undefined : `Invalid character '${foreign}' in the tag ${key}`;
}
