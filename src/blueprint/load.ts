/**
 * Loads documents: text → YAML → kind → schema, with every problem at its position. What is wrong is left out, so that
 * the rest of a document can still be judged. Whether references lead anywhere is for `validate.ts`.
 */
import type { z } from "zod";
import type { Problem } from "../errors.ts";
import { type DocumentKind, documentKinds, documentSchemas } from "../model/documents.ts";
import type { BlueprintOrigin } from "../model/lock.ts";
import { readOnce } from "../model/read-once.ts";
import { apiVersion } from "../model/words.ts";
import { checkName } from "../values/names.ts";
import { nearest } from "../values/nearest.ts";
import { checkSecrets } from "./check-secrets.ts";
import type { Issue } from "./describe-issue.ts";
import { DocumentSource, type Path, type SourceNode } from "./document-source.ts";
import { isWholeDecimal } from "./make-source-node.ts";
import { type ProblemList, showText, showValue } from "./problem-list.ts";
import { addSchemaProblems, problemAt } from "./schema-problems.ts";
import { readSource, type SourceText } from "./source-text.ts";
import { parseYaml } from "./yaml.ts";

/** A document of one kind with the place of everything in it. */
export interface Loaded<K extends DocumentKind> {
  readonly kind: K;
  readonly name: string;
  readonly document: z.infer<(typeof documentSchemas)[K]>;
  readonly source: DocumentSource;
  /** False where parts were left out since they are wrong. */
  readonly isWhole: boolean;
  /** File or repository of a blueprint or environment; absent for what is in code, or a blueprint named by itself. */
  readonly origin?: BlueprintOrigin;
}

export type LoadedDocument = { [K in DocumentKind]: Loaded<K> }[DocumentKind];

export interface LoadedFile {
  readonly documents: readonly LoadedDocument[];
  readonly source: SourceText | undefined;
}

/** Reads one file. `file` is its name for people. Problems go to the list; never throws for what a file holds. */
export function loadFile(path: string, file: string, problems: ProblemList): LoadedFile {
  const read = readSource(path, file);
  if (!read.ok) {
    problems.add(read.problem);
    return { documents: [], source: undefined };
  }
  return { documents: parseDocuments(read.source, problems), source: read.source };
}

/** The documents of a text. */
export function parseDocuments(text: SourceText, problems: ProblemList): readonly LoadedDocument[] {
  const start = { file: text.file, line: 1, column: 1 };
  const before = problems.hasAny(text.file);
  const roots = parseYaml(text, problems);
  const isSilent = !before && !problems.hasAny(text.file);
  const filled = roots.filter((root) => root.kind !== "null");
  if (filled.length === 0 && (isSilent || roots.length > 0)) {
    problems.add({
      code: "empty-document",
      severity: "error",
      message: "there is no document",
      position: start,
    });
    return [];
  }
  return filled.flatMap((root) => parseDocument(new DocumentSource(text, root), problems) ?? []);
}

function parseDocument(source: DocumentSource, problems: ProblemList): LoadedDocument | undefined {
  if (source.root.kind !== "mapping") {
    const words = source.root.kind === "list" ? "a list" : "a single value";
    problems.add(problemAt(source, [], "not-a-mapping", `the document is ${words}`));
    return undefined;
  }
  const kind = readKind(source, problems);
  if (kind === undefined) {
    checkApiVersion(source, problems);
    return undefined;
  }
  const holdsSecret = checkSecrets(source, problems);
  const loaded = checkSchema(source, kind, problems);
  checkApiVersion(source, problems);
  addWholeDecimals(source, problems);
  return holdsSecret && loaded !== undefined ? { ...loaded, isWhole: false } : loaded;
}

function readKind(source: DocumentSource, problems: ProblemList): DocumentKind | undefined {
  const node = source.root.entries.get("kind")?.node;
  const found = documentKinds.find((kind) => kind === node?.value);
  if (found !== undefined) return found;
  const allowed = documentKinds.join(", ");
  if (node === undefined) {
    problems.add(problemAt(source, ["kind"], "missing-key", 'the key "kind" is missing', { allowed }));
    return undefined;
  }
  const isTemplate = node.raw.includes("${");
  const seen = showText(node.raw);
  problems.add(
    isTemplate
      ? problemAt(source, ["kind"], "must-be-literal", "the kind cannot be interpolated", { seen, allowed })
      : problemAt(source, ["kind"], "unknown-kind", "there is no such kind of document", { seen, allowed }),
    () => nearest(node.raw.trim(), documentKinds) ?? documentKinds.find((kind) => kind === node.raw.trim()),
  );
  return undefined;
}

