/** Turns zod's issues into problems: position, value seen, what is allowed, the nearest right value, a hint. */
import type { z } from "zod";
import type { ErrorCode, Position, Problem } from "../errors.ts";
import type { IssueParams } from "../model/text.ts";
import { nearest } from "../values/nearest.ts";
import { type DocumentSource, type Path, type SourceNode, toPointer } from "./document-source.ts";
import { isWholeDecimal } from "./make-source-node.ts";
import { type ProblemList, showText, showValue } from "./problem-list.ts";
import { describeSchema, findKeyBelow, keysOf, type Schema, schemaAt, showLiteral } from "./schema-walk.ts";

export type Issue = z.core.$ZodIssue;

export interface SchemaContext {
  readonly source: DocumentSource;
  /** Where the checked value stands within its document. */
  readonly base: Path;
  readonly schema: Schema;
  /** Said about an unknown key: where it belongs. */
  readonly hintForKey?: (path: Path, key: string) => string | undefined;
  /** Values that are not shown, such as parameters that may be secret. */
  readonly isHidden?: (path: Path) => boolean;
}

/** Adds a problem for each issue. */
export function addSchemaProblems(issues: readonly Issue[], context: SchemaContext, problems: ProblemList): void {
  for (const issue of issues) addIssue(issue, [], context, problems);
}

function addIssue(issue: Issue, prefix: Path, context: SchemaContext, problems: ProblemList): void {
  const inner = [...prefix, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    for (const key of issue.keys) addUnknownKey(inner, key, context, problems);
    return;
  }
  if (issue.code === "invalid_key") {
    for (const each of issue.issues) addKeyIssue(each as Issue, inner, context, problems);
    return;
  }
  if (issue.code === "invalid_union") {
    const branch = chooseBranch(issue.errors as readonly (readonly Issue[])[]);
    if (branch !== undefined) {
      for (const each of branch) addIssue(each, inner, context, problems);
      return;
    }
  }
  addValueIssue(issue, inner, context, problems);
}

/** The branch of a union that was meant: the one that gets further than the kind of value. */
function chooseBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const meant = branches.filter((issues) =>
    issues.some((issue) => issue.path.length > 0 || (issue.code !== "invalid_type" && issue.code !== "invalid_value")),
  );
  return meant.toSorted((left, right) => left.length - right.length)[0];
}

function addUnknownKey(inner: Path, key: string, context: SchemaContext, problems: ProblemList): void {
  const path = [...context.base, ...inner, key];
  const schema = schemaAt(context.schema, inner);
  const known = keysOf(schema);
  const below = findKeyBelow(schema, key);
  const hint =
    context.hintForKey?.(inner, key) ??
    (below === undefined ? undefined : `put it below \`${below.join(".")}\``);
  const isTemplate = key.includes("${");
  problems.add(
    {
      code: isTemplate ? "must-be-literal" : "unknown-key",
      severity: "error",
      message: isTemplate ? "a key cannot be interpolated" : `the key "${showText(key)}" is not known here`,
      position: context.source.positionOf(path, "key"),
      path: toPointer(path),
      seen: showText(key),
      ...(known.length === 0 ? {} : { allowed: known.join(", ") }),
      ...(hint === undefined ? {} : { next: `${hint.charAt(0).toUpperCase()}${hint.slice(1)}.` }),
    },
    () => nearest(key, known),
  );
}

function addKeyIssue(issue: Issue, inner: Path, context: SchemaContext, problems: ProblemList): void {
  const path = [...context.base, ...inner];
  const key = String(path.at(-1));
  const isTemplate = key.includes("${");
  problems.add({
    code: isTemplate ? "must-be-literal" : (paramsOf(issue)?.code ?? "bad-name"),
    severity: "error",
    message: isTemplate ? "a name cannot be interpolated" : wordsOf(issue),
    position: context.source.positionOf(path, "key"),
    path: toPointer(path),
    seen: showText(key),
    ...(isTemplate ? {} : refusalOf(issue)),
  });
}

function addValueIssue(issue: Issue, inner: Path, context: SchemaContext, problems: ProblemList): void {
  const path = [...context.base, ...inner];
  const node = context.source.nodeAt(path);
  const position = context.source.positionOf(path);
  const schema = schemaAt(context.schema, inner);
  const pointer = toPointer(path);
  if (node === undefined) {
    const allowed = schema === undefined ? undefined : describeSchema(schema);
    problems.add({
      code: "missing-key",
      severity: "error",
      message: `the key "${showText(String(path.at(-1)))}" is missing`,
      position,
      path: pointer,
      ...(allowed === undefined ? {} : { allowed }),
    });
    return;
  }
  const seen = context.isHidden?.(path) ? undefined : showValue(node.kind === "text" ? node.raw : rawOf(node), path);
  const described = describeIssue(issue, node, schema);
  const shown = seen === undefined ? {} : { seen };
  problems.add({ severity: "error", position, path: pointer, ...shown, ...described.problem }, described.suggest);
}

interface Described {
  readonly problem: Pick<Problem, "code" | "message" | "allowed" | "nearest" | "next">;
  readonly suggest?: () => string | undefined;
}

function describeIssue(issue: Issue, node: SourceNode, schema: Schema | undefined): Described {
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
      return { problem: { code: "bad-value", message: sizeWords(issue), allowed: sizeAllowed(issue, described.allowed) } };
    case "invalid_format":
      return { problem: { code: "bad-value", message: "the text has the wrong form", allowed: formatAllowed(issue) } };
    default: {
      const params = paramsOf(issue);
      return { problem: { code: params?.code ?? "bad-value", message: wordsOf(issue), ...refusalOf(issue) } };
    }
  }
}

function describeTypeIssue(node: SourceNode, schema: Schema | undefined, allowed = "another type"): Described {
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
    if (node.kind === "number" && choices.every((choice) => choice.startsWith('"'))) return quoteThis(node, allowed);
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
    return isExact && String(number) !== node.raw ? String(number) : isExact && node.kind === "text" ? String(number) : undefined;
  }
  if (allowed === "true or false") {
    if (/^(yes|on|y|true)$/i.test(node.raw)) return "true";
    if (/^(no|off|n|false)$/i.test(node.raw)) return "false";
  }
  if (allowed === "a list" && (node.kind === "text" || node.kind === "number")) return `[${showText(node.raw)}]`;
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

function paramsOf(issue: Issue): IssueParams | undefined {
  return issue.code === "custom" ? (issue.params as IssueParams | undefined) : undefined;
}

function refusalOf(issue: Issue): Pick<Problem, "allowed" | "nearest"> {
  const params = paramsOf(issue);
  return {
    ...(params?.allowed === undefined ? {} : { allowed: params.allowed }),
    ...(params?.nearest === undefined ? {} : { nearest: params.nearest }),
  };
}

function wordsOf(issue: Issue): string {
  return issue.message;
}

function rawOf(node: SourceNode): unknown {
  return node.kind === "mapping" || node.kind === "list" ? node.value : node.raw;
}

/** A problem of one's own making, at a path of a document. */
export function problemAt(
  source: DocumentSource,
  path: Path,
  code: ErrorCode,
  message: string,
  more: Partial<Problem> = {},
  part: "key" | "value" = "value",
): Problem {
  const position: Position = source.positionOf(path, part);
  return { code, severity: "error", message, position, path: toPointer(path), ...more };
}
