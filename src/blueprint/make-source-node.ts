/**
 * Turns a composed YAML document into plain values with positions: aliases written out within bounds, scalars read by
 * the JSON-like part of YAML 1.2, keys as text, each once.
 */
import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar } from "yaml";
import type { ErrorCode, Problem } from "../errors.ts";
import { showCharacter } from "../values/names.ts";
import { nearest } from "../values/nearest.ts";
import type { SourceEntry, SourceNode } from "./document-source.ts";
import { type ProblemList, showText } from "./problem-list.ts";
import { forbiddenCharacter, type SourceText } from "./source-text.ts";

export interface TreeLimits {
  readonly maxDepth: number;
  readonly maxValues: number;
}

/** The tree of a document; undefined where its aliases go past the limits. */
export function makeSourceNode(
  document: Document.Parsed,
  source: SourceText,
  problems: ProblemList,
  limits: TreeLimits,
): SourceNode | undefined {
  const builder = new TreeBuilder(source, problems, limits);
  const start = document.range?.[0] ?? 0;
  const root = builder.build(document.contents as Node | null, start, 0);
  return builder.isStopped ? undefined : root;
}

const noEntries: ReadonlyMap<string, SourceEntry> = new Map();
const noItems: readonly SourceNode[] = [];

class TreeBuilder {
  readonly #source: SourceText;
  readonly #problems: ProblemList;
  readonly #limits: TreeLimits;
  readonly #anchors = new Map<string, Node>();
  readonly #open = new Set<Node>();
  #values = 0;
  #aliasDepth = 0;
  isStopped = false;

  constructor(source: SourceText, problems: ProblemList, limits: TreeLimits) {
    this.#source = source;
    this.#problems = problems;
    this.#limits = limits;
  }

