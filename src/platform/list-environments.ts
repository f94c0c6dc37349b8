/** Every environment that the ledger or a document knows, each with what is on record of it. Starts no engine. */
import { blueprintRoles } from "../blueprint/instances.ts";
import type { Loaded } from "../blueprint/load.ts";
import { selectEnvironment } from "../blueprint/project.ts";
import { TerraneError } from "../errors.ts";
import type { Operation } from "../model/operation.ts";
import type { EnvironmentRecord } from "../model/record.ts";
import type { EnvironmentSpec } from "../model/spec.ts";
import type { EnvironmentSummary, SiteSummary } from "./api.ts";
import type { PlatformContext } from "./context.ts";
import { countResources } from "./count-resources.ts";
import { type OpenProject, openProject } from "./open-project.ts";
import { recordedStacks } from "./recorded-stacks.ts";

/** By name. A document whose name cannot be read is left to `validate`. */
export async function listEnvironments(context: PlatformContext): Promise<readonly EnvironmentSummary[]> {
  await using project = await openProject(context);
  const ledger = await project.app.ledger();
  const [records, newest] = await Promise.all([
    ledger.listEnvironments(),
    ledger.history.newestByEnvironment(),
  ]);
  const documents = new Map(
    project.documents.environments
      .filter((each) => !each.source.broken.has("metadata"))
      .map((each) => [each.name, each] as const),
  );
  const recorded = new Set(records.map((record) => record.name));
  const listed: EnvironmentSummary[] = [];
  for (const record of records) {
    listed.push(await summarize(project, record, newest.get(record.name), documents.get(record.name)));
  }
  for (const document of documents.values()) {
    if (!recorded.has(document.name)) listed.push(summarizeAbsent(project, document));
  }
  listed.sort((left, right) => (left.name < right.name ? -1 : 1));
  return listed;
}

async function summarize(
  project: OpenProject,
  record: EnvironmentRecord,
  operation: Operation | undefined,
  document: Loaded<"Environment"> | undefined,
): Promise<EnvironmentSummary> {
  const counts = await countResources(await project.app.state(), recordedStacks(record));
  return {
    name: record.name,
    status: record.status,
    class: record.class,
    target: record.target,
    blueprint: record.blueprint,
    sites: sitesOf(record.applied, record),
    resources: Object.values(counts).reduce((sum, count) => sum + count, 0),
    ...(operation === undefined ? {} : { operation: withoutSteps(operation) }),
    updatedAt: record.updatedAt,
    ...(document === undefined ? {} : { document: document.source.file }),
  };
}

function withoutSteps({ steps: _steps, ...operation }: Operation): Omit<Operation, "steps"> {
  return operation;
}

function sitesOf(applied: EnvironmentSpec | undefined, record: EnvironmentRecord): readonly SiteSummary[] {
  return (applied?.sites ?? []).map(({ name, cloud, region, role }) => ({
    name,
    cloud,
    region,
    role: record.roles[name] ?? role,
  }));
}

function summarizeAbsent(project: OpenProject, document: Loaded<"Environment">): EnvironmentSummary {
  const blueprint = blueprintOf(project, document);
  const [name = ""] = document.document.blueprint.split("@");
  const version =
    blueprint?.document.metadata.version ??
    project.documents.locks.get(document.name)?.document.blueprint.version;
  const roles = blueprint === undefined ? undefined : blueprintRoles(blueprint.document);
  return {
    name: document.name,
    status: "absent",
    class: document.document.class,
    blueprint: { name, ...(version === undefined ? {} : { version }) },
    sites: Object.entries(blueprint?.document.sites ?? {}).map(([site, { cloud, region, role }]) => ({
      name: site,
      cloud,
      region,
      role: roles?.get(site) ?? role,
    })),
    resources: 0,
    document: document.source.file,
  };
}

/** What is wrong with an environment that is not up is for `validate` to say. */
function blueprintOf(project: OpenProject, document: Loaded<"Environment">): Loaded<"Blueprint"> | undefined {
  try {
    return selectEnvironment(project.documents, project.app.context.dir, document.name).blueprint;
  } catch (error) {
    if (error instanceof TerraneError) return undefined;
    throw error;
  }
}
