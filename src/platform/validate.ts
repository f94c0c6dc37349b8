/** Every problem of a project's documents, or of the files named, and the stacks that sound ones lead to. */
import type { Loaded } from "../blueprint/load.ts";
import { type LoadedProject, loadFiles } from "../blueprint/project.ts";
import type { FetchedBlueprint, LoadedDocuments } from "../blueprint/project-loader.ts";
import { problemAt } from "../blueprint/schema-problems.ts";
import { validateDocuments } from "../blueprint/validate.ts";
import { TerraneError } from "../errors.ts";
import type { StackGraph } from "../model/spec.ts";
import { checkSchedule, isTimeZone, nextRuns } from "../values/schedule.ts";
import type { ScheduledHours, StackSummary, ValidationReport } from "./api.ts";
import { catalogOf } from "./component-catalog.ts";
import type { PlatformContext } from "./context.ts";
import { loadDocuments } from "./load-documents.ts";

export interface ValidateRequest {
  /** Files to look at; none: the whole project. */
  readonly files: readonly string[];
}

/**
 * Opens no database and loads neither Pulumi nor a cloud's SDK; asks a repository only for what is not locked and cached.
 * @throws TerraneError `project-not-found` when no file is named and there is no project
 */
export async function validateProject(
  context: PlatformContext,
  request: ValidateRequest,
): Promise<ValidationReport> {
  const loaded = await loadAll(context, request.files);
  const { problems, omitted, graphs } = validateDocuments({
    documents: loaded.documents,
    catalog: catalogOf(context),
    problems: loaded.problems,
    locks: loaded.locks,
    mustBeLocked: context.locked === true,
  });
  return {
    documents: loaded.documents.map(({ kind, name, source }) => ({ file: source.file, kind, name })),
    problems,
    omitted,
    graphs: graphs.map(({ of, name, graph }) => ({ of, name, stacks: toSummaries(graph) })),
    schedules: loaded.environments.flatMap((environment) => hoursOf(environment, context.now())),
  };
}

function hoursOf({ document, name, isWhole }: Loaded<"Environment">, now: Date): readonly ScheduledHours[] {
  const { schedule } = document;
  if (!isWhole || schedule === undefined) return [];
  const { up, down, timeZone } = schedule;
  const isSound =
    isTimeZone(timeZone) && [up, down].every((text) => checkSchedule(text, timeZone) === undefined);
  if (!isSound) return [];
  const next = (text: string) => nextRuns(text, timeZone, now, 3).map((run) => run.toISOString());
  return [{ environment: name, timeZone, up: next(up), down: next(down) }];
}

/** With what the environments need of repositories; one that cannot be read is a problem where it is named. */
async function loadAll(context: PlatformContext, files: readonly string[]): Promise<LoadedDocuments> {
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

function toSummaries(graph: StackGraph): readonly StackSummary[] {
  return graph.stacks.map(({ name, site, domain, dependsOn, converge }) => ({
    name,
    site,
    domain,
    dependsOn,
    components: converge.components.map((component) => ({ name: component.name, type: component.type })),
  }));
}
