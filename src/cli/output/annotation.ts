/**
 * Problems and errors as annotations of a GitHub workflow
 * (https://docs.github.com/actions/reference/workflow-commands-for-github-actions, as of 2026-11-21).
 */
import type { Problem, TerraneError } from "../../errors.ts";
import { escapeControls } from "./line.ts";

/** GitHub shows ten annotations of a kind for a step; more only fill the log. */
const mostAnnotations = 50;

/**
 * One workflow command a problem, or one for the whole error.
 * @param toPath file of a position → path from the root of the repository
 */
export function annotations(error: TerraneError, toPath: (file: string) => string): readonly string[] {
  if (error.problems.length === 0) {
    return [command("error", { title: error.code }, `${error.message}\n${error.next}`)];
  }
  return problemAnnotations(error.problems, toPath);
}

export function problemAnnotations(
  problems: readonly Problem[],
  toPath: (file: string) => string,
): readonly string[] {
  return problems.slice(0, mostAnnotations).map((problem) =>
    command(
      problem.severity,
      {
        title: problem.code,
        ...(problem.position === undefined
          ? {}
          : {
              file: toPath(problem.position.file),
              line: String(problem.position.line),
              col: String(problem.position.column),
            }),
      },
      [
        problem.message,
        ...(problem.nearest === undefined ? [] : [`nearest: ${problem.nearest}`]),
        ...(problem.next === undefined ? [] : [`next: ${problem.next}`]),
      ].join("\n"),
    ),
  );
}

function command(name: string, properties: Readonly<Record<string, string>>, message: string): string {
  const list = Object.entries(properties)
    .map(([key, value]) => `${key}=${escapeProperty(value)}`)
    .join(",");
  return `::${name} ${list}::${escapeMessage(message)}`;
}

function escapeMessage(text: string): string {
  const safe = text.split("\n").map(escapeControls).join("\n");
  return safe.replaceAll("%", "%25").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
