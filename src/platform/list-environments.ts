/** Every environment that the ledger or a document knows, each with what is on record of it. Starts no engine. */
import { blueprintRoles } from "../blueprint/instances.ts";
import type { Loaded } from "../blueprint/load.ts";
import { selectEnvironment } from "../blueprint/project.ts";
import { TerraneError } from "../errors.ts";
import type { ListedEnvironment } from "../ledger/environment-briefs.ts";
import type { Operation } from "../model/operation.ts";
import type { EnvironmentSummary, ListRequest } from "./api.ts";
import type { PlatformContext } from "./context.ts";
import { type OpenProject, openProject } from "./project/open-project.ts";
import { asItStands } from "./records/held-lease.ts";

/** By name. A document whose name cannot be read is left to `validate`. */
export async function listEnvironments(
  context: PlatformContext,
  { after, limit }: ListRequest = {},
): Promise<readonly EnvironmentSummary[]> {
  await using project = await openProject(context);
  const [ledger, state] = await Promise.all([project.app.ledger(), project.app.state()]);
  const briefs = await ledger.briefs.list({
    ...(after === undefined ? {} : { after }),
    ...(limit === undefined ? {} : { limit }),
  });
  const counts = await state.counts(briefs.flatMap(({ stacks }) => stacks));
  const documents = new Map(
    project.documents.environments
      .filter((each) => !each.source.broken.has("metadata"))
      .map((each) => [each.name, each] as const),
  );
  const listed = await Promise.all(
    briefs.map(async ({ operation, ...brief }) => {
      const standing = operation === undefined ? {} : { operation: await asItStands(ledger, operation) };
      return summarize({ ...brief, ...standing }, counts, documents.get(brief.name));
    }),
  );
  const recorded = await ledger.briefs.existing([...documents.keys()]);
  for (const document of documents.values()) {
    const isBehind = after === undefined || document.name > after;
    if (isBehind && !recorded.has(document.name)) listed.push(summarizeAbsent(project, document));
  }
  listed.sort((left, right) => (left.name < right.name ? -1 : 1));
  const page = listed.slice(0, limit);
  return page;
}

function summarize(
  { stacks, operation, ...brief }: ListedEnvironment,
  counts: ReadonlyMap<string, number>,
  document: Loaded<"Environment"> | undefined,
): EnvironmentSummary {
  return {
    ...brief,
    resources: stacks.reduce((sum, stack) => sum + (counts.get(stack) ?? 0), 0),
    ...(operation === undefined ? {} : { operation: withoutSteps(operation) }),
    ...(document === undefined ? {} : { document: document.source.file }),
  };
}

function withoutSteps({ steps: _steps, ...operation }: Operation): Omit<Operation, "steps"> {
  return operation;
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
