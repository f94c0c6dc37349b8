/**
 * A project folder: `terrane.yaml`, the blueprints and the environments beside it. Finds and loads documents; never
 * leaves the folder, whatever a path or a symbolic link says.
 */
import { resolve } from "node:path";
import { type Problem, TerraneError } from "../errors.ts";
import { nearest, toldNames } from "../values/nearest.ts";
import { findBlueprint } from "./check-environment.ts";
import { documentFiles, findProjectRoot, projectFile } from "./document-files.ts";
import type { Loaded } from "./load.ts";
import { lockedBlueprints } from "./locks.ts";
import { ProblemList, showText } from "./problem-list.ts";
import { blueprintFiles } from "./project-files.ts";
import {
  type FetchedBlueprint,
  type LoadedDocuments,
  ProjectLoader,
  type Repository,
} from "./project-loader.ts";

export interface LoadedProject extends LoadedDocuments {
  /** Absolute. */
  readonly root: string;
  readonly project: Loaded<"Project">;
  /** Git repositories that terrane.yaml names and that may be read. */
  readonly repositories: readonly Repository[];
}

/**
 * Loads the project that `dir` stands in, with all its documents. File names in positions are relative to `dir`.
 * @param fetched what was brought from its repositories; this reaches no network
 * @throws TerraneError `project-not-found`
 */
export function loadProject(dir: string, fetched: readonly FetchedBlueprint[] = []): LoadedProject {
  const root = findProjectRoot(dir);
  if (root === undefined) {
    throw new TerraneError("project-not-found", `there is no ${projectFile} in ${dir} or above it`);
  }
  const loader = new ProjectLoader(dir);
  const project = loader.loadProjectFile(root);
  const { blueprints, environments } = project.document;
  const repositories: Repository[] = [];
  for (const [index, source] of blueprints.entries()) {
    const at = ["blueprints", index];
    if (typeof source === "string") loader.loadFolder(root, project, at, source, blueprintFiles);
    else repositories.push(...loader.checkRepository(root, project, at, source));
  }
  for (const { path, origin } of fetched) loader.loadFetched(path, origin);
  for (const [index, folder] of environments.entries()) {
    loader.loadFolder(root, project, ["environments", index], folder, documentFiles);
  }
  loader.loadLocks(root);
  return { ...loader.result([]), root, project, repositories };
}

/**
 * Loads the files named, and the project's documents they can refer to where there is a project. A file may hold
 * several documents.
 */
export function loadFiles(
  dir: string,
  files: readonly string[],
  fetched: readonly FetchedBlueprint[] = [],
): LoadedDocuments & Partial<LoadedProject> {
  const project = findProjectRoot(dir) === undefined ? undefined : loadProject(dir, fetched);
  const loader = new ProjectLoader(dir);
  for (const file of files) loader.load(resolve(dir, file), file);
  loader.loadLocks(project?.root);
  const loaded = loader.result(project?.documents ?? []);
  if (project === undefined) return loaded;
  const { root, project: document, repositories } = project;
  const locks = new Map([...project.locks, ...loaded.locks]);
  const lockFiles = new Map([...project.lockFiles, ...loaded.lockFiles]);
  return { ...loaded, locks, lockFiles, root, project: document, repositories };
}

/** The environment that is meant, and what it is made from. */
export interface Selection {
  readonly environment: Loaded<"Environment">;
  readonly blueprint: Loaded<"Blueprint">;
  readonly lock: Loaded<"Lock"> | undefined;
  /** What is worth knowing and stops nothing. */
  readonly warnings: readonly Problem[];
}

/**
 * The environment a user means: by its name or its file; the only one where nothing is said. With the blueprint that
 * its lock holds it to, or its range selects.
 * @throws TerraneError `bad-usage`, `document-not-found`, `document-invalid`
 */
export function selectEnvironment(loaded: LoadedDocuments, dir: string, nameOrFile?: string): Selection {
  const environment = pickEnvironment(loaded, dir, nameOrFile);
  const problems = new ProblemList();
  const lock = loaded.locks.get(environment.name);
  const candidates = lockedBlueprints(environment, lock, loaded.blueprints, problems);
  const blueprint = findBlueprint(environment, candidates, problems);
  problems.assertNone(`environment "${environment.name}"`);
  if (blueprint === undefined) throw new TerraneError("document-not-found", "the blueprint is not there");
  return { environment, blueprint, lock, warnings: problems.report().problems };
}

/**
 * The lock of an environment. One that cannot be read is no lock that is missing: nobody goes on without it.
 * @throws TerraneError `document-invalid`
 */
export function lockOf(
  loaded: LoadedDocuments,
  environment: Loaded<"Environment">,
): Loaded<"Lock"> | undefined {
  const lock = loaded.locks.get(environment.name);
  const file = loaded.lockFiles.get(environment.name);
  if (file !== undefined && lock?.isWhole !== true) loaded.problems.assertNone(file);
  return lock;
}

/**
 * The environment of that name or file, or the only one there is; its blueprint is not looked at.
 * @throws TerraneError `bad-usage`, `document-not-found`, `document-invalid`
 */
export function pickEnvironment(
  loaded: LoadedDocuments,
  dir: string,
  nameOrFile?: string,
): Loaded<"Environment"> {
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
  throw new TerraneError(
    "document-not-found",
    `there is no environment "${showText(nameOrFile)}"; ${toldNames(names)}${hint}`,
  );
}
