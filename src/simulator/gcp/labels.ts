/**
 * Labels of Google Cloud resources, in Compute Engine's words.
 * https://cloud.google.com/compute/docs/labeling-resources#requirements
 */
import { isUnknown } from "../../values/value.ts";
import { type Model, mapAt, type Refusal, type Rule, type Subject } from "../model.ts";

const rule: Rule = {
  check: refuseLabels,
  source: "https://cloud.google.com/compute/docs/labeling-resources#requirements",
};

/** A model that also judges its labels. */
export function withLabelRule(model: Model): Model {
  return Object.freeze({ ...model, rules: [...(model.rules ?? []), rule] });
}

function refuseLabels({ inputs }: Subject): Refusal | undefined {
  const labels = mapAt(inputs, "labels");
  const count = Object.keys(labels).length;
  if (count > 64) return invalid(`Too many labels: ${count}. The maximum is 64.`);
  for (const [key, value] of Object.entries(labels)) {
    if (!/^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u.test(key))
      return invalid(`Label key '${key}' violates format constraints.`);
    if (typeof value === "string" && !isUnknown(value) && !/^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u.test(value))
      return invalid(`Label value '${value}' violates format constraints.`);
  }
  return undefined;
}

function invalid(problem: string): Refusal {
  return { code: "invalid", message: `Invalid value for field 'resource.labels': ''. ${problem}` };
}
