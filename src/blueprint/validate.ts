/** Validates loaded documents together: duplicates, every blueprint, every environment up to its stack graph. */
import type { Catalog } from "../catalog/catalog.ts";
import { type Problem, TerraneError } from "../errors.ts";
import type { EnvironmentRecord, TakenBlock } from "../model/record.ts";
import type { StackGraph } from "../model/spec.ts";
import { checkBlueprint } from "./check-blueprint.ts";
import { checkEnvironment } from "./check-environment.ts";
import { makeStackGraph } from "./graph.ts";
import type { Loaded, LoadedDocument } from "./load.ts";
import { isSameLock, lockedBlueprints, makeLock } from "./locks.ts";
import { ProblemList, type ProblemReport } from "./problem-list.ts";
import { resolveChecked } from "./resolve.ts";
import { noIncarnation } from "./resolve-request.ts";
import { problemAt } from "./schema-problems.ts";
import { sketchBlueprint } from "./sketch.ts";

export interface ValidationRequest {
  readonly documents: readonly LoadedDocument[];
  readonly catalog: Catalog;
  /** Locks by the name of their environment. */
  readonly locks?: ReadonlyMap<string, Loaded<"Lock">>;
  /** Whether an environment without a lock, or whose lock `up` would write again, is refused. Default: false. */
  readonly mustBeLocked?: boolean;
  /** Problems found while loading. */
  readonly problems?: ProblemList;
  /** What the ledger knows, where somebody has asked it. */
  readonly recordOf?: (environment: string) => EnvironmentRecord | undefined;
  readonly takenBlocks?: readonly TakenBlock[];
}

export interface Validation extends ProblemReport {
  /** One per sound environment, and one per sound blueprint that no environment uses. */
  readonly graphs: readonly {
    readonly of: "environment" | "blueprint";
    readonly name: string;
    readonly graph: StackGraph;
  }[];
}

/** All problems at once; never throws for what documents hold. */
export function validateDocuments(request: ValidationRequest): Validation {
  const problems = new ProblemList();
  if (request.problems !== undefined) problems.addAll(request.problems);
  checkDuplicates(request.documents, problems);
  const blueprints = request.documents.filter((each) => each.kind === "Blueprint");
  const sound = new Set<Loaded<"Blueprint">>();
  for (const blueprint of blueprints) {
    const own = new ProblemList();
    checkBlueprint(blueprint, request.catalog, own);
    if (!own.hasErrors && blueprint.isWhole) sound.add(blueprint);
    problems.addAll(own);
  }
  const used = new Set<Loaded<"Blueprint">>();
  const project = request.documents.find((each) => each.kind === "Project");
  const graphs: Validation["graphs"][number][] = [];
  for (const environment of request.documents.filter((each) => each.kind === "Environment")) {
    const own = new ProblemList();
    const lock = request.locks?.get(environment.name);
    const candidates = lockedBlueprints(environment, lock, blueprints, own);
    const blueprint = checkEnvironment(environment, candidates, { catalog: request.catalog, project }, own);
    if (blueprint !== undefined) used.add(blueprint);
    if (blueprint !== undefined && request.mustBeLocked === true) {
      assertLocked(environment, blueprint, lock, own);
    }
    if (blueprint !== undefined && sound.has(blueprint) && environment.isWhole && !own.hasErrors) {
      const graph = graphOf(request, environment, blueprint, own);
      if (graph !== undefined) graphs.push({ of: "environment", name: environment.name, graph });
    }
    problems.addAll(own);
  }
  for (const blueprint of sound) {
    if (used.has(blueprint)) continue;
    graphs.push({
      of: "blueprint",
      name: blueprint.name,
      graph: sketchBlueprint(blueprint, request.catalog),
    });
  }
  return { ...problems.report(), graphs };
}

function assertLocked(
  environment: Loaded<"Environment">,
  blueprint: Loaded<"Blueprint">,
  lock: Loaded<"Lock"> | undefined,
  problems: ProblemList,
): void {
  const next = makeLock(environment, blueprint);
  if (next === undefined || (lock !== undefined && isSameLock(next, lock.document))) return;
  const message =
    lock === undefined
      ? "the environment is not locked"
      : "the lock is for another text than the blueprint's";
  problems.add(
    problemAt(environment.source, ["blueprint"], "lock-stale", message, {
      next: `Run: terrane lock ${environment.name}`,
    }),
  );
}

function graphOf(
  request: ValidationRequest,
  environment: Loaded<"Environment">,
  blueprint: Loaded<"Blueprint">,
  problems: ProblemList,
): StackGraph | undefined {
  const record = request.recordOf?.(environment.name);
  const spec = resolveChecked(
    {
      blueprint,
      environment,
      record,
      incarnation: noIncarnation,
      catalog: request.catalog,
      addressPools: request.documents.filter((each) => each.kind === "AddressPool"),
      takenBlocks: request.takenBlocks ?? [],
    },
    problems,
  );
  if (problems.hasErrors) return undefined;
  try {
    return makeStackGraph(spec, record?.applied);
  } catch (error) {
    if (!(error instanceof TerraneError)) throw error;
    addGraphProblems(error, blueprint, problems);
    return undefined;
  }
}

/** What only shows beside the last applied spec. */
function addGraphProblems(error: TerraneError, blueprint: Loaded<"Blueprint">, problems: ProblemList): void {
  const position = blueprint.source.positionOf(["components"], "key");
  const list: readonly Problem[] =
    error.problems.length > 0
      ? error.problems
      : [{ code: error.code, severity: "error", message: error.message, next: error.next }];
  for (const problem of list) problems.add({ position, ...problem });
}

function checkDuplicates(documents: readonly LoadedDocument[], problems: ProblemList): void {
  const known = new Map<string, LoadedDocument>();
  for (const each of documents) {
    if (each.source.broken.has("metadata")) continue;
    const version = each.kind === "Blueprint" ? `@${each.document.metadata.version}` : "";
    const key = `${each.kind} ${each.name}${version}`;
    const first = known.get(key);
    known.set(key, first ?? each);
    if (first === undefined) continue;
    const path = ["metadata", "name"];
    problems.add({
      ...problemAt(each.source, path, "duplicate-document", `there are two documents "${key}"`),
      seen: each.name,
      related: [{ position: first.source.positionOf(path), message: "the other one" }],
    });
  }
}
