/** What there is: environments, what their states hold, and how their newest operations ended. */
import { TerraneError } from "../errors.ts";
import type { EnvironmentRecord } from "../model/record.ts";
import type { EnvironmentStatus } from "./api.ts";
import type { PlatformContext } from "./context.ts";
import { countResources } from "./count-resources.ts";
import { readLease } from "./held-lease.ts";
import { type OpenProject, openProject } from "./open-project.ts";
import { pickRecord } from "./pick-record.ts";
import { recordedStacks } from "./recorded-stacks.ts";

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
  const [operation, lease, readAt, resources] = await Promise.all([
    ledger.latestOperation(record.name),
    readLease(ledger, record.name),
    ledger.history.lastRefresh(record.name),
    countResources(state, stacks),
  ]);
  return {
    ...{ record, resources },
    ...(operation === undefined ? {} : { operation }),
    ...(lease === undefined ? {} : { lease }),
    ...(readAt === undefined ? {} : { readAt }),
  };
}
