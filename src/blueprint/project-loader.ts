/**
 * Gathers the documents of a project from its folders and from what was fetched of its repositories. Never leaves the
 * folder, whatever a path or a symbolic link says.
 */
import { existsSync } from "node:fs";
import { basename, dirname, join, posix, relative, resolve, sep } from "node:path";
import validVersion from "semver/functions/valid.js";
import { projectSchema } from "../model/documents.ts";
import type { BlueprintOrigin, GitSource } from "../model/lock.ts";
import { apiVersion } from "../model/words.ts";
import { projectFile } from "./document-files.ts";
import { DocumentSource, type Path } from "./document-source.ts";
import { isInsideRepository, readGitRemote } from "./git-remote.ts";
import { deepFreeze, type Loaded, type LoadedDocument, type LoadedFile, loadFile } from "./load.ts";
import { ProblemList, showText, showValue } from "./problem-list.ts";
import { lockPath, resolveInside } from "./project-files.ts";
import { problemAt } from "./schema-problems.ts";
import { SourceText } from "./source-text.ts";

/** Files of one project; more is a slip of a path. */
const maxFiles = 2000;

/** Documents that belong together, with the texts they came from. */
export interface LoadedDocuments {
  readonly documents: readonly LoadedDocument[];
  readonly blueprints: readonly Loaded<"Blueprint">[];
  readonly environments: readonly Loaded<"Environment">[];
  readonly addressPools: readonly Loaded<"AddressPool">[];
  /** The lock beside each environment's document, by the environment's name. */
  readonly locks: ReadonlyMap<string, Loaded<"Lock">>;
  /** Files of locks by the name of their environment, readable or not. */
  readonly lockFiles: ReadonlyMap<string, string>;
  /** What loading has found; handed on to `validateDocuments`. */
  readonly problems: ProblemList;
  /** Text of every file, by the name that positions use. */
  readonly sources: ReadonlyMap<string, SourceText>;
}

/** A git source of terrane.yaml. */
export interface Repository extends GitSource {
  /** What git is given: a URL, or an absolute path. */
  readonly remote: string;
  /** Where terrane.yaml names it. */
  readonly at: Path;
}

/** A blueprint of a repository, brought to disk. */
export interface FetchedBlueprint {
  /** Absolute. */
  readonly path: string;
  readonly origin: BlueprintOrigin;
}

type FileList = (folder: string) => readonly string[];

export class ProjectLoader {
  readonly #dir: string;
  readonly #problems = new ProblemList();
  readonly #sources = new Map<string, SourceText>();
  readonly #files = new Set<string>();
  readonly #documents: LoadedDocument[] = [];
  readonly #locks = new Map<string, Loaded<"Lock">>();
  readonly #lockFiles = new Map<string, string>();

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

  load(path: string, file: string, origin?: BlueprintOrigin): void {
    if (this.#files.has(path)) return;
    this.#files.add(path);
    for (const document of this.#read(path, file).documents) {
      if (document.kind === "Project" || document.kind === "Lock") continue;
      this.#documents.push(withOrigin(document, document.kind === "Environment" ? { file } : origin));
      if (document.kind === "Blueprint") this.#checkVersionFolder(path, document);
    }
  }

  loadFetched(path: string, origin: BlueprintOrigin): void {
    this.load(path, this.#nameOf(path), origin);
  }

  /** A source that may be read; what is wrong with another is told. */
  checkRepository(
    root: string,
    project: Loaded<"Project">,
    at: Path,
    source: GitSource,
  ): readonly Repository[] {
    const found = readGitRemote(root, source.git);
    if (!found.ok) {
      const { code, message, allowed } = found;
      const seen = showValue(source.git, []);
      const more = seen === undefined ? { allowed } : { allowed, seen };
      this.#problems.add(problemAt(project.source, [...at, "git"], code, message, more));
      return [];
    }
    if (!isInsideRepository(source.path)) {
      const message = "the path leads outside the repository";
      const seen = showText(source.path);
      this.#problems.add(problemAt(project.source, [...at, "path"], "path-outside", message, { seen }));
      return [];
    }
    const path = posix.normalize(source.path).replace(/\/$/, "");
    return [{ ...source, path, remote: found.remote, at }];
  }

  /** The locks of the environments loaded so far. */
  loadLocks(root: string | undefined): void {
    for (const environment of this.#documents.filter((each) => each.kind === "Environment")) {
      const path = lockPath(resolve(this.#dir, environment.source.file), environment.name);
      if (!existsSync(path)) continue;
      const file = this.#nameOf(path);
      this.#lockFiles.set(environment.name, file);
      const inside = root === undefined ? { ok: true, path } : resolveInside(root, path);
      if (inside.ok) this.#loadLock(path, file, environment.name);
      else this.#refuseLink(file, inside.path);
    }
  }

  #loadLock(path: string, file: string, environment: string): void {
    const { documents } = this.#read(path, file);
    const lock = documents.find((each) => each.kind === "Lock");
    if (lock?.name === environment) {
      this.#locks.set(environment, lock);
      return;
    }
    if (lock === undefined && this.#problems.hasAny(file)) return;
    const message =
      lock === undefined
        ? `the file holds no lock, and stands where that of ${environment} does`
        : `the lock is for ${showText(lock.name)}, and stands beside ${environment}`;
    const next = `Run: terrane lock ${environment} --update`;
    const position = lock?.source.positionOf(["metadata", "name"]) ?? { file, line: 1, column: 1 };
    this.#problems.add({ code: "lock-stale", severity: "error", message, position, next });
  }

  /** A folder that is named for a version holds that one. */
  #checkVersionFolder(path: string, blueprint: Loaded<"Blueprint">): void {
    const folder = basename(dirname(path));
    const { version } = blueprint.document.metadata;
    if (validVersion(folder) !== folder || folder === version) return;
    if (basename(path) !== "blueprint.yaml" || blueprint.source.broken.has("metadata")) return;
    const message = `the folder ${folder} holds version ${version}`;
    this.#problems.add(
      problemAt(blueprint.source, ["metadata", "version"], "bad-value", message, {
        seen: version,
        allowed: folder,
        nearest: folder,
      }),
    );
  }

  #refuseLink(file: string, target: string): void {
    const message = `the file is a link that leads outside the project, to ${showText(target)}`;
    const position = { file, line: 1, column: 1 };
    this.#problems.add({ code: "path-outside", severity: "error", message, position });
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
      locks: this.#locks,
      lockFiles: this.#lockFiles,
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
    if (inside.ok) this.load(path, file, { file: relative(root, path).split(sep).join("/") });
    else this.#refuseLink(file, inside.path);
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

function withOrigin(document: LoadedDocument, origin: BlueprintOrigin | undefined): LoadedDocument {
  const isPlaced = document.kind === "Blueprint" || document.kind === "Environment";
  return isPlaced && origin !== undefined ? { ...document, origin } : document;
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
