/** Every problem of a project's documents, or of the files named, and the stacks that sound ones lead to. */
import { resolve } from "node:path";
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
import { filesMeant, isFile } from "./documents-meant.ts";
import { loadDocuments } from "./load-documents.ts";

export interface ValidateRequest {
  /** What to look at: files, or names of environments and blueprints; none: the whole project. */
  readonly files: readonly string[];
}

/**
 * Opens no database and loads neither Pulumi nor a cloud's SDK; asks a repository only for what is not locked and cached.
 * @throws TerraneError `project-not-found` when no file is named and there is no project, `document-not-found`
 */
export async function validateProject(
  context: PlatformContext,
  request: ValidateRequest,
): Promise<ValidationReport> {
  const { dir } = context;
  const loaded = await loadAll(
    context,
    request.files.filter((text) => isFile(dir, text)),
  );
  const { problems, omitted, graphs } = validateDocuments({
    documents: loaded.documents,
    catalog: catalogOf(context),
    problems: loaded.problems,
    locks: loaded.locks,
    mustBeLocked: context.locked === true,
  });
  const whole = {
    documents: loaded.documents.map(({ kind, name, source }) => ({ file: source.file, kind, name })),
    problems,
    omitted,
    graphs: graphs.map(({ of, name, graph }) => ({ of, name, stacks: toSummaries(graph) })),
    schedules: loaded.environments.flatMap((environment) => hoursOf(environment, context.now())),
  };
  return request.files.length === 0 ? whole : narrow(whole, filesMeant(loaded, dir, request.files), dir);
}

/** What a report says of some files; what has no place counts for all. */
function narrow(report: ValidationReport, files: ReadonlySet<string>, dir: string): ValidationReport {
  const isMeant = (file: string | undefined) => file === undefined || files.has(resolve(dir, file));
  const documents = report.documents.filter(({ file }) => isMeant(file));
  const isNamed = (kind: string, name: string) =>
    documents.some((each) => each.kind.toLowerCase() === kind && each.name === name);
  return {
    documents,
    problems: report.problems.filter(({ position }) => isMeant(position?.file)),
    omitted: report.omitted,
    graphs: report.graphs.filter(({ of, name }) => isNamed(of, name)),
    schedules: report.schedules.filter(({ environment }) => isNamed("environment", environment)),
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
