/** Parameters: what a blueprint may declare, and whether a value fits its declaration. */
import { z } from "zod";
import type { ErrorCode, Problem } from "../errors.ts";
import type { Parameter, ParameterValue } from "../model/documents.ts";
import type { SecretReference } from "../model/secret-reference.ts";
import { parseCidr } from "../values/cidr.ts";
import { checkHostname } from "../values/hostname.ts";
import { nearest } from "../values/nearest.ts";
import type { Path } from "./document-source.ts";
import type { Loaded } from "./load.ts";
import { findCycles } from "./order.ts";
import { matchPattern } from "./pattern.ts";
import { type ProblemList, showText, showValue } from "./problem-list.ts";
import { problemAt } from "./schema-problems.ts";
import { type ScalarKind, showLiteral } from "./schema-walk.ts";
import { parametersOf, parseTemplate } from "./template.ts";

export interface ValueRefusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly allowed: string;
  readonly nearest?: string;
}

export function isSecretReference(value: ParameterValue): value is SecretReference {
  return typeof value === "object";
}

/** Whether a value fits its declaration; undefined when it does. Never repeats the value. */
export function checkValue(parameter: Parameter, value: string | number | boolean): ValueRefusal | undefined {
  if (!isOfKind(value, parameter.type)) {
    const asNumber = typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
    const isNumber =
      parameter.type === "integer" ? Number.isSafeInteger(asNumber) : Number.isFinite(asNumber);
    const fixed =
      parameter.type === "string" ? `"${String(value)}"` : isNumber ? String(asNumber) : undefined;
    const code = parameter.type === "string" && typeof value === "number" ? "quote-this" : "wrong-type";
    const allowed = kindWords[parameter.type];
    const isKind = parameter.type !== "boolean" && fixed !== undefined;
    return { code, message: "the value has the wrong type", allowed, ...(isKind ? { nearest: fixed } : {}) };
  }
  const refuse = (message: string, allowed: string, near?: string): ValueRefusal => ({
    code: "bad-parameter",
    message,
    allowed,
    ...(near === undefined ? {} : { nearest: near }),
  });
  if (parameter.enum !== undefined && !parameter.enum.some((each) => each === value)) {
    const choices = parameter.enum.map(String);
    return refuse(
      "the value is not one of those declared",
      parameter.enum.map(showLiteral).join(", "),
      nearest(String(value), choices),
    );
  }
  if (typeof value === "number") {
    const { minimum, maximum } = parameter;
    if (minimum !== undefined && value < minimum)
      return refuse("the number is too small", `at least ${minimum}`);
    if (maximum !== undefined && value > maximum)
      return refuse("the number is too large", `at most ${maximum}`);
  }
  return typeof value === "string" ? checkText(parameter, value, refuse) : undefined;
}

function checkText(
  parameter: Parameter,
  value: string,
  refuse: (message: string, allowed: string, near?: string) => ValueRefusal,
): ValueRefusal | undefined {
  if (parameter.pattern !== undefined) {
    const verdict = matchPattern(parameter.pattern, value);
    const allowed = `text that matches ${showText(parameter.pattern)}`;
    if (verdict === "no-match") return refuse("the text does not match the pattern", allowed);
    if (verdict === "too-slow") return refuse("the pattern takes too long on this text", allowed);
  }
  switch (parameter.format) {
    case "uri":
      if (isUri(value)) return undefined;
      return refuse("the text is not a URI", "a URI: https://example.com/path");
    case "hostname": {
      const refusal = checkHostname(value);
      return refusal && refuse(refusal.message, refusal.allowed, refusal.nearest);
    }
    case "email":
      return z.email().safeParse(value).success
        ? undefined
        : refuse("the text is not an address", "name@example.com");
    case "cidr": {
      const parsed = parseCidr(value);
      return parsed.ok
        ? undefined
        : refuse(parsed.refusal.message, parsed.refusal.allowed, parsed.refusal.nearest);
    }
    default:
      return undefined;
  }
}

// RFC 3986 with an authority, and nothing a URL parser would quietly drop or repair.
function isUri(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^\s/]+[^\s]*$/i.test(text) && URL.canParse(text);
}

const kindWords: Readonly<Record<ScalarKind, string>> = {
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
};

function isOfKind(value: string | number | boolean, kind: ScalarKind): boolean {
  if (kind === "integer") return Number.isSafeInteger(value);
  if (kind === "number") return typeof value === "number" && Number.isFinite(value);
  return typeof value === kind;
}

