/** An error as people read it: what went wrong, where, and what to do next. */
import type { TerraneError } from "../../errors.ts";
import type { Finding } from "../../model/finding.ts";
import { findingLines } from "./findings.ts";
import { emptyLine, type Line, labelled, line, styled } from "./line.ts";
import { countProblems, problemLines, type SourceLine } from "./problem.ts";

export interface ErrorScreen {
  readonly width: number;
  readonly source: SourceLine;
  /** Stack traces too. */
  readonly debug: boolean;
}

export function errorLines(error: TerraneError, screen: ErrorScreen): readonly Line[] {
  const omitted = typeof error.details["omitted"] === "number" ? error.details["omitted"] : 0;
  const many = error.problems.length > 0;
  return [
    ...problemLines(error.problems, omitted, screen.source, screen.width),
    ...findingLines(findingsOf(error), screen.width),
    line(styled("error", "error"), "  ", styled("strong", error.code)),
    ...(repeatsProblems(error) ? [] : labelled({ text: "  " }, error.message, screen.width)),
    ...(many ? labelled({ text: "  " }, countProblems(error.problems, omitted), screen.width) : []),
    ...labelled(styled("faint", "  next  "), error.next, screen.width),
    ...(screen.debug ? [emptyLine, ...traceLines(error)] : []),
  ];
}

// A message may be its problems strung together; they stand above already.
function repeatsProblems(error: TerraneError): boolean {
  return error.problems.length > 0 && error.problems.every(({ message }) => error.message.includes(message));
}

// The findings that deny a change come with the error, as facts for machines, and mostly as problems with positions.
function findingsOf(error: TerraneError): readonly Finding[] {
  const found = error.details["findings"];
  if (error.problems.length > 0) return [];
  if (error.code !== "denied-by-policy" || !Array.isArray(found)) return [];
  return found.filter(isFinding);
}

// Not by its schema: an error about a wrong flag must not wait for the schema library.
function isFinding(value: unknown): value is Finding {
  const texts = ["rule", "verdict", "severity", "stack", "resource", "why", "mend"];
  return (
    typeof value === "object" &&
    value !== null &&
    texts.every((key) => typeof (value as Readonly<Record<string, unknown>>)[key] === "string")
  );
}

/** Stack traces of the error and its causes. */
function traceLines(error: Error): readonly Line[] {
  const lines: Line[] = [];
  let current: unknown = error;
  for (let depth = 0; current instanceof Error && depth < 10; depth += 1) {
    for (const text of (current.stack ?? current.message).split("\n"))
      lines.push(line(styled("faint", text)));
    current = current.cause;
    if (current instanceof Error) lines.push(line(styled("faint", "caused by")));
  }
  return lines;
}
