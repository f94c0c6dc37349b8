/** Documents for callers: loaded from a project, from a file, or written in code. */
import { resolve } from "node:path";
import type { z } from "zod";
import { type Loaded, type LoadedDocument, loadFile } from "../blueprint/load.ts";
import { ProblemList } from "../blueprint/problem-list.ts";
import { validateDocuments } from "../blueprint/validate.ts";
import { type Problem, TerraneError } from "../errors.ts";
import type {
  Blueprint,
  blueprintSchema,
  DocumentKind,
  Environment,
  environmentSchema,
} from "../model/documents.ts";
import { apiVersion } from "../model/words.ts";
import { catalogOf } from "../platform/project/component-catalog.ts";
import { loadDocuments, readDocument } from "../platform/project/load-documents.ts";
import { type ProjectOptions, toContext } from "./context.ts";

/** A document with where it comes from. */
export interface ProjectDocument<D> {
  /** Relative to `dir`. */
  readonly file: string;
  /** Frozen, defaults put in. */
  readonly document: D;
}

export interface ProjectDocuments {
  /** Folder that holds `terrane.yaml`, absolute. */
  readonly root: string;
  readonly blueprints: readonly ProjectDocument<Blueprint>[];
  readonly environments: readonly ProjectDocument<Environment>[];
  /** What is wrong in the documents themselves; `validate` judges them together. Parts that are wrong are left out. */
  readonly problems: readonly Problem[];
}

/**
 * The documents of the project that `dir` stands in.
 * @throws TerraneError `project-not-found`
 */
export async function loadProject(options: ProjectOptions = {}): Promise<ProjectDocuments> {
  const loaded = loadDocuments(toContext(options));
  return {
    root: loaded.root,
    blueprints: loaded.blueprints.map(toProjectDocument),
    environments: loaded.environments.map(toProjectDocument),
    problems: loaded.problems.report().problems,
  };
}

/**
 * One blueprint from its file, checked against the component types: fields, wiring, places.
 * @throws TerraneError `document-invalid` with every problem; `document-not-found` when the file holds no blueprint
 */
export async function loadBlueprint(file: string, options: ProjectOptions = {}): Promise<Blueprint> {
  const context = toContext(options);
  const problems = new ProblemList();
  const { documents } = loadFile(resolve(context.dir, file), file, problems);
  const found = documents.filter((each) => each.kind === "Blueprint");
  for (const problem of validateDocuments({ documents: found, catalog: catalogOf(context) }).problems) {
    problems.add(problem);
  }
  problems.assertNone(file);
  return only(found, file).document;
}

/** A blueprint as code writes it: as in YAML, without `apiVersion` and `kind`. */
export type BlueprintInput = Omit<z.input<typeof blueprintSchema>, "apiVersion" | "kind">;
/** An environment as code writes it: as in YAML, without `apiVersion` and `kind`. */
export type EnvironmentInput = Omit<z.input<typeof environmentSchema>, "apiVersion" | "kind">;

/**
 * Writes a blueprint in code; hand it over as one of `documents`. Its wiring is checked where it is used, since that
 * depends on the component types at hand.
 * @throws TerraneError `document-invalid` with every problem, its `path` a JSON Pointer into the object
 */
export function defineBlueprint(input: BlueprintInput): Blueprint {
  return define("Blueprint", input).document;
}

/**
 * Writes an environment in code; hand it over as one of `documents`.
 * @throws TerraneError `document-invalid` with every problem, its `path` a JSON Pointer into the object
 */
export function defineEnvironment(input: EnvironmentInput): Environment {
  return define("Environment", input).document;
}

function define<K extends DocumentKind>(kind: K, input: object): Loaded<K> {
  const problems = new ProblemList();
  const documents = readDocument({ apiVersion, kind, ...input }, problems);
  problems.assertNone(`the ${kind.toLowerCase()} in code`);
  return only(
    documents.filter((each): each is Extract<LoadedDocument, Loaded<K>> => each.kind === kind),
    "the code",
  );
}

function only<D>(found: readonly D[], where: string): D {
  const [first, second] = found;
  if (first === undefined) throw new TerraneError("document-not-found", `there is no blueprint in ${where}`);
  if (second !== undefined) throw new TerraneError("document-invalid", `${where} holds several blueprints`);
  return first;
}

function toProjectDocument<D>({ document, source }: { document: D; source: { file: string } }) {
  return { file: source.file, document };
}
