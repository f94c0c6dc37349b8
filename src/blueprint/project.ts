/**
 * A project folder: `terrane.yaml`, the blueprints and the environments beside it. Finds and loads documents; never
 * leaves the folder, whatever a path or a symbolic link says.
 */
import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { TerraneError } from "../errors.ts";
import { projectSchema } from "../model/documents.ts";
import { apiVersion } from "../model/words.ts";
import { nearest } from "../values/nearest.ts";
import { findBlueprint } from "./check-environment.ts";
import { DocumentSource } from "./document-source.ts";
import { deepFreeze, type Loaded, type LoadedDocument, type LoadedFile, loadFile } from "./load.ts";
import { ProblemList, showText } from "./problem-list.ts";
import { blueprintFiles, documentFiles, resolveInside } from "./project-files.ts";
import { problemAt } from "./schema-problems.ts";
import { SourceText } from "./source-text.ts";

export const projectFile = "terrane.yaml";
/** Files of one project; more is a slip of a path. */
const maxFiles = 2000;

/** Documents that belong together, with the texts they came from. */
export interface LoadedDocuments {
  readonly documents: readonly LoadedDocument[];
  readonly blueprints: readonly Loaded<"Blueprint">[];
  readonly environments: readonly Loaded<"Environment">[];
  readonly addressPools: readonly Loaded<"AddressPool">[];
  /** What loading has found; handed on to `validateDocuments`. */
  readonly problems: ProblemList;
  /** Text of every file, by the name that positions use. */
  readonly sources: ReadonlyMap<string, SourceText>;
}

export interface LoadedProject extends LoadedDocuments {
  /** Absolute. */
  readonly root: string;
  readonly project: Loaded<"Project">;
}

/** The folder with `terrane.yaml`, looked for from `dir` upwards to the root of the repository. */
export function findProjectRoot(dir: string): string | undefined {
  for (let folder = resolve(dir); ; folder = dirname(folder)) {
    if (existsSync(join(folder, projectFile))) return folder;
    if (existsSync(join(folder, ".git")) || dirname(folder) === folder) return undefined;
  }
}

/**
 * Loads the project that `dir` stands in, with all its documents. File names in positions are relative to `dir`.
 * @throws TerraneError `project-not-found`
 */
export function loadProject(dir: string): LoadedProject {
  const root = findProjectRoot(dir);
  if (root === undefined) {
    throw new TerraneError("project-not-found", `there is no ${projectFile} in ${dir} or above it`);
  }
  const loader = new Loader(dir);
  const project = loader.loadProjectFile(root);
  const { blueprints, environments } = project.document;
  for (const [index, folder] of blueprints.entries()) {
    loader.loadFolder(root, project, ["blueprints", index], folder, blueprintFiles);
  }
  for (const [index, folder] of environments.entries()) {
    loader.loadFolder(root, project, ["environments", index], folder, documentFiles);
  }
  return { ...loader.result([]), root, project };
}

/**
 * Loads the files named, and the project's documents they can refer to where there is a project. A file may hold
 * several documents.
 */
export function loadFiles(dir: string, files: readonly string[]): LoadedDocuments & Partial<LoadedProject> {
  const project = findProjectRoot(dir) === undefined ? undefined : loadProject(dir);
  const loader = new Loader(dir);
  for (const file of files) loader.load(resolve(dir, file), file);
  const loaded = loader.result(project?.documents ?? []);
  return project === undefined ? loaded : { ...loaded, root: project.root, project: project.project };
}

/**
 * The environment a user means: by its name or its file; the only one where nothing is said. With the blueprint that
 * its range selects.
 * @throws TerraneError `bad-usage`, `document-not-found`, `document-invalid`
 */
export function selectEnvironment(
  loaded: LoadedDocuments,
  dir: string,
  nameOrFile?: string,
): { readonly environment: Loaded<"Environment">; readonly blueprint: Loaded<"Blueprint"> } {
  const environment = pickEnvironment(loaded, dir, nameOrFile);
  const problems = new ProblemList();
  const blueprint = findBlueprint(environment, loaded.blueprints, problems);
  problems.assertNone(`environment "${environment.name}"`);
  if (blueprint === undefined) throw new TerraneError("document-not-found", "the blueprint is not there");
  return { environment, blueprint };
}

function pickEnvironment(loaded: LoadedDocuments, dir: string, nameOrFile?: string): Loaded<"Environment"> {
  const { environments } = loaded;
  const names = environments.map((each) => each.name).sort();
  const [only, ...others] = environments;
  if (nameOrFile === undefined) {
    if (only !== undefined && others.length === 0) return only;
    if (only !== undefined) {
      throw new TerraneError(
        "bad-usage",
        `there are ${names.length} environments: ${names.join(", ")}; name one`,
      );
    }
    loaded.problems.assertNone("the project");
    throw new TerraneError("document-not-found", "the project has no environment");
  }
  const path = resolve(dir, nameOrFile);
  const found =
    environments.find((each) => each.name === nameOrFile) ??
    environments.find((each) => resolve(dir, each.source.file) === path);
  if (found !== undefined) return found;
  loaded.problems.assertNone("the project");
  const near = nearest(nameOrFile, names);
  const hint = near === undefined ? "" : `; did you mean "${near}"?`;
  const there = names.length === 0 ? "there is none" : `there are ${names.join(", ")}`;
  throw new TerraneError(
    "document-not-found",
    `there is no environment "${showText(nameOrFile)}", ${there}${hint}`,
  );
}

