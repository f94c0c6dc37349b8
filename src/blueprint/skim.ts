/**
 * Names of a project's documents by a look at their text: no parser, no schema, no problem found. For proposals only,
 * where a name too many or too few does no harm and a tenth of a second does.
 */
import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { documentFiles, findProjectRoot, projectFile } from "./document-files.ts";

export interface SkimmedProject {
  /** Absolute. */
  readonly root: string;
  /** Absolute; undefined where it is no file. */
  readonly ledger: string | undefined;
  readonly documents: readonly SkimmedDocument[];
}

export interface SkimmedDocument {
  readonly kind: string;
  readonly name: string;
  /** Of an environment. */
  readonly class?: string;
}

/** Most of a file that is looked at, bytes. */
const glimpse = 64 * 1024;
const mostFiles = 500;

/** Undefined where no project stands around the folder. */
export function skimProject(dir: string): SkimmedProject | undefined {
  const root = findProjectRoot(dir);
  if (root === undefined) return undefined;
  const project = readGlimpse(join(root, projectFile));
  const folders = ["environments", "blueprints"].flatMap((key) => readList(project, key) ?? [key]);
  const files = folders
    .map((folder) => join(root, folder))
    .filter((folder) => folder.startsWith(root) && existsSync(folder))
    .flatMap(documentFiles);
  const ledger = /^ledger:[^\n]*\n?(?:[ \t]+[^\n]*\n)*/m.exec(project)?.[0] ?? "";
  const path = /\bpath:[ \t]*["']?([^"'\s},]+)/.exec(ledger)?.[1] ?? ".terrane/ledger.sqlite";
  return {
    root,
    ledger: /\burl:/.test(ledger) ? undefined : join(root, path),
    documents: files.slice(0, mostFiles).flatMap((file) => skimDocuments(readGlimpse(file))),
  };
}

/** One for each document of a text that says what it is and what it is called. */
export function skimDocuments(text: string): readonly SkimmedDocument[] {
  return text.split(/^---.*$/m).flatMap((document) => {
    const kind = /^kind:[ \t]*["']?(\w+)/m.exec(document)?.[1];
    const name =
      /^metadata:[ \t]*(?:\{[^}]*?|(?:#[^\n]*)?\n(?:[ \t]+[^\n]*\n)*?[ \t]+)name:[ \t]*["']?([\w-]+)/m.exec(
        document,
      )?.[1];
    const environmentClass = /^class:[ \t]*["']?(\w+)/m.exec(document)?.[1];
    if (kind === undefined || name === undefined) return [];
    return [{ kind, name, ...(environmentClass === undefined ? {} : { class: environmentClass }) }];
  });
}

/** Strings of a list under a key at the top, in either style. */
function readList(text: string, key: string): readonly string[] | undefined {
  const flow = new RegExp(`^${key}:[ \\t]*\\[([^\\]]*)\\]`, "m").exec(text)?.[1];
  if (flow !== undefined) return flow.split(",").map(unquote).filter(isPath);
  const block = new RegExp(
    `^${key}:[ \\t]*(?:#[^\\n]*)?\\n((?:[ \\t]*-[^\\n]*\\n?|[ \\t]+[^\\n]*\\n?)+)`,
    "m",
  ).exec(text)?.[1];
  return block
    ?.split("\n")
    .filter((each) => each.trimStart().startsWith("- "))
    .map((each) => unquote(each.trimStart().slice(2)))
    .filter(isPath);
}

function unquote(text: string): string {
  return text.trim().replace(/^(["'])(.*)\1$/, "$2");
}

// `- git: https://…` is no folder.
function isPath(text: string): boolean {
  return text !== "" && !text.includes(":") && !text.startsWith("{");
}

function readGlimpse(file: string): string {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, "r");
    const buffer = Buffer.alloc(glimpse);
    return buffer.toString("utf8", 0, readSync(descriptor, buffer, 0, glimpse, 0));
  } catch {
    return "";
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
