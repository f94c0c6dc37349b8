/** Turns whatever a command threw into a message, annotations where a workflow reads them, and an exit code. */
import { readFileSync, statSync } from "node:fs";
import { relative, resolve } from "node:path";
import { type ExitCode, firstError, type Problem, TerraneError } from "../errors.ts";
import { asDiskFull } from "../model/disk-full.ts";
import type { Io } from "./io.ts";
import { annotations, problemAnnotations } from "./output/annotation.ts";
import { errorLines } from "./output/error.ts";
import { toJson, toJsonLine } from "./output/json.ts";
import type { SourceLine } from "./output/problem.ts";
import type { Printer } from "./printer.ts";

export interface ReportTo {
  readonly io: Io;
  readonly out: Printer;
  readonly err: Printer;
  /** How machines read stdout: one object, a stream of lines, or not at all. */
  readonly json: "object" | "lines" | undefined;
  readonly debug: boolean;
  /** Folder that positions are relative to. */
  readonly dir: string;
}

/** Prints the error and answers its exit code. */
export function reportError(thrown: unknown, to: ReportTo): ExitCode {
  const error = toTerraneError(thrown);
  const screen = { width: to.err.width(), source: readSourceLines(to.dir), debug: to.debug };
  to.err.print(errorLines(error, screen));
  if (inWorkflow(to.io)) {
    for (const command of annotations(error, toRepositoryPath(to.io, to.dir))) to.err.write(`${command}\n`);
  }
  if (to.json === "object") to.out.write(`${toJson(errorDocument(error))}\n`);
  if (to.json === "lines") to.out.write(`${toJsonLine(errorDocument(error))}\n`);
  return error.exitCode;
}

/** Annotations for problems that are shown without being thrown. */
export function annotateProblems(problems: readonly Problem[], io: Io, dir: string, err: Printer): void {
  if (!inWorkflow(io)) return;
  for (const command of problemAnnotations(problems, toRepositoryPath(io, dir))) err.write(`${command}\n`);
}

/** An error as the one JSON object of `--json`. */
function errorDocument(error: TerraneError): object {
  return {
    format: "terrane.dev/error/v1",
    code: error.code,
    message: error.message,
    next: error.next,
    exitCode: error.exitCode,
    problems: error.problems,
    details: error.details,
  };
}

function toTerraneError(given: unknown): TerraneError {
  const thrown = firstError(given);
  if (thrown instanceof TerraneError) return thrown;
  const full = asDiskFull(thrown);
  if (full !== undefined) return full;
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new TerraneError("internal", message, { cause: thrown });
}

function inWorkflow(io: Io): boolean {
  return io.environment["GITHUB_ACTIONS"] === "true";
}

function toRepositoryPath(io: Io, dir: string): (file: string) => string {
  const root = io.environment["GITHUB_WORKSPACE"] ?? io.workingFolder;
  return (file) => relative(root, resolve(dir, file));
}

const largestFile = 1024 * 1024;

/** Reads files as they are asked for, each once; what cannot be read has no lines. */
export function readSourceLines(dir: string): SourceLine {
  const files = new Map<string, readonly string[]>();
  return (file, number) => {
    let lines = files.get(file);
    if (lines === undefined) {
      lines = readLines(resolve(dir, file));
      files.set(file, lines);
    }
    return lines[number - 1];
  };
}

function readLines(path: string): readonly string[] {
  try {
    const stat = statSync(path);
    if (!stat.isFile() || stat.size > largestFile) return [];
    return readFileSync(path, "utf8")
      .replace(/^\ufeff/, "")
      .split(/\r\n|\n|\r/);
  } catch {
    return [];
  }
}
