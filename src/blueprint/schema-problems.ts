/** Turns zod's issues into problems: position, value seen, what is allowed, the nearest right value, a hint. */
import type { ErrorCode, Position, Problem } from "../errors.ts";
import { nearest } from "../values/nearest.ts";
import { describeIssue, type Issue, paramsOf, refusalOf } from "./describe-issue.ts";
import { type DocumentSource, type Path, type SourceNode, toPointer } from "./document-source.ts";
import { type ProblemList, showText, showValue } from "./problem-list.ts";
import { describeSchema, findKeyBelow, keysOf, type Schema, schemaAt } from "./schema-walk.ts";

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
export function addSchemaProblems(
  issues: readonly Issue[],
  context: SchemaContext,
  problems: ProblemList,
): void {
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
    issues.some(
      (issue) => issue.path.length > 0 || (issue.code !== "invalid_type" && issue.code !== "invalid_value"),
    ),
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
    message: isTemplate ? "a name cannot be interpolated" : issue.message,
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
  const seen = context.isHidden?.(path)
    ? undefined
    : showValue(node.kind === "text" ? node.raw : rawOf(node), path);
  const described = describeIssue(issue, node, schema);
  const shown = seen === undefined ? {} : { seen };
  problems.add(
    { severity: "error", position, path: pointer, ...shown, ...described.problem },
    described.suggest,
  );
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