type FileList = (folder: string) => readonly string[];

class Loader {
  readonly #dir: string;
  readonly #problems = new ProblemList();
  readonly #sources = new Map<string, SourceText>();
  readonly #files = new Set<string>();
  readonly #documents: LoadedDocument[] = [];

  constructor(dir: string) {
    this.#dir = resolve(dir);
  }

  loadProjectFile(root: string): Loaded<"Project"> {
    const path = join(root, projectFile);
    const file = this.#nameOf(path);
    const { documents, source } = this.#read(path, file);
    const [first, second] = documents;
    if (second !== undefined) {
      const message = `${projectFile} holds one document`;
      this.#problems.add(problemAt(second.source, [], "several-documents", message));
    }
    if (first?.kind === "Project") return first;
    if (first !== undefined) {
      const message = `${projectFile} describes the project`;
      this.#problems.add(
        problemAt(first.source, ["kind"], "unknown-kind", message, { seen: first.kind, allowed: "Project" }),
      );
    }
    return fallbackProject(source ?? new SourceText(file, ""));
  }

  /** Loads what a folder of the project holds. A default folder may be missing. */
  loadFolder(
    root: string,
    project: Loaded<"Project">,
    at: readonly (string | number)[],
    folder: string,
    list: FileList,
  ): void {
    const written = project.source.nodeAt(at) !== undefined;
    const place = written ? at : at.slice(0, 1);
    const inside = resolveInside(root, folder);
    if (!inside.ok) {
      const message = `the path leads outside the project, to ${showText(inside.path)}`;
      this.#problems.add(
        problemAt(project.source, place, "path-outside", message, { seen: showText(folder) }),
      );
      return;
    }
    if (!existsSync(inside.path)) {
      if (!written) return;
      const message = `there is no folder ${showText(folder)}`;
      this.#problems.add(
        problemAt(project.source, place, "file-not-found", message, { seen: showText(folder) }),
      );
      return;
    }
    for (const path of this.#listSafely(inside.path, list)) this.#loadInside(root, path);
  }

  load(path: string, file: string): void {
    if (this.#files.has(path)) return;
    this.#files.add(path);
    const { documents } = this.#read(path, file);
    this.#documents.push(...documents.filter((each) => each.kind !== "Project"));
  }

  result(others: readonly LoadedDocument[]): LoadedDocuments {
    const own = new Set(this.#documents.map((each) => resolve(this.#dir, each.source.file)));
    const added = others.filter((each) => !own.has(resolve(this.#dir, each.source.file)));
    const documents = [...this.#documents, ...added];
    return {
      documents,
      blueprints: documents.filter((each) => each.kind === "Blueprint"),
      environments: documents.filter((each) => each.kind === "Environment"),
      addressPools: documents.filter((each) => each.kind === "AddressPool"),
      problems: this.#problems,
      sources: new Map([
        ...added.map((each) => [each.source.file, each.source.text] as const),
        ...this.#sources,
      ]),
    };
  }

  #loadInside(root: string, path: string): void {
    const file = this.#nameOf(path);
    if (this.#files.size >= maxFiles) {
      const position = { file, line: 1, column: 1 };
      const message = `the project has more than ${maxFiles} files`;
      this.#problems.add({ code: "too-many-values", severity: "error", message, position });
      return;
    }
    const inside = resolveInside(root, path);
    if (inside.ok) {
      this.load(path, file);
      return;
    }
    const message = `the file is a link that leads outside the project, to ${showText(inside.path)}`;
    this.#problems.add({
      code: "path-outside",
      severity: "error",
      message,
      position: { file, line: 1, column: 1 },
    });
  }

  #listSafely(folder: string, list: FileList): readonly string[] {
    try {
      return list(folder);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      const position = { file: this.#nameOf(folder), line: 1, column: 1 };
      const isDenied = code === "EACCES" || code === "EPERM";
      const message = isDenied ? "the folder cannot be read" : "the path is not a folder";
      this.#problems.add({
        code: isDenied ? "permission-denied" : "not-a-file",
        severity: "error",
        message,
        position,
      });
      return [];
    }
  }

  #read(path: string, file: string): LoadedFile {
    const loaded = loadFile(path, file, this.#problems);
    if (loaded.source !== undefined) this.#sources.set(file, loaded.source);
    return loaded;
  }

  #nameOf(path: string): string {
    return relative(this.#dir, path) || ".";
  }
}

/** Stands in for a `terrane.yaml` that cannot be read, so that the other documents can still be judged. */
function fallbackProject(text: SourceText): Loaded<"Project"> {
  const document = projectSchema.parse({ apiVersion, kind: "Project", metadata: { name: "unnamed" } });
  const root = {
    ...({ kind: "mapping", value: {}, raw: "", plain: false, start: 0, end: 0 } as const),
    entries: new Map(),
    items: [],
  };
  const source = new DocumentSource(text, root, new Set(["metadata"]));
  return { kind: "Project", name: "unnamed", document: deepFreeze(document), source, isWhole: false };
}