function checkApiVersion(source: DocumentSource, problems: ProblemList): void {
  const node = source.root.entries.get("apiVersion")?.node;
  if (node?.value === apiVersion) return;
  if (node === undefined) {
    const message = 'the key "apiVersion" is missing';
    problems.add(
      problemAt(source, ["apiVersion"], "missing-key", message, { allowed: apiVersion, nearest: apiVersion }),
    );
    return;
  }
  const seen = showText(node.raw);
  if (node.raw.includes("${")) {
    problems.add(
      problemAt(source, ["apiVersion"], "must-be-literal", "the apiVersion cannot be interpolated", { seen }),
    );
    return;
  }
  const newer = /^terrane\.dev\/v(\d+)/.exec(node.raw);
  const message =
    newer !== null && Number(newer[1]) > 1
      ? `documents of version ${showText(newer[1] ?? "")} need a newer terrane than this one (terrane ≥ ${showText(newer[1] ?? "")}.0.0)`
      : "the apiVersion is not known";
  const more: Partial<Problem> = { seen, allowed: apiVersion, nearest: apiVersion };
  problems.add(problemAt(source, ["apiVersion"], "unsupported-api-version", message, more));
}

function checkSchema<K extends DocumentKind>(
  source: DocumentSource,
  kind: K,
  problems: ProblemList,
): LoadedDocument | undefined {
  const schema = documentSchemas[kind];
  const plain = { ...(source.root.value as object), apiVersion, kind };
  const parsed = schema.safeParse(plain, readOnce);
  if (!parsed.success) {
    const isHidden = (path: Path) => kind === "Environment" && path[0] === "parameters";
    addSchemaProblems(parsed.error.issues, { source, base: [], schema, isHidden }, problems);
  }
  const salvaged = parsed.success
    ? { data: parsed.data, broken: new Set<string>() }
    : salvage(schema, plain, parsed.error.issues);
  if (salvaged === undefined) return undefined;
  const document = deepFreeze(salvaged.data) as { readonly metadata: { readonly name: string } };
  return {
    kind,
    name: document.metadata.name,
    document,
    source: new DocumentSource(source.text, source.root, salvaged.broken),
    isWhole: parsed.success,
  } as LoadedDocument;
}

/** Leaves out what is wrong until the rest fits; undefined where what is wrong can't be spared. */
function salvage(
  schema: z.ZodType,
  plain: object,
  issues: readonly Issue[],
): { readonly data: unknown; readonly broken: Set<string> } | undefined {
  const broken = new Set<string>();
  let value = structuredClone(plain) as Record<string, unknown>;
  if (issues.some((issue) => issue.path[0] === "metadata")) {
    value["metadata"] = placeholderFor(plain, broken);
  }
  let current = issues;
  for (let round = 0; round < 4; round++) {
    for (const issue of current) {
      if (issue.path[0] === "metadata") continue;
      // In the second round a part that can't be spared takes the entry it belongs to with it.
      const path = round === 0 ? issue.path : issue.path.slice(0, Math.max(2, issue.path.length - round));
      const keys =
        issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [path];
      for (const key of keys) {
        if (key.length === 0) return undefined;
        remove(value, key);
        if (key.length === 2) broken.add(key.map(String).join("/"));
      }
    }
    const parsed = schema.safeParse(value, readOnce);
    if (parsed.success) return { data: parsed.data, broken };
    current = parsed.error.issues;
    value = structuredClone(value);
  }
  return undefined;
}

/** What a document is called while its metadata is wrong: what is right of it is kept. */
function placeholderFor(plain: object, broken: Set<string>): object {
  broken.add("metadata");
  const metadata: unknown = "metadata" in plain ? plain.metadata : undefined;
  const given = typeof metadata === "object" && metadata !== null ? { ...metadata } : {};
  const name = "name" in given && typeof given.name === "string" && checkName(given.name) === undefined;
  const isBlueprint = "kind" in plain && plain.kind === "Blueprint";
  return { name: name ? given.name : "unnamed", ...(isBlueprint ? { version: "0.0.0" } : {}) };
}

function remove(value: unknown, path: Path): void {
  let holder = value as Record<PropertyKey, unknown> | undefined;
  for (const key of path.slice(0, -1)) {
    if (typeof holder !== "object" || holder === null) return;
    holder = holder[key] as Record<PropertyKey, unknown> | undefined;
  }
  const last = path.at(-1);
  if (typeof holder !== "object" || holder === null || last === undefined) return;
  if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else delete holder[last];
}

/** `3.0` is neither a whole number nor text; where no schema has said so, it is said here. */
function addWholeDecimals(source: DocumentSource, problems: ProblemList): void {
  const stack: { readonly node: SourceNode; readonly path: Path }[] = [{ node: source.root, path: [] }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { node, path } = next;
    for (const [key, entry] of node.entries) stack.push({ node: entry.node, path: [...path, key] });
    for (const [index, item] of node.items.entries()) stack.push({ node: item, path: [...path, index] });
    if (node.kind !== "number" || !isWholeDecimal(node.raw) || problems.hasAt(source.positionOf(path)))
      continue;
    const whole = String(node.value);
    const seen = showValue(node.raw, path);
    problems.add(
      problemAt(
        source,
        path,
        "wrong-type",
        "a decimal number was read where it can only be a whole number or text",
        {
          ...(seen === undefined ? {} : { seen }),
          allowed: `${whole}, or "${node.raw}" in quotes where text is meant`,
          nearest: whole,
        },
      ),
    );
  }
}

/** Freezes plain data through and through. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
