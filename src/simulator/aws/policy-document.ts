/** Policy documents as AWS reads them: which statements they have, and whether one of them lets a service through. */
import type { Properties, Value } from "../../values/value.ts";
import { asMap } from "../model.ts";

/** Undefined for what is no JSON. */
export function parseJson(text: string): Value | undefined {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}

/** Statements of a document, one alone or a list; none where it cannot be read. */
export function statementsOf(document: string | undefined): readonly Properties[] {
  const parsed = document === undefined ? undefined : parseJson(document);
  const statements = asMap(parsed)["Statement"];
  if (statements === undefined) return [];
  return (Array.isArray(statements) ? statements : [statements]).map((each) => asMap(each as Value));
}

/** One text or a list of them: documents write both. */
export function textsOf(value: Value | undefined): readonly string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.filter((each): each is string => typeof each === "string");
}

/** Characters that count towards a policy's size: all but whitespace. */
export function sizeOf(document: string): number {
  return document.replace(/\s/g, "").length;
}

/** What is asked of a document. */
export interface ServiceRequest {
  /** Service principal: `logs.us-east-1.amazonaws.com`. */
  readonly service: string;
  readonly action: string;
  /** Condition keys with their values; conditions on other keys are taken to hold. */
  readonly context: Readonly<Record<string, string>>;
}

/** Whether a statement allows it. Denials are not looked at. */
export function allowsService(document: string, request: ServiceRequest): boolean {
  return statementsOf(document).some(
    (statement) =>
      statement["Effect"] === "Allow" &&
      textsOf(asMap(statement["Principal"])["Service"]).includes(request.service) &&
      textsOf(statement["Action"]).some((pattern) => matches(pattern, request.action)) &&
      holds(asMap(statement["Condition"]), request.context),
  );
}

/** Operators that compare texts: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const comparisons: Readonly<Record<string, (wanted: string, value: string) => boolean>> = {
  StringEquals: (wanted, value) => wanted === value,
  StringLike: matches,
  // ARNs compare part by part; a wildcard stays within its part, but for the last one.
  ArnEquals: matchesArn,
  ArnLike: matchesArn,
};

function holds(conditions: Properties, context: Readonly<Record<string, string>>): boolean {
  return Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(asMap(keys)).every(([key, wanted]) => {
      const compare = comparisons[operator];
      const value = context[key];
      if (compare === undefined || value === undefined) return true;
      return textsOf(wanted).some((each) => compare(each, value));
    }),
  );
}

function matchesArn(pattern: string, arn: string): boolean {
  const wanted = arnParts(pattern);
  const parts = arnParts(arn);
  return wanted.length === parts.length && wanted.every((each, index) => matches(each, parts[index] ?? ""));
}

// The sixth part is all the rest.
function arnParts(arn: string): readonly string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
}

/** Whether a text fits a pattern in which `*` stands for any characters and `?` for one. */
export function matches(pattern: string, text: string): boolean {
  let [at, read] = [0, 0];
  let [star, resumed] = [-1, 0];
  while (read < text.length) {
    if (pattern[at] === "*") {
      star = at;
      resumed = read;
      at += 1;
    } else if (at < pattern.length && (pattern[at] === "?" || pattern[at] === text[read])) {
      at += 1;
      read += 1;
    } else if (star >= 0) {
      resumed += 1;
      at = star + 1;
      read = resumed;
    } else {
      return false;
    }
  }
  return pattern.slice(at).replaceAll("*", "") === "";
}
