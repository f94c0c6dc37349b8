/** What only looks: documents, desired resources, records. Starts no engine; `lock` alone writes, and only lock files. */
import type {
  EnvironmentOutputs,
  EnvironmentStatus,
  Explanation,
  LockedEnvironment,
  RenderedEnvironment,
  ValidationReport,
} from "../platform/api.ts";
import { type ProjectOptions, toContext } from "./context.ts";
import type { EnvironmentOptions } from "./operations.ts";

export interface ValidateRequest extends ProjectOptions {
  /** Files to look at. Default: the whole project, documents in code included. */
  readonly files?: readonly string[];
}

/**
 * Every problem of the documents at once, each with file, line, column and JSON Pointer, and the stacks that sound ones
 * lead to. What documents hold is never an error thrown.
 * @throws TerraneError `project-not-found`
 */
export async function validate(request: ValidateRequest = {}): Promise<ValidationReport> {
  const { validateProject } = await import("../platform/validate.ts");
  return validateProject(toContext(request), { files: request.files ?? [] });
}

/**
 * The resources an environment asks for and what the policies say of them, made in this process.
 * @throws TerraneError `document-invalid`, `document-not-found`, `not-in-this-release`, `cloud-error`
 */
export async function render(request: EnvironmentOptions = {}): Promise<RenderedEnvironment> {
  const { renderEnvironment } = await import("../platform/render.ts");
  return renderEnvironment(toContext(request), request.environment);
}

/**
 * Site → component → output → value, as the last change left them; secrets as markers.
 * @throws TerraneError `environment-not-found`
 */
export async function outputs(request: EnvironmentOptions = {}): Promise<EnvironmentOutputs> {
  const { readOutputs } = await import("../platform/outputs.ts");
  return readOutputs(toContext(request), request.environment);
}

/**
 * Records, what their states hold, and how their newest operations ended: of one environment, or of all by name.
 * @throws TerraneError `environment-not-found` for a name that is not on record
 */
export async function status(request: EnvironmentOptions = {}): Promise<readonly EnvironmentStatus[]> {
  const { readStatus } = await import("../platform/status.ts");
  return readStatus(toContext(request), request.environment);
}

/**
 * What a key, a component or an error means, or where a value of an environment comes from.
 * @param request `topic`: `Environment.tags`, `postgres.storage`, `error`, or an environment; `detail`: an error's code, or
 * `component@site.field`. Default: where topics begin.
 * @throws TerraneError `nothing-to-explain`, `document-invalid`, `document-not-found`
 */
export async function explain(
  request: ProjectOptions & { readonly topic?: string; readonly detail?: string } = {},
): Promise<Explanation> {
  const { explain: explainTopic } = await import("../platform/explain.ts");
  return explainTopic(toContext(request), request);
}

/**
 * Pins the version and text of the blueprints of all environments, or of one, in lock files. A lock that still fits is kept,
 * unless `update` asks for the highest version within the range.
 * @throws TerraneError `document-invalid`, `document-not-found`, `source-unavailable`, `blueprint-changed`
 */
export async function lock(
  request: EnvironmentOptions & { readonly update?: boolean } = {},
): Promise<readonly LockedEnvironment[]> {
  const { lockEnvironments } = await import("../platform/lock.ts");
  const { environment, update = false } = request;
  return lockEnvironments(toContext(request), { environment, update });
}
