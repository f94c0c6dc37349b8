/**
 * YAML text to plain values with positions. Reads the part of YAML 1.2 that documents need and refuses the rest
 * (tags, merge keys, YAML 1.1 readings, bombs) within bounded time and memory. Knows nothing of what documents mean.
 */
import { Composer, CST, type Document, Lexer, Parser } from "yaml";
import type { ErrorCode } from "../errors.ts";
import type { SourceNode } from "./document-source.ts";
import { makeSourceNode } from "./make-source-node.ts";
import { type ProblemList, showText } from "./problem-list.ts";
import type { SourceText } from "./source-text.ts";

/** Levels of nesting. */
export const maxDepth = 64;
export const maxAliases = 100;
/** Values in one file, those that aliases repeat included. */
export const maxValues = 10_000;
/** Beginnings and marks of documents in one file: two for each. */
const maxDocuments = 200;
/** Keys, values, signs, comments and line breaks: bounds the work before anything is known of the text. */
const maxTokens = 120_000;
const maxLines = 50_000;
/** Tags and directives complained of, one by one. */
const maxComplaints = 100;

/** The documents of a text, and what the tokens alone say is wrong with it. */
export function parseYaml(source: SourceText, problems: ProblemList): readonly SourceNode[] {
  if (source.lineCount > maxLines) {
    const message = `over ${maxLines} lines`;
    problems.add({ code: "too-many-values", severity: "error", message, position: source.positionAt(0) });
    return [];
  }
  const documents = compose(source, problems);
  if (documents === undefined) return [];
  if (addSyntaxProblems(documents, source, problems)) return [];
  const roots: SourceNode[] = [];
  for (const document of documents) {
    const root = makeSourceNode(document, source, problems, { maxDepth, maxValues });
    if (root !== undefined) roots.push(root);
  }
  return roots;
}

type Composed = Document.Parsed;

/** Undefined where a limit is passed: what follows is then not read at all. */
function compose(source: SourceText, problems: ProblemList): readonly Composed[] | undefined {
  const parser = new Parser();
  // Failsafe: every scalar stays text, and is read by our own rules.
  const composer = new Composer<Composed["contents"] & object>({
    schema: "failsafe",
    uniqueKeys: false,
    strict: true,
    prettyErrors: false,
  });
  const documents: Composed[] = [];
  const guard = new TokenGuard(source, problems);
  const take = (parts: Iterable<CST.Token>) => {
    for (const part of parts) {
      if (part.type === "error") guard.addError(part);
      else documents.push(...(composer.next(part) as Iterable<Composed>));
      if (guard.hasErrors) return;
    }
  };
  for (const token of new Lexer().lex(source.text)) {
    const offset = parser.offset;
    take(parser.next(token));
    if (guard.hasErrors || !guard.accept(token, offset, parser.stack)) return undefined;
  }
  take(parser.end());
  if (guard.hasErrors) return undefined;
  documents.push(...(composer.end() as Iterable<Composed>));
  return documents;
}

/** Watches the tokens go by and stops the reading where the text grows beyond its limits. */
class TokenGuard {
  readonly #source: SourceText;
  readonly #problems: ProblemList;
  #tokens = 0;
  #values = 0;
  #aliases = 0;
  #documents = 0;
  #complaints = 0;
  hasErrors = false;
  #isScalar = false;

  constructor(source: SourceText, problems: ProblemList) {
    this.#source = source;
    this.#problems = problems;
  }

  /** Text that fits nowhere, such as a bracket that was never opened: what follows it is in disorder too. */
  addError(error: CST.ErrorToken): void {
    this.hasErrors = true;
    this.#add("yaml-syntax", error.offset, `"${showText(error.source)}" does not belong here`);
  }

  /** False: stop here. */
  accept(token: string, offset: number, stack: readonly CST.Token[]): boolean {
    const wasMark = this.#isScalar;
    this.#isScalar = token === CST.SCALAR;
    if (this.#isScalar) return true;
    // The text that follows a scalar mark can look like any other token.
    const type = wasMark ? "scalar" : CST.tokenType(token);
    if (++this.#tokens > maxTokens) return this.#stop("too-many-values", offset, `over ${maxTokens} tokens`);
    const isValue = type === "flow-map-start" || type === "flow-seq-start" || type?.endsWith("scalar");
    if ((isValue || type === "map-value-ind" || type === "seq-item-ind") && ++this.#values > 3 * maxValues) {
      return this.#stop("too-many-values", offset, `over ${maxValues} values`);
    }
    if (stack.filter(isCollection).length > maxDepth) {
      return this.#stop("too-deep", offset, `nested more than ${maxDepth} levels deep`);
    }
    if (type === "alias" && ++this.#aliases > maxAliases) {
      return this.#stop("too-many-aliases", offset, `over ${maxAliases} aliases`);
    }
    if ((type === "doc-mode" || type === "doc-start") && ++this.#documents > maxDocuments) {
      return this.#stop("too-many-values", offset, `over ${maxDocuments / 2} documents`);
    }
    if (type === "tag") this.#add("tag-not-allowed", offset, "tags are not part of the syntax", token);
    if (type === "directive-line") this.#checkDirective(token, offset);
    return this.#complaints < maxComplaints;
  }

  #checkDirective(line: string, offset: number): void {
    if (/^%YAML\s+1\.2\s*$/.test(line)) return;
    if (line.startsWith("%TAG"))
      this.#add("tag-not-allowed", offset, "tags are not part of the syntax", line);
    else this.#add("yaml-syntax", offset, "only YAML 1.2 is read", line);
  }

  #stop(code: ErrorCode, offset: number, message: string): false {
    this.#add(code, offset, message);
    return false;
  }

  #add(code: ErrorCode, offset: number, message: string, seen?: string): void {
    this.#complaints++;
    const position = this.#source.positionAt(offset);
    this.#problems.add({
      code,
      severity: "error",
      message,
      position,
      ...(seen === undefined ? {} : { seen: seen.slice(0, 80) }),
    });
  }
}

function isCollection(token: CST.Token): boolean {
  return token.type === "block-map" || token.type === "block-seq" || token.type === "flow-collection";
}

/** True where the text is not YAML. One problem a line: a single slip makes the parser complain many times. */
function addSyntaxProblems(
  documents: readonly Composed[],
  source: SourceText,
  problems: ProblemList,
): boolean {
  let found = false;
  const lines = new Set<number>();
  for (const error of documents.flatMap((document) => document.errors)) {
    found = true;
    const position = source.positionAt(error.pos[0]);
    if (lines.has(position.line) || lines.size >= 20) continue;
    lines.add(position.line);
    const { message, allowed } = explainSyntax(error.code, error.message);
    const more = allowed === undefined ? {} : { allowed };
    problems.add({ code: "yaml-syntax", severity: "error", message, position, ...more });
  }
  return found;
}

function explainSyntax(
  code: string,
  message: string,
): { readonly message: string; readonly allowed?: string } {
  if (code === "TAB_AS_INDENT") return { message: "a tab is used as indentation", allowed: "use spaces" };
  if (code === "RESOURCE_EXHAUSTION") return { message: "the text is nested too deep" };
  const [first = ""] = message.split("\n");
  const plain = first.replace(/ at line \d+, column \d+:?$/, "");
  return { message: plain.charAt(0).toLowerCase() + plain.slice(1, 300) };
}
