/** What there is: environments, what their states hold, and how their newest operations ended. */
import { projectName } from "../engine/project.ts";
import { TerraneError } from "../errors.ts";
import type { Operation, OperationStep, ResourceOutcome } from "../model/operation.ts";
import type { EnvironmentRecord } from "../model/record.ts";
import { actionOf } from "../state/deployment/journal-entry.ts";
import { readBegun } from "../state/stacks/begin-update.ts";
import type { StackStore } from "../state/stacks/stack-store.ts";
import type { EnvironmentStatus } from "./api.ts";
import type { PlatformContext } from "./context.ts";
import { type OpenProject, openProject } from "./project/open-project.ts";
import { pickRecord } from "./project/pick-record.ts";
import { countResources } from "./records/count-resources.ts";
import { asItStands, readLease } from "./records/held-lease.ts";
import { recordedStacks } from "./records/recorded-stacks.ts";

/**
 * Of one environment, or of all, by name.
 * @throws TerraneError `environment-not-found` for a name that is not on record
 */
export async function readStatus(
  context: PlatformContext,
  name?: string,
): Promise<readonly EnvironmentStatus[]> {
  await using project = await openProject(context);
  if (name === undefined) {
    const records = await (await project.app.ledger()).listEnvironments();
    return await Promise.all(records.map((record) => statusOf(project, record)));
  }
  const record = await pickRecord(project, name);
  if (record === undefined)
    throw new TerraneError("environment-not-found", `the environment ${name} does not exist`, {
      next: `terrane up ${name}`,
    });
  return [await statusOf(project, record)];
}

async function statusOf(project: OpenProject, record: EnvironmentRecord): Promise<EnvironmentStatus> {
  const { app } = project;
  const stacks = recordedStacks(record);
  const [ledger, state] = await Promise.all([app.ledger(), app.state()]);
  const [latest, lease, readAt, resources] = await Promise.all([
    ledger.latestOperation(record.name),
    readLease(ledger, record.name),
    ledger.history.lastRefresh(record.name),
    countResources(state, stacks),
  ]);
  const operation = latest === undefined ? undefined : await asItStands(ledger, latest);
  const isLeft = operation !== undefined && operation.status !== "succeeded" && lease?.state !== "alive";
  const told = isLeft ? await withUnknown(await app.stacks(), operation) : operation;
  return {
    ...{ record, resources },
    ...(told === undefined ? {} : { operation: told }),
    ...(lease === undefined ? {} : { lease }),
    ...(readAt === undefined ? {} : { readAt }),
    ...(isLeft ? { next: `terrane ${operation.kind} ${record.name}` } : {}),
  };
}

/** With what an engine that is gone had begun, which no step has on record yet. */
async function withUnknown(stacks: StackStore, operation: Operation): Promise<Operation> {
  const steps = operation.steps.map(async (step): Promise<OperationStep> => {
    if (step.outcome !== "unknown" || step.resources.length > 0) return step;
    const stack = await stacks.find({ project: projectName, name: step.stack });
    const begun = stack === undefined ? [] : await readBegun(stacks.reading, stack);
    const resources = begun.map(({ type, resource }): ResourceOutcome => {
      return { urn: resource.urn, action: actionOf(type) ?? "update", outcome: "unknown" };
    });
    return { ...step, resources };
  });
  return { ...operation, steps: await Promise.all(steps) };
}
