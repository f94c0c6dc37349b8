/**
 * Blueprints of git tags on disk, by repository and commit: what is there once never changes, so it needs no network
 * and no lock. A tag is written aside and renamed into place.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { TerraneError } from "../errors.ts";
import { FetchedTags, type GitHost, type TreeFile } from "./git.ts";

/** A file larger than this is no blueprint, bytes. */
const largestFile = 1024 * 1024;
/** Blueprints at one commit; more is a slip of a path. */
const mostFiles = 1000;

export interface Shelf extends GitHost {
  /** Folder of the cache. Absolute. */
  readonly home: string;
  /** Folder of blueprints within the repository. */
  readonly path: string;
  /** Whether a path within that folder is a blueprint's. */
  readonly isWanted: (path: string) => boolean;
}

export interface TaggedCommit {
  readonly tag: string;
  readonly commit: string;
}

/** Folder with the blueprints of a commit; undefined where it was never fetched. */
export async function findCommit(shelf: Shelf, commit: string): Promise<string | undefined> {
  const folder = folderOf(shelf, commit);
  return (await stat(folder).catch(() => undefined))?.isDirectory() === true ? folder : undefined;
}

/**
 * Fetches what is missing of these, in one call.
 * @throws TerraneError `source-unavailable`; `blueprint-changed` where a tag leads to another commit than it did;
 * `path-outside` for a link in place of a blueprint
 */
export async function keepCommits(shelf: Shelf, wanted: readonly TaggedCommit[]): Promise<void> {
  const missing: TaggedCommit[] = [];
  for (const each of wanted) if ((await findCommit(shelf, each.commit)) === undefined) missing.push(each);
  if (missing.length === 0) return;
  await mkdir(shelfFolder(shelf), { recursive: true, mode: 0o700 });
  const aside = join(shelfFolder(shelf), `.${randomUUID()}`);
  try {
    const fetched = await FetchedTags.fetch(
      shelf,
      join(aside, "repository"),
      missing.map((each) => each.tag),
    );
    for (const each of missing) await keep(shelf, fetched, each, join(aside, each.commit));
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function keep(shelf: Shelf, fetched: FetchedTags, wanted: TaggedCommit, aside: string): Promise<void> {
  const commit = await fetched.commitOf(wanted.tag);
  if (commit !== wanted.commit) {
    throw new TerraneError(
      "blueprint-changed",
      `the tag ${wanted.tag} of ${shelf.name} has moved: it was ${wanted.commit.slice(0, 12)} and is ${commit.slice(0, 12)}`,
      {
        next: "Ask its owner why: a version that is published never changes. To take it all the same: terrane lock --update",
      },
    );
  }
  const prefix = shelf.path === "." ? "" : `${shelf.path}/`;
  const files = (await fetched.filesAt(commit, shelf.path)).filter(
    (file) => file.path.startsWith(prefix) && shelf.isWanted(file.path.slice(prefix.length)),
  );
  if (files.length > mostFiles) {
    throw unreadable(shelf, wanted.tag, `it holds ${files.length} blueprints, more than ${mostFiles}`);
  }
  await mkdir(aside, { recursive: true });
  for (const file of files) {
    assertPlain(shelf, wanted.tag, file);
    const path = join(aside, file.path.slice(prefix.length));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await fetched.read(file));
  }
  // Who was quicker has written the same.
  await rename(aside, folderOf(shelf, commit)).catch(async (error: unknown) => {
    if ((await findCommit(shelf, commit)) === undefined) throw error;
  });
}

function assertPlain(shelf: Shelf, tag: string, file: TreeFile): void {
  if (file.isLink) {
    throw new TerraneError(
      "path-outside",
      `${file.path} of ${shelf.name} at ${tag} is a link; links are not followed`,
      {
        next: "Put the blueprint's text in the place of the link, and tag it.",
      },
    );
  }
  if (file.bytes > largestFile) {
    throw unreadable(shelf, tag, `${file.path} has ${file.bytes} bytes, more than ${largestFile}`);
  }
}

function unreadable(shelf: Shelf, tag: string, why: string): TerraneError {
  return new TerraneError(
    "source-unavailable",
    `the blueprints of ${shelf.name} at ${tag} cannot be read: ${why}`,
    {
      next: "Name the folder of the blueprints with `path` in terrane.yaml.",
    },
  );
}

function shelfFolder({ home, remote, path }: Shelf): string {
  const digest = createHash("sha256").update(`${remote}\0${path}`).digest("hex").slice(0, 32);
  return join(home, digest);
}

function folderOf(shelf: Shelf, commit: string): string {
  return join(shelfFolder(shelf), commit);
}
