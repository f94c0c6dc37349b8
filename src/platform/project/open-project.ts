/** Opens the project a person stands in: its documents, and through `app.ts` everything it keeps. */
import type { Loaded } from "../../blueprint/load.ts";
import { isSameLock, makeLock, newerVersion } from "../../blueprint/locks.ts";
import {
  type LoadedProject,
  lockOf,
  pickEnvironment,
  type Selection,
  selectEnvironment,
} from "../../blueprint/project.ts";
import { TerraneError } from "../../errors.ts";
import type { Lock } from "../../model/lock.ts";
import { type App, openApp } from "../app.ts";
import type { PlatformContext } from "../context.ts";
import { fetchBlueprints } from "./fetch-blueprints.ts";
import { loadDocuments } from "./load-documents.ts";

export interface OpenProject extends AsyncDisposable {
  readonly app: App;
  /** Every document, whether whole or not; of its repositories, nothing. */
  readonly documents: LoadedProject;
  readonly addressPools: readonly Loaded<"AddressPool">[];
  /**
   * The environment of that name or file, or the only one there is.
   * @throws TerraneError `document-invalid`, `document-not-found`, `bad-usage`
   */
  pick(nameOrFile: string | undefined): Loaded<"Environment">;
  /**
   * With the blueprint that its lock holds it to or its range selects, brought from its repository where need be.
   * @throws TerraneError `document-invalid` when one of the two has problems, `lock-stale`, `source-unavailable`,
   * `blueprint-changed`; else as `pick`
   */
  find(nameOrFile: string | undefined): Promise<FoundEnvironment>;
}

export interface FoundEnvironment extends Selection {
  /** The lock that an `up` leaves beside the environment; undefined when that is what is there. */
  readonly nextLock: Lock | undefined;
  /** A higher version within the range, among those at hand. */
  readonly newer: string | undefined;
}

/** @throws TerraneError `project-not-found`; `document-invalid` when terrane.yaml has problems */
export async function openProject(context: PlatformContext): Promise<OpenProject> {
  const loaded = loadDocuments(context);
  assertWhole(loaded, loaded.project);
  const app = openApp(context, loaded.root, loaded.project.document);
  return {
    app,
    documents: loaded,
    addressPools: loaded.addressPools,
    pick: (nameOrFile) => pickEnvironment(loaded, context.dir, nameOrFile),
    find: async (nameOrFile) => {
      const environment = pickEnvironment(loaded, context.dir, nameOrFile);
      const lock = lockOf(loaded, environment);
      const found = describe(await findIn(context, loaded, environment, lock));
      if (context.locked === true) assertLocked(found);
      return found;
    },
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
}

/**
 * An environment of a loaded project with its blueprint.
 * @param lock undefined: as if there were none
 * @throws TerraneError as `find` of an open project
 */
export async function findIn(
  context: PlatformContext,
  loaded: LoadedProject,
  environment: Loaded<"Environment">,
  lock: Loaded<"Lock"> | undefined,
): Promise<Selection & { readonly versions: readonly string[] }> {
  const { repositories } = loaded;
  const fetched = await fetchBlueprints({ context, repositories, environment, lock });
  const whole = fetched.length === 0 ? loaded : loadDocuments(context, fetched);
  const locks = new Map(lock === undefined ? [] : [[environment.name, lock]]);
  const found = selectEnvironment({ ...whole, locks }, context.dir, environment.name);
  for (const document of [found.environment, found.blueprint, ...whole.addressPools])
    assertWhole(whole, document);
  const named = whole.blueprints.filter((each) => each.name === found.blueprint.name);
  return { ...found, versions: named.map((each) => each.document.metadata.version) };
}

function describe(found: Selection & { readonly versions: readonly string[] }): FoundEnvironment {
  const { environment, blueprint, lock, versions } = found;
  const next = makeLock(environment, blueprint);
  const isKept = next === undefined || (lock !== undefined && isSameLock(next, lock.document));
  return {
    ...found,
    nextLock: isKept ? undefined : next,
    newer: newerVersion(environment, blueprint, versions),
  };
}

function assertLocked({ environment, lock, nextLock }: FoundEnvironment): void {
  if (nextLock === undefined) return;
  const what =
    lock === undefined ? "is not locked" : "is locked to another text of its blueprint than the one there is";
  throw new TerraneError("lock-stale", `${environment.name} ${what}, and --locked lets no lock be written`, {
    next: `Run \`terrane lock ${environment.name}\` and commit what it writes.`,
  });
}

/** What is wrong elsewhere in the project does not stand in the way of this document. */
function assertWhole(
  loaded: LoadedProject,
  document: Loaded<"Project" | "Environment" | "Blueprint" | "AddressPool">,
): void {
  if (!document.isWhole) loaded.problems.assertNone(document.source.file);
}
