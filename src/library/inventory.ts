/** What there is and what was done: environments, resources, addresses, operations. Starts no engine. */
import type { Operation } from "../model/operation.ts";
import type {
  AddressReport,
  EnvironmentResources,
  EnvironmentSummary,
  HistoryRequest,
  ListRequest,
  ReferenceGraph,
  ResourceFilter,
} from "../platform/api.ts";
import { type ProjectOptions, toContext } from "./context.ts";
import type { EnvironmentOptions } from "./operations.ts";

/**
 * Every environment by name, as its document, the ledger, or both know it.
 * @throws TerraneError `project-not-found`
 */
export async function list(
  request: ProjectOptions & ListRequest = {},
): Promise<readonly EnvironmentSummary[]> {
  const { listEnvironments } = await import("../platform/list-environments.ts");
  return listEnvironments(toContext(request), request);
}

/**
 * What exists of an environment, stack by stack, with the ids that the clouds gave.
 * @throws TerraneError `environment-not-found`; `bad-usage` for a stack or component that is not there
 */
export async function resources(
  request: EnvironmentOptions & ResourceFilter = {},
): Promise<EnvironmentResources> {
  const { readResources } = await import("../platform/resources.ts");
  return readResources(toContext(request), request.environment, request);
}

/**
 * Past operations, the newest first; those of environments that are gone stay on record.
 * @throws TerraneError `environment-not-found`, `operation-not-found`
 */
export async function history(request: ProjectOptions & HistoryRequest = {}): Promise<readonly Operation[]> {
  const { readHistory } = await import("../platform/history.ts");
  return readHistory(toContext(request), request);
}

/**
 * The address pools with what is used of them, and every block: of all environments, or of one.
 * @throws TerraneError `document-not-found`, `document-invalid`
 */
export async function addresses(request: EnvironmentOptions = {}): Promise<AddressReport> {
  const { readAddressReport } = await import("../platform/addresses.ts");
  return readAddressReport(toContext(request), request.environment);
}

/**
 * Sites, stacks and components, and what refers to what; a picture is the caller's to draw.
 * @throws TerraneError `document-invalid`, `document-not-found`, `bad-usage`
 */
export async function graph(
  request: ProjectOptions & {
    /** Environment or blueprint. Default: the only one. */
    readonly name?: string;
  } = {},
): Promise<ReferenceGraph> {
  const { readGraph } = await import("../platform/graph.ts");
  return readGraph(toContext(request), request.name);
}
