/**
 * Problems of documents: position, code, what is wrong, the source line with a caret, what is allowed, what to do.
 * Reads no files: source lines are handed in.
 */

import { errorTable, type Position, type Problem } from "../../errors.ts";
import { hidePlainSecrets } from "../../values/plain-secret.ts";
import { clipText, emptyLine, escapeControls, type Line, labelled, line, styled, textWidth } from "./line.ts";
import { plural } from "./names.ts";

/** A line of a file, without its end; undefined where it cannot be shown. */
export type SourceLine = (file: string, line: number) => string | undefined;

/** Shown at once; more than this is counted. */
const mostShown = 100;

/** All problems, then how many more there are, and one line that counts them. */
export function problemLines(
  problems: readonly Problem[],
  omitted: number,
  source: SourceLine,
  width: number,
): readonly Line[] {
  const shown = problems.slice(0, mostShown);
  const hidden = problems.length - shown.length + omitted;
  return [
    ...shown.flatMap((problem) => [...formatProblem(problem, source, width), emptyLine]),
    ...(hidden > 0 ? [line(styled("strong", `and ${hidden} more`)), emptyLine] : []),
  ];
}

/** `3 errors, 1 warning` */
export function countProblems(problems: readonly Problem[], omitted: number): string {
  const errors = problems.filter((problem) => problem.severity === "error").length;
  const warnings = problems.length - errors;
  const parts = [
    ...(errors > 0 ? [plural(errors, "error")] : []),
    ...(warnings > 0 ? [plural(warnings, "warning")] : []),
    ...(omitted > 0 ? [`${omitted} more`] : []),
  ];
  return parts.length === 0 ? "no problems" : parts.join(", ");
}

export function formatPosition(position: Position): string {
  return `${position.file}:${position.line}:${position.column}`;
}

function formatProblem(problem: Problem, source: SourceLine, width: number): readonly Line[] {
  const style = problem.severity === "error" ? "error" : "warning";
  const head = [styled(style, problem.severity), { text: "  " }, styled("strong", problem.code)];
  const position = problem.position;
  const heading =
    position === undefined
      ? [head]
      : textWidth(formatPosition(position)) + problem.code.length + 11 <= width
        ? [[styled("accent", formatPosition(position)), { text: "  " }, ...head]]
        : [[styled("accent", formatPosition(position))], head];
  return [
    ...heading,
    ...labelled({ text: "  " }, problem.message, width),
    ...excerpt(problem, source, width),
    ...facts(problem).flatMap(([label, text]) =>
      labelled(styled("faint", `  ${label.padEnd(7)}  `), text, width),
    ),
    ...(problem.related ?? []).flatMap((related) =>
      labelled(
        styled("faint", "  also     "),
        `${formatPosition(related.position)}: ${related.message}`,
        width,
      ),
    ),
  ];
}

function facts(problem: Problem): readonly (readonly [string, string])[] {
  const next = problem.next ?? errorTable[problem.code].next;
  const all: readonly (readonly [string, string | undefined])[] = [
    ["seen", problem.seen],
    ["allowed", problem.allowed],
    ["nearest", problem.nearest],
    ["next", next],
  ];
  return all.flatMap(([label, text]) => (text === undefined ? [] : [[label, text] as const]));
}

// What a secret was mistakenly written into is not shown again.
const hushed = new Set<Problem["code"]>([
  "secret-in-plain-sight",
  "bad-secret-reference",
  "not-yaml",
  "not-utf-8",
]);
const tellingKey =
  "[\\w.-]*(?:password|passwd|passphrase|secret|token|private[_-]?key|access[_-]?key|credential)[\\w.-]*";
const keyed = `((?:^|[\\s{,"'])${tellingKey}["']?\\s*:\\s*)`;
const blockValue = new RegExp(`${keyed}(?![\\s{]).+$`, "iu");
const flowValue = new RegExp(`${keyed}(?:"[^"]*"|'[^']*'|(?![\\s{])[^,}]+?(?=\\s*[,}]|$))`, "giu");
const userInfo = /(:\/\/)[^\s/@]+@/gu;

/** The source line with what may be a secret taken out. */
export function maskSource(text: string): string {
  const masked = text.includes("{")
    ? text.replace(flowValue, "$1[hidden]")
    : text.replace(blockValue, "$1[hidden]");
  return hidePlainSecrets(masked.replace(userInfo, "$1[hidden]@"));
}

function excerpt(problem: Problem, source: SourceLine, width: number): readonly Line[] {
  const position = problem.position;
  if (position === undefined || hushed.has(problem.code)) return [];
  const raw = source(position.file, position.line);
  if (raw === undefined || raw.trim() === "") return [];
  const shown = maskSource(raw.replaceAll("\t", " "));
  const gutter = `  ${String(position.line).padStart(4)} │ `;
  const room = width - textWidth(gutter);
  const before = textWidth(escapeControls(shown.slice(0, position.column - 1)));
  // A caret past the right edge: the line starts later.
  const skip = before < room - 8 ? 0 : position.column - 1 - 16;
  const from = skip > 0 ? `…${shown.slice(skip)}` : shown;
  const caretAt = skip > 0 ? textWidth(escapeControls(shown.slice(skip, position.column - 1))) + 1 : before;
  const carets = Math.max(1, Math.min(caretLength(problem, shown), room - caretAt));
  return [
    line(styled("faint", gutter), clipText(from, room)),
    line(
      styled("faint", `${" ".repeat(textWidth(gutter) - 2)}│ `),
      " ".repeat(caretAt),
      styled("error", "^".repeat(carets)),
    ),
  ];
}

// The caret runs under the word at the column.
function caretLength(problem: Problem, text: string): number {
  const column = problem.position?.column ?? 1;
  const word = /^(?:"[^"]*"|'[^']*'|\$\{[^}]*\}|[\w@./-]+)/u.exec(text.slice(column - 1))?.[0];
  return word === undefined ? 1 : textWidth(word);
}
