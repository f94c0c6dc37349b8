/** Ids, ARNs and the values that nearly every AWS resource shares. */
import type { Properties } from "../../values/value.ts";
import { hex } from "../draw.ts";
import {
  type AutoName,
  type Immutable,
  type InputFailure,
  mapAt,
  type Place,
  type Refusal,
  type Subject,
} from "../model.ts";

/** `vpc-0` and 16 hex digits: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html */
export function ec2Id(prefix: string): (subject: Omit<Subject, "id">) => string {
  return (subject) => `${prefix}-0${subject.draw("id", 16, hex)}`;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export function arnOf(service: string, place: Place, resource: string): string {
  const region = place.region === "global" ? "" : place.region;
  return `arn:aws:${service}:${region}:${place.account}:${resource}`;
}

/** What the provider itself knows of any tagged, regional resource. */
export function regional(inputs: Properties, place: Place): Properties {
  return { region: place.region, tagsAll: mapAt(inputs, "tags") };
}

export function tagged(inputs: Properties): Properties {
  return { tagsAll: mapAt(inputs, "tags") };
}

/** Moving a resource to another region makes a new one. */
export const regionImmutable: Immutable = {
  input: "region",
  source: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/enhanced-region-support",
};

export function immutable(source: string, ...inputs: readonly string[]): readonly Immutable[] {
  return inputs.map((input) => ({ input, source }));
}

export function autoName(input: string, maxLength: number): AutoName {
  return { input, maxLength };
}

export function notFound(code: string, noun: string): (value: string) => Refusal {
  return (value) => ({ code, message: `The ${noun} ID '${value}' does not exist` });
}

/** What the provider says, by the name that its own documentation has for the input, of a number out of bounds. */
export function checkBetween(
  inputs: Properties,
  input: string,
  from: number,
  to: number,
): readonly InputFailure[] {
  const value = inputs[input];
  if (typeof value !== "number" || (value >= from && value <= to)) return [];
  const name = input.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return [{ input, reason: `expected ${name} to be in the range (${from} - ${to}), got ${value}` }];
}
