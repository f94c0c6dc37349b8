/** Every problem of a project's documents, or of the files named, and the stacks that sound ones lead to. */
import { loadFiles } from "../blueprint/project.ts";
import { validateDocuments } from "../blueprint/validate.ts";
import type { StackGraph } from "../model/spec.ts";
import type { StackSummary, ValidationReport } from "./api.ts";
import { catalogOf } from "./component-catalog.ts";
import type { PlatformContext } from "./context.ts";
import { loadDocuments } from "./load-documents.ts";

export interface ValidateRequest {
  /** Files to look at; none: the whole project. */
  readonly files: readonly string[];
}

/**
 * Opens no database and loads neither Pulumi nor a cloud's SDK.
 * @throws TerraneError `project-not-found` when no file is named and there is no project
 */
export async function validateProject(
  context: PlatformContext,
  request: ValidateRequest,
): Promise<ValidationReport> {
  const loaded = request.files.length === 0 ? loadDocuments(context) : loadFiles(context.dir, request.files);
  const { problems, omitted, graphs } = validateDocuments({
    documents: loaded.documents,
    catalog: catalogOf(context),
    problems: loaded.problems,
  });
  return {
    documents: loaded.documents.map(({ kind, name, source }) => ({ file: source.file, kind, name })),
    problems,
    omitted,
    graphs: graphs.map(({ of, name, graph }) => ({ of, name, stacks: toSummaries(graph) })),
  };
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
