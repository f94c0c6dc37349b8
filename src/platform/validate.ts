/** Every problem of a project's documents, or of the files named, and the stacks that sound ones lead to. */
import { resolve } from "node:path";
import type { Loaded } from "../blueprint/load.ts";
import { validateDocuments } from "../blueprint/validate.ts";
import type { StackGraph } from "../model/spec.ts";
import { checkSchedule, isTimeZone, nextRuns } from "../values/schedule.ts";
import type { ScheduledHours, StackSummary, ValidationReport } from "./api.ts";
import type { PlatformContext } from "./context.ts";
import { catalogOf } from "./project/component-catalog.ts";
import { filesMeant, isFile } from "./project/documents-meant.ts";
import { loadWithRepositories } from "./project/load-with-repositories.ts";

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
  const loaded = await loadWithRepositories(
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

function toSummaries(graph: StackGraph): readonly StackSummary[] {
  return graph.stacks.map(({ name, site, domain, dependsOn, converge }) => ({
    name,
    site,
    domain,
    dependsOn,
    components: converge.components.map((component) => ({ name: component.name, type: component.type })),
  }));
}