  build(node: Node | null, offset: number, depth: number): SourceNode {
    const start = node?.range?.[0] ?? offset;
    if (this.isStopped) return this.#leaf("null", null, start, start);
    if (++this.#values > this.#limits.maxValues) {
      const isExpansion = this.#aliasDepth > 0;
      const code = isExpansion ? "too-many-aliases" : "too-many-values";
      return this.#stop(code, start, `over ${this.#limits.maxValues} values`);
    }
    if (depth > this.#limits.maxDepth) {
      return this.#stop("too-deep", start, `nested more than ${this.#limits.maxDepth} levels deep`);
    }
    if (node === null) return this.#leaf("null", null, start, start);
    if (isAlias(node)) return this.#expand(node.source, start, depth);
    if ("anchor" in node && node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    this.#open.add(node);
    const built = this.#buildPlain(node, start, depth);
    this.#open.delete(node);
    return built;
  }

  #buildPlain(node: Node, start: number, depth: number): SourceNode {
    const end = node.range?.[1] ?? start;
    if (isScalar(node)) return this.#readScalar(node, start, end);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.build(item as Node | null, start, depth + 1));
      const value = Object.freeze(items.map((item) => item.value));
      return { kind: "list", value, raw: "", plain: false, start, end, entries: noEntries, items };
    }
    if (!isMap(node)) return this.#leaf("null", null, start, end);
    const entries = this.#readEntries(node.items as Pair<Node | null, Node | null>[], start, depth);
    const value = Object.create(null) as Record<string, unknown>;
    for (const [key, entry] of entries) value[key] = entry.node.value;
    Object.freeze(value);
    return { kind: "mapping", value, raw: "", plain: false, start, end, entries, items: noItems };
  }

  #expand(name: string, start: number, depth: number): SourceNode {
    const target = this.#anchors.get(name);
    if (target === undefined) {
      const suggest = () => nearest(name, this.#anchors.keys());
      this.#add(
        { code: "yaml-syntax", message: "the alias has no anchor before it", seen: `*${name}` },
        start,
        suggest,
      );
      return this.#leaf("null", null, start, start);
    }
    if (this.#open.has(target)) {
      return this.#stop("too-many-aliases", start, `the anchor "${showText(name)}" holds itself`);
    }
    this.#aliasDepth++;
    const built = this.build(target, start, depth);
    this.#aliasDepth--;
    return built;
  }

  #readEntries(
    pairs: readonly Pair<Node | null, Node | null>[],
    offset: number,
    depth: number,
  ): ReadonlyMap<string, SourceEntry> {
    const entries = new Map<string, SourceEntry>();
    for (const pair of pairs) {
      const keyStart = pair.key?.range?.[0] ?? offset;
      const keyEnd = pair.key?.range?.[1] ?? keyStart;
      const node = this.build(pair.value, keyEnd, depth + 1);
      const key = this.#readKey(pair.key, keyStart);
      if (key === undefined) continue;
      const first = entries.get(key);
      if (first === undefined) entries.set(key, { keyStart, node });
      else {
        const related = [{ position: this.#source.positionAt(first.keyStart), message: "first here" }];
        const message = `the key "${showText(key)}" stands twice in one mapping`;
        this.#add({ code: "duplicate-key", message, related }, keyStart);
      }
    }
    return entries;
  }

  #readKey(key: Node | null, start: number): string | undefined {
    if (!isScalar(key)) {
      this.#add({ code: "wrong-type", message: "a key is text", allowed: "text" }, start);
      return undefined;
    }
    if (key.anchor !== undefined) this.#anchors.set(key.anchor, key);
    const text = key.source ?? "";
    if (text === "<<" && key.type === "PLAIN") {
      this.#add({ code: "merge-key", message: "merge keys are not part of the syntax", seen: "<<" }, start);
      return undefined;
    }
    if (text === "__proto__") {
      this.#add({ code: "reserved-name", message: '"__proto__" is reserved', seen: text }, start);
      return undefined;
    }
    this.#checkText(text, start);
    return text;
  }

  #readScalar(node: Scalar, start: number, end: number): SourceNode {
    const raw = node.source ?? String(node.value ?? "");
    const plain = node.type === "PLAIN" || node.type === undefined;
    if (!plain) this.#checkText(raw, start);
    else if (!raw.isWellFormed() || raw !== raw.normalize("NFC")) this.#checkText(raw, start);
    const value = plain ? readPlain(raw) : raw;
    return { ...this.#leaf(kindOf(value), value, start, end), raw, plain };
  }

  /** What escapes can bring into a text although the file holds none of it. */
  #checkText(text: string, start: number): void {
    const found = forbiddenCharacter.exec(text.replaceAll("\r\n", "\n"))?.[0];
    if (found !== undefined || !text.isWellFormed()) {
      const message = found === undefined ? "half a surrogate pair" : showCharacter(found);
      this.#add({ code: "control-character", message: `the text holds ${message}` }, start);
    } else if (text !== text.normalize("NFC")) {
      const message = "the text is not in Unicode normal form C";
      this.#add({ code: "bad-value", message, nearest: showText(text.normalize("NFC")) }, start);
    }
  }

  #leaf(kind: SourceNode["kind"], value: unknown, start: number, end: number): SourceNode {
    return { kind, value, raw: "", plain: true, start, end, entries: noEntries, items: noItems };
  }

  #stop(code: ErrorCode, start: number, message: string): SourceNode {
    this.isStopped = true;
    this.#add({ code, message }, start);
    return this.#leaf("null", null, start, start);
  }

  #add(
    problem: Omit<Problem, "severity" | "position">,
    start: number,
    suggest?: () => string | undefined,
  ): void {
    this.#problems.add({ severity: "error", position: this.#source.positionAt(start), ...problem }, suggest);
  }
}

/**
 * A scalar without quotes: null, truth values and numbers as JSON writes them. Everything else is text, also what
 * YAML 1.1 reads otherwise (`no`, `010`, `12:30:00`) and what loses digits as a number (`1e1`, 2^53 + 1).
 */
export function readPlain(raw: string): string | number | boolean | null {
  if (/^(|~|null|Null|NULL)$/.test(raw)) return null;
  if (/^(true|True|TRUE)$/.test(raw)) return true;
  if (/^(false|False|FALSE)$/.test(raw)) return false;
  if (!/^-?(0|[1-9]\d{0,15})(\.\d{1,15})?$/.test(raw)) return raw;
  const number = Number(raw);
  return Object.is(number, -0) || (Number.isInteger(number) && !Number.isSafeInteger(number)) ? raw : number;
}

function kindOf(value: string | number | boolean | null): SourceNode["kind"] {
  if (value === null) return "null";
  if (typeof value === "string") return "text";
  return typeof value === "number" ? "number" : "boolean";
}

/** A decimal that is a whole number: `3.0`. Neither a whole number nor text, so never read as one. */
export function isWholeDecimal(raw: string): boolean {
  return /^-?\d+\.0+$/.test(raw);
}
