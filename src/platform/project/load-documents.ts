/**
 * Everything a caller works with: the documents of the project folder and those handed over in code. A project may
 * consist of the latter alone; its state then lies in the caller's folder.
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { findProjectRoot } from "../../blueprint/document-files.ts";
import { type Loaded, type LoadedDocument, parseDocuments } from "../../blueprint/load.ts";
import { ProblemList } from "../../blueprint/problem-list.ts";
import { type LoadedProject, loadProject } from "../../blueprint/project.ts";
import type { FetchedBlueprint } from "../../blueprint/project-loader.ts";
import { SourceText } from "../../blueprint/source-text.ts";
import { TerraneError } from "../../errors.ts";
import { apiVersion } from "../../model/words.ts";
import type { PlatformContext } from "../context.ts";

/**
 * @param fetched what was brought from the project's repositories
 * @throws TerraneError `project-not-found` where there is neither a project nor a document in code
 */
export function loadDocuments(
  context: PlatformContext,
  fetched: readonly FetchedBlueprint[] = [],
): LoadedProject {
  const inCode = context.documents ?? [];
  if (inCode.length === 0) return loadProject(context.dir, fetched);
  const problems = new ProblemList();
  const own = inCode.flatMap((document) => readDocument(document, problems));
  const isProject = findProjectRoot(context.dir) !== undefined;
  const loaded = isProject ? loadProject(context.dir, fetched) : emptyProject(context.dir);
  loaded.problems.addAll(problems);
  const documents = [...loaded.documents, ...own];
  return {
    ...loaded,
    documents,
    blueprints: documents.filter((each) => each.kind === "Blueprint"),
    environments: documents.filter((each) => each.kind === "Environment"),
    addressPools: documents.filter((each) => each.kind === "AddressPool"),
    sources: new Map([...loaded.sources, ...own.map(({ source }) => [source.file, source.text] as const)]),
  };
}

/**
 * A document in code, read by the same rules as one in a file. JSON is YAML, so positions are those of its JSON with an
 * indent of two; what a caller goes by is each problem's `path`, a JSON Pointer.
 */
export function readDocument(document: object, problems: ProblemList): readonly LoadedDocument[] {
  const text = JSON.stringify(document, null, 2);
  const known = sound.get(document);
  if (known?.text === text) return known.documents;
  const own = new ProblemList();
  const documents = parseDocuments(new SourceText(nameOf(document), text), own);
  if (own.report().problems.length === 0) sound.set(document, { text, documents });
  problems.addAll(own);
  return documents;
}

/**
 * Documents that nothing is wrong with, as they were read before: whoever goes through all environments of a large
 * project opens it as often as it has environments. Only a text that is still the same counts.
 */
const sound = new WeakMap<object, { readonly text: string; readonly documents: readonly LoadedDocument[] }>();

function nameOf(document: object): string {
  const { kind, metadata } = document as { kind?: unknown; metadata?: { name?: unknown } };
  return `${String(kind ?? "document").toLowerCase()} ${String(metadata?.name ?? "unnamed")} (in code)`;
}

function emptyProject(dir: string): LoadedProject {
  if (!existsSync(dir)) throw new TerraneError("project-not-found", `there is no folder ${dir}`);
  const problems = new ProblemList();
  const [project] = readDocument({ apiVersion, kind: "Project", metadata: { name: "in-code" } }, problems);
  return {
    root: resolve(dir),
    project: project as Loaded<"Project">,
    documents: [],
    blueprints: [],
    environments: [],
    addressPools: [],
    locks: new Map(),
    lockFiles: new Map(),
    repositories: [],
    problems,
    sources: new Map(),
  };
}
