/**
 * Brings from the repositories of a project what one environment is made from: the locked commit, or the highest
 * version within its range. What is locked and was fetched before needs no network.
 */
import { join, posix, relative, sep } from "node:path";
import semver from "semver";
import { type Loaded, loadFile } from "../../blueprint/load.ts";
import { blueprintWish } from "../../blueprint/locks.ts";
import { ProblemList } from "../../blueprint/problem-list.ts";
import { blueprintFiles, isBlueprintPath } from "../../blueprint/project-files.ts";
import type { FetchedBlueprint, Repository } from "../../blueprint/project-loader.ts";
import type { Lock } from "../../model/lock.ts";
import { findCommit, keepCommits, type Shelf, type TaggedCommit } from "../../sources/cache.ts";
import { listTags } from "../../sources/git.ts";
import { tagsWithin } from "../../sources/tags.ts";
import type { PlatformContext } from "../context.ts";

/** Tags looked into, the highest first; a tag of the whole repository may hold other blueprints only. */
const mostTags = 64;
/** Tags fetched in one call. */
const tagsPerFetch = 8;

export interface BlueprintSearch {
  readonly context: PlatformContext;
  readonly repositories: readonly Repository[];
  readonly environment: Loaded<"Environment">;
  /** Absent: the highest version within the range. */
  readonly lock: Loaded<"Lock"> | undefined;
}

/** @throws TerraneError `source-unavailable`, `blueprint-changed`, `path-outside` */
export async function fetchBlueprints(search: BlueprintSearch): Promise<readonly FetchedBlueprint[]> {
  const { repositories, lock } = search;
  if (repositories.length === 0) return [];
  if (lock?.isWhole === true) return await fetchLocked(search, lock.document);
  const found = await Promise.all(repositories.map((repository) => fetchHighest(search, repository)));
  return found.flatMap((each) => each ?? []);
}

async function fetchLocked(
  { context, repositories }: BlueprintSearch,
  { blueprint: { source } }: Lock,
): Promise<readonly FetchedBlueprint[]> {
  if (!("git" in source)) return [];
  const repository = repositories.find(
    (each) => each.git === source.git && isBlueprintPath(withinFolder(each.path, source.file)),
  );
  // That the lock leads nowhere is said where it is held against the blueprints there are.
  if (repository === undefined) return [];
  const shelf = shelfOf(context, repository);
  await keepCommits(shelf, [{ tag: source.tag, commit: source.commit }]);
  const folder = await findCommit(shelf, source.commit);
  if (folder === undefined) return [];
  return [{ path: join(folder, withinFolder(repository.path, source.file)), origin: source }];
}

async function fetchHighest(
  { context, environment }: BlueprintSearch,
  repository: Repository,
): Promise<FetchedBlueprint | undefined> {
  const { name, range } = blueprintWish(environment);
  if (semver.validRange(range) === null) return undefined;
  const shelf = shelfOf(context, repository);
  const commits = await listTags(shelf);
  const pattern = repository.tags;
  const candidates = tagsWithin(commits.keys(), { pattern, blueprint: name, range }).slice(0, mostTags);
  for (let at = 0; at < candidates.length; at += tagsPerFetch) {
    const some = candidates.slice(at, at + tagsPerFetch).flatMap(({ tag, version }) => {
      const commit = commits.get(tag);
      return commit === undefined ? [] : [{ tag, version, commit }];
    });
    await keepCommits(shelf, some);
    for (const each of some) {
      const found = await findIn(shelf, repository, each, name);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The blueprint of that name at the tag; one of another version was published by another tag. */
async function findIn(
  shelf: Shelf,
  repository: Repository,
  { tag, commit, version }: TaggedCommit & { readonly version: string },
  name: string,
): Promise<FetchedBlueprint | undefined> {
  const folder = await findCommit(shelf, commit);
  if (folder === undefined) return undefined;
  for (const path of blueprintFiles(folder)) {
    const { documents } = loadFile(path, path, new ProblemList());
    const isIt = documents.some(
      (each) => each.kind === "Blueprint" && each.name === name && each.document.metadata.version === version,
    );
    if (!isIt) continue;
    const file = posix.join(repository.path, relative(folder, path).split(sep).join("/"));
    return { path, origin: { git: repository.git, tag, commit, file } };
  }
  return undefined;
}

function shelfOf(context: PlatformContext, repository: Repository): Shelf {
  return {
    remote: repository.remote,
    name: repository.git,
    environment: context.environment,
    home: join(context.home, "blueprints"),
    path: repository.path,
    isWanted: isBlueprintPath,
  };
}

function withinFolder(folder: string, file: string): string {
  return folder === "." ? file : posix.relative(folder, file);
}
