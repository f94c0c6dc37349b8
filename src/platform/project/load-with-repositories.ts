/** Documents for those who look at all environments at once: nothing is opened, and locks and caches save the network. */
import { type LoadedProject, loadFiles } from "../../blueprint/project.ts";
import type { FetchedBlueprint, LoadedDocuments } from "../../blueprint/project-loader.ts";
import { problemAt } from "../../blueprint/schema-problems.ts";
import { TerraneError } from "../../errors.ts";
import type { PlatformContext } from "../context.ts";
import { loadDocuments } from "./load-documents.ts";

/**
 * The documents of a project, or of files in it, with the blueprints that its environments take from repositories. One
 * that cannot be read is a problem where it is named.
 * @throws TerraneError `project-not-found` when no file is named and there is no project
 */
export async function loadWithRepositories(
  context: PlatformContext,
  files: readonly string[] = [],
): Promise<LoadedDocuments> {
  const load = (fetched: readonly FetchedBlueprint[]): LoadedDocuments & Partial<LoadedProject> =>
    files.length === 0 ? loadDocuments(context, fetched) : loadFiles(context.dir, files, fetched);
  const loaded = load([]);
  const { repositories = [], project } = loaded;
  if (project === undefined || repositories.length === 0) return loaded;
  const { fetchBlueprints } = await import("./fetch-blueprints.ts");
  const refused: TerraneError[] = [];
  const found = await Promise.all(
    loaded.environments.map(async (environment) => {
      const lock = loaded.locks.get(environment.name);
      return await fetchBlueprints({ context, repositories, environment, lock }).catch((error: unknown) => {
        if (!(error instanceof TerraneError)) throw error;
        refused.push(error);
        return [];
      });
    }),
  );
  const whole = load(found.flat());
  for (const { code, message, next } of refused)
    whole.problems.add(problemAt(project.source, ["blueprints"], code, message, { next }));
  return whole;
}