/** Checks the declarations themselves. */
export function checkDeclarations(blueprint: Loaded<"Blueprint">, problems: ProblemList): void {
  for (const [name, parameter] of Object.entries(blueprint.document.parameters)) {
    checkDeclaration(blueprint, name, parameter, problems);
  }
  checkDefaultTemplates(blueprint, problems);
}

function checkDeclaration(
  blueprint: Loaded<"Blueprint">,
  name: string,
  parameter: Parameter,
  problems: ProblemList,
): void {
  const { source } = blueprint;
  const at = (key: Path, code: ErrorCode, message: string, more: Partial<Problem> = {}) =>
    problems.add(problemAt(source, ["parameters", name, ...key], code, message, more));
  const isText = parameter.type === "string";
  const isNumber = parameter.type === "integer" || parameter.type === "number";
  if (!isText && parameter.pattern !== undefined)
    at(["pattern"], "bad-value", "only a text can have a pattern");
  if (!isText && parameter.format !== undefined) at(["format"], "bad-value", "only a text can have a format");
  if (!isNumber && parameter.minimum !== undefined)
    at(["minimum"], "bad-value", "only a number has a minimum");
  if (!isNumber && parameter.maximum !== undefined)
    at(["maximum"], "bad-value", "only a number has a maximum");
  if ((parameter.minimum ?? -Infinity) > (parameter.maximum ?? Infinity)) {
    at(["minimum"], "bad-value", "the minimum is above the maximum");
  }
  const isPatternBad = parameter.pattern !== undefined && matchPattern(parameter.pattern, "") === "invalid";
  if (isPatternBad) at(["pattern"], "bad-value", "the pattern is not a regular expression");
  if (parameter.secret && !isText) at(["type"], "bad-value", "a secret is a text", { allowed: "string" });
  if (parameter.secret && parameter.default !== undefined) {
    at(["default"], "bad-secret-reference", "a secret has no default: it would be written down");
    return;
  }
  for (const [index, value] of (parameter.enum ?? []).entries()) {
    const { enum: _, ...others } = parameter;
    const refusal = isPatternBad ? undefined : checkValue(others, value);
    if (refusal !== undefined)
      at(["enum", index], refusal.code, refusal.message, { allowed: refusal.allowed });
  }
  if (parameter.default === undefined || isPatternBad) return;
  const refusal = checkValue(parameter, parameter.default);
  if (refusal === undefined) return;
  const { code, message, ...more } = refusal;
  const seen = showValue(parameter.default, ["parameters", name]);
  at(["default"], code, `the default does not fit: ${message}`, {
    ...more,
    ...(seen === undefined ? {} : { seen }),
  });
}

/** A default is a value, and values are never interpolated: one that looks as if it were is refused. */
function checkDefaultTemplates(blueprint: Loaded<"Blueprint">, problems: ProblemList): void {
  const { source } = blueprint;
  const edges = new Map<string, string[]>();
  for (const [name, { default: value }] of Object.entries(blueprint.document.parameters)) {
    edges.set(name, typeof value === "string" ? [...parametersOf(value)] : []);
  }
  const cyclic = new Set<string>();
  for (const cycle of findCycles(edges)) {
    const path = cycle.map((name) => `parameters.${name}`).join(" → ");
    const [first = ""] = cycle;
    for (const name of cycle) cyclic.add(name);
    problems.add({
      ...problemAt(
        source,
        ["parameters", first, "default"],
        "reference-cycle",
        `parameters refer in a circle: ${path}`,
      ),
      position: source.positionInText(["parameters", first, "default"], 0),
      related: cycle.slice(1, -1).map((name) => ({
        position: source.positionOf(["parameters", name, "default"]),
        message: "and here",
      })),
    });
  }
  for (const [name, { default: value }] of Object.entries(blueprint.document.parameters)) {
    if (typeof value !== "string" || cyclic.has(name)) continue;
    const path = ["parameters", name, "default"];
    for (const part of parseTemplate(value)) {
      if (part.kind !== "name" || !/^(parameters|environment|site)\./.test(part.name)) continue;
      problems.add({
        ...problemAt(
          source,
          path,
          "must-be-literal",
          "a default is text as it stands, without interpolation",
        ),
        position: source.positionInText(path, part.occurrence),
        seen: showText(`\${${part.name}}`),
      });
    }
  }
}
