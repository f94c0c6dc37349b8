/** Decides which version of its blueprint an environment is held to, and writes that down. Changes nothing else. */
import type { Loaded } from "../blueprint/load.ts";
import { describeOrigin, isSameLock, makeLock } from "../blueprint/locks.ts";
import { type LoadedProject, lockOf, pickEnvironment, type Selection } from "../blueprint/project.ts";
import { lockPath } from "../blueprint/project-files.ts";
import { TerraneError } from "../errors.ts";
import type { LockedEnvironment, LockRequest } from "./api.ts";
import type { PlatformContext } from "./context.ts";
import { writeLock } from "./project/keep-lock.ts";
import { findIn, openProject } from "./project/open-project.ts";

/**
 * Of one environment, or of all by name. A lock that still fits is kept unless an update is asked for.
 * @throws TerraneError `document-invalid`, `document-not-found`, `source-unavailable`, `blueprint-changed`;
 * `lock-stale` for a lock that would have to be written while the context lets none be
 */
export async function lockEnvironments(
  context: PlatformContext,
  request: LockRequest,
): Promise<readonly LockedEnvironment[]> {
  await using project = await openProject(context);
  const { documents } = project;
  const wanted =
    request.environment === undefined
      ? documents.environments.toSorted((left, right) => (left.name < right.name ? -1 : 1))
      : [pickEnvironment(documents, context.dir, request.environment)];
  const locked: LockedEnvironment[] = [];
  for (const environment of wanted) {
    locked.push(await lockOne(context, documents, environment, request));
  }
  return locked;
}

async function lockOne(
  context: PlatformContext,
  documents: LoadedProject,
  environment: Loaded<"Environment">,
  request: LockRequest,
): Promise<LockedEnvironment> {
  const lock = request.update ? documents.locks.get(environment.name) : lockOf(documents, environment);
  const kept = request.update ? undefined : await keepIfSound(context, documents, environment, lock);
  const { blueprint } = kept ?? (await findIn(context, documents, environment, undefined));
  const next = makeLock(environment, blueprint);
  if (next === undefined) throw new TerraneError("internal", `${blueprint.source.file} stands in no project`);
  const isSame = lock !== undefined && isSameLock(next, lock.document);
  const isWritten = !isSame || next.blueprint.range !== lock.document.blueprint.range;
  if (!isSame && context.locked === true) {
    throw new TerraneError(
      "lock-stale",
      `the lock of ${environment.name} would change, and --locked forbids that`,
      {
        next: `Run: terrane lock ${environment.name}`,
      },
    );
  }
  if (isWritten && context.locked !== true) await writeLock(context, environment, next);
  const before = lock?.document.blueprint.version;
  const { name, version, source } = next.blueprint;
  return {
    environment: environment.name,
    blueprint: name,
    version,
    source: describeOrigin(source),
    file: lockFileOf(environment),
    ...(before === undefined ? {} : { before }),
    change: lock === undefined ? "new" : isSame ? "none" : version === before ? "renewed" : "moved",
  };
}

/** What the lock leads to; undefined where it does not hold any more and is to be made again. */
async function keepIfSound(
  context: PlatformContext,
  documents: LoadedProject,
  environment: Loaded<"Environment">,
  lock: Loaded<"Lock"> | undefined,
): Promise<Selection | undefined> {
  if (lock?.isWhole !== true) return undefined;
  try {
    return await findIn(context, documents, environment, lock);
  } catch (error) {
    const isStale =
      error instanceof TerraneError && error.problems.some((problem) => problem.code === "lock-stale");
    if (isStale) return undefined;
    throw error;
  }
}

function lockFileOf(environment: Loaded<"Environment">): string {
  return lockPath(environment.source.file, environment.name);
}
