/** What one zod issue means for people: the code, what was read, what is allowed, how it would be right. */
import type { z } from "zod";
import type { Problem } from "../errors.ts";
import type { IssueParams } from "../model/text.ts";
import { nearest } from "../values/nearest.ts";
import type { SourceNode } from "./document-source.ts";
import { isWholeDecimal } from "./make-source-node.ts";
import { showText } from "./problem-list.ts";
import { describeSchema, type Schema, showLiteral } from "./schema-walk.ts";

export type Issue = z.core.$ZodIssue;

interface Described {
  readonly problem: Pick<Problem, "code" | "message" | "allowed" | "nearest" | "next">;
  readonly suggest?: () => string | undefined;
}

export function describeIssue(issue: Issue, node: SourceNode, schema: Schema | undefined): Described {
  if (node.kind === "text" && node.raw.includes("${")) {
    return { problem: { code: "must-be-literal", message: "the value cannot be interpolated" } };
  }
  const described = schema === undefined ? {} : { allowed: describeSchema(schema) };
  switch (issue.code) {
    case "invalid_type":
      return describeTypeIssue(node, schema, described.allowed);
    case "invalid_value":
    case "invalid_union":
      return describeChoice(node, schema, described.allowed);
    case "too_small":
    case "too_big":
      return {
        problem: {
          code: "bad-value",
          message: sizeWords(issue),
          allowed: sizeAllowed(issue, described.allowed),
        },
      };
    case "invalid_format":
      return {
        problem: { code: "bad-value", message: "the text has the wrong form", allowed: formatAllowed(issue) },
      };
    default: {
      const params = paramsOf(issue);
      return { problem: { code: params?.code ?? "bad-value", message: issue.message, ...refusalOf(issue) } };
    }
  }
}

function describeTypeIssue(
  node: SourceNode,
  schema: Schema | undefined,
  allowed = "another type",
): Described {
  if (node.kind === "number" && allowed === "text") return quoteThis(node);
  const next = schema === undefined ? undefined : correct(node, allowed);
  return {
    problem: {
      code: "wrong-type",
      message: `${readAs(node)} was read`,
      allowed,
      ...(next === undefined ? {} : { nearest: next }),
    },
  };
}

function describeChoice(node: SourceNode, schema: Schema | undefined, allowed = "another value"): Described {
  const choices = allowed.split(", ");
  if (node.kind === "number" && choices.includes(`"${node.raw}"`)) return quoteThis(node);
  const isText = node.kind === "text";
  const isScalar = isText || node.kind === "number" || node.kind === "boolean";
  if (!isScalar || (!isText && choices.every((choice) => choice.startsWith('"') || /^[a-z]/i.test(choice)))) {
    if (node.kind === "number" && choices.every((choice) => choice.startsWith('"')))
      return quoteThis(node, allowed);
    return describeTypeIssue(node, schema, allowed);
  }
  const plain = choices.map((choice) => choice.replaceAll('"', ""));
  return {
    problem: {
      code: isText && choices.every((choice) => /^-?\d+$/.test(choice)) ? "wrong-type" : "bad-value",
      message: "the value is not one of those allowed",
      allowed,
    },
    suggest: () => {
      const found = plain.includes(node.raw) ? node.raw : nearest(node.raw, plain);
      return found === undefined ? undefined : showLiteral(found);
    },
  };
}

function quoteThis(node: SourceNode, allowed?: string): Described {
  return {
    problem: {
      code: "quote-this",
      message: `the number ${node.raw} was read where text is expected`,
      allowed: allowed ?? "text, in quotes",
      nearest: `"${node.raw}"`,
    },
  };
}

/** What was read, for people: `the text "03"`, `a list`. */
function readAs(node: SourceNode): string {
  switch (node.kind) {
    case "mapping":
      return "a mapping";
    case "list":
      return "a list";
    case "null":
      return "nothing";
    case "text":
      return node.plain && isOddNumber(node.raw) ? "a text that looks like a number" : "a text";
    case "number":
      return isWholeDecimal(node.raw) || node.raw.includes(".") ? "a decimal number" : "a whole number";
    case "boolean":
      return "a truth value";
  }
}

function isOddNumber(raw: string): boolean {
  return /^[-+]?(\.?\d|\.inf|\.nan)/i.test(raw);
}

/** How the value would be written in the right type, where that is beyond doubt. */
function correct(node: SourceNode, allowed: string): string | undefined {
  if (/^a (whole )?number/.test(allowed)) {
    const number = node.kind === "text" ? Number(node.raw.replaceAll("_", "")) : Number(node.raw);
    const isExact = node.raw !== "" && Number.isSafeInteger(number);
    return isExact && String(number) !== node.raw
      ? String(number)
      : isExact && node.kind === "text"
        ? String(number)
        : undefined;
  }
  if (allowed === "true or false") {
    if (/^(yes|on|y|true)$/i.test(node.raw)) return "true";
    if (/^(no|off|n|false)$/i.test(node.raw)) return "false";
  }
  if (allowed === "a list" && (node.kind === "text" || node.kind === "number"))
    return `[${showText(node.raw)}]`;
  if (allowed === "text" && node.kind === "boolean") return `"${node.raw}"`;
  return undefined;
}

type SizeIssue = Extract<Issue, { code: "too_small" | "too_big" }>;

function sizeWords(issue: SizeIssue): string {
  const much = issue.code === "too_small" ? "few" : "many";
  if (issue.origin === "array" || issue.origin === "set") return `the list has too ${much} entries`;
  if (issue.origin === "string") return `the text is too ${issue.code === "too_small" ? "short" : "long"}`;
  return `the number is too ${issue.code === "too_small" ? "small" : "large"}`;
}

function sizeAllowed(issue: SizeIssue, described: string | undefined): string {
  if (issue.origin === "number" || issue.origin === "int") return described ?? "another number";
  const bound = issue.code === "too_small" ? `at least ${issue.minimum}` : `at most ${issue.maximum}`;
  return `${bound} ${issue.origin === "string" ? "characters" : "entries"}`;
}

function formatAllowed(issue: Extract<Issue, { code: "invalid_format" }>): string {
  if (issue.format === "url") return "a URL: https://example.com/path";
  if (issue.format === "regex" && !issue.message.startsWith("Invalid")) return issue.message;
  return issue.format === "regex" ? `text of the form ${issue.pattern ?? "shown"}` : issue.format;
}

export function paramsOf(issue: Issue): IssueParams | undefined {
  return issue.code === "custom" ? (issue.params as IssueParams | undefined) : undefined;
}

export function refusalOf(issue: Issue): Pick<Problem, "allowed" | "nearest"> {
  const params = paramsOf(issue);
  return {
    ...(params?.allowed === undefined ? {} : { allowed: params.allowed }),
    ...(params?.nearest === undefined ? {} : { nearest: params.nearest }),
  };
}
