/**
 * Gathers the problems of one or many documents: sorted by position, each once, the first hundred in full. Also
 * decides how a value seen is shown, and when it is not.
 */
import type { Position, Problem } from "../errors.ts";
import { TerraneError } from "../errors.ts";
import { mayBeSecret } from "../values/plain-secret.ts";

/** Problems shown; the rest is counted. */
export const maxProblems = 100;

export interface ProblemReport {
  /** Sorted by file, line and column; at most 100. */
  readonly problems: readonly Problem[];
  /** Problems beyond the first 100. */
  readonly omitted: number;
  readonly hasErrors: boolean;
}

/** What costs time to find, asked only for problems that are shown. A function finds the nearest right value. */
export type Suggestion =
  | (() => string | undefined)
  | { readonly nearest?: () => string | undefined; readonly allowed?: () => string };

interface Entry {
  readonly problem: Problem;
  readonly suggestion: Suggestion | undefined;
}

export class ProblemList {
  readonly #entries = new Map<string, Entry>();
  readonly #places = new Set<string>();
  readonly #files = new Set<string>();
  /** Places of secrets in plain sight: whatever else is wrong there goes with them. */
  readonly #secrets = new Set<string>();
  #hasErrors = false;

  add(problem: Problem, suggestion?: Suggestion): void {
    const place = placeOf(problem.position);
    if (this.#secrets.has(place)) return;
    if (problem.code === "secret-in-plain-sight") this.#secrets.add(place);
    const key = `${place} ${problem.code} ${problem.path ?? ""} ${problem.message}`;
    if (this.#entries.has(key)) return;
    this.#entries.set(key, { problem, suggestion });
    this.#places.add(place);
    if (problem.position !== undefined) this.#files.add(problem.position.file);
    if (problem.severity === "error") this.#hasErrors = true;
  }

  /** Takes over what another list holds. */
  addAll(other: ProblemList): void {
    for (const { problem, suggestion } of other.#entries.values()) this.add(problem, suggestion);
  }

  get hasErrors(): boolean {
    return this.#hasErrors;
  }

  /** Whether something is already said about this value. */
  hasAt(position: Position): boolean {
    return this.#places.has(placeOf(position));
  }

  /** Whether something is already said about this file. */
  hasAny(file: string): boolean {
    return this.#files.has(file);
  }

  report(): ProblemReport {
    const sorted = [...this.#entries.values()].sort((left, right) => compare(left.problem, right.problem));
    const problems = sorted.slice(0, maxProblems).map(complete);
    return { problems, omitted: Math.max(sorted.length - maxProblems, 0), hasErrors: this.#hasErrors };
  }

  /** @throws TerraneError `document-invalid` with every problem, when one of them is an error. */
  assertNone(what: string): void {
    if (!this.#hasErrors) return;
    const { problems, omitted } = this.report();
    const errors = problems.filter((problem) => problem.severity === "error").length + omitted;
    const message = `${what} has ${errors === 1 ? "a problem" : `${errors} problems`}`;
    throw new TerraneError("document-invalid", message, { problems, details: { omitted } });
  }
}

/** Names for people: the first twenty, and how many more there are. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 20).map(showText);
  return names.length > shown.length
    ? `${shown.join(", ")}, and ${names.length - shown.length} more`
    : shown.join(", ");
}

const shownLength = 80;
const secretKey = /pass(word|wd|phrase)|secret|token|credential|api-?_?key|private-?_?key/i;

/** A value as a problem shows it: cut and escaped; undefined where its key or its form says that it is secret. */
export function showValue(value: unknown, path: readonly PropertyKey[]): string | undefined {
  if (path.some((key) => typeof key === "string" && secretKey.test(key))) return undefined;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (text === undefined || mayBeSecret(text)) return undefined;
  return showText(text);
}

/** Any text on one line: at most 80 characters, what is not printable escaped. */
export function showText(text: string): string {
  const characters = [...text.slice(0, shownLength + 1)];
  const cut = characters.length > shownLength || text.length > shownLength + 1;
  const shown = characters
    .slice(0, cut ? shownLength - 1 : shownLength)
    .map(escapeCharacter)
    .join("");
  return cut ? `${shown}…` : shown;
}

function escapeCharacter(character: string): string {
  if (character >= " " && character <= "~") return character;
  if (/^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
}

function placeOf(position: Position | undefined): string {
  return position === undefined ? "" : `${position.file}:${position.line}:${position.column}`;
}

function complete({ problem, suggestion }: Entry): Problem {
  const lazy = typeof suggestion === "function" ? { nearest: suggestion } : (suggestion ?? {});
  const nearest = problem.nearest ?? lazy.nearest?.();
  const allowed = problem.allowed ?? lazy.allowed?.();
  return Object.freeze({
    ...problem,
    ...(allowed === undefined ? {} : { allowed }),
    ...(nearest === undefined ? {} : { nearest }),
  });
}

function compare(left: Problem, right: Problem): number {
  const a = left.position;
  const b = right.position;
  if (a === undefined || b === undefined) return (a === undefined ? 0 : 1) - (b === undefined ? 0 : 1);
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
