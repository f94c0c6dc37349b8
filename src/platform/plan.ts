/** What an `up` or a `destroy` would change. Changes nothing. */
import { environmentScope } from "../ledger/lease.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Plan } from "../model/plan.ts";
import type { ChangeOptions } from "./api.ts";
import { newOperationId } from "./applying/new-operation.ts";
import type { PlatformContext } from "./context.ts";
import { planUnchanged } from "./planning/plan-unchanged.ts";
import { planDestroy, planUp } from "./planning/planning.ts";
import { tellRolledBack } from "./planning/tell-rolled-back.ts";
import { tellRunning } from "./planning/tell-running.ts";
import { findUnchanged } from "./planning/unchanged.ts";
import { tellVersions } from "./project/keep-lock.ts";
import { openProject } from "./project/open-project.ts";
import { prepare, prepareExisting } from "./project/prepare.ts";
import { assertStatesKnow } from "./recovery/compare-clouds.ts";

/**
 * @throws TerraneError `document-invalid`, `environment-not-found`, `state-missing`, `state-older-than-cloud`,
 * `state-foreign`, `engine-failed`, `cancelled`
 */
export async function planEnvironment(
  context: PlatformContext,
  name: string | undefined,
  options: ChangeOptions & { readonly destroy?: boolean },
): Promise<Plan> {
  await using project = await openProject(context);
  const { app } = project;
  if (options.destroy === true) {
    const { openSubject } = await import("./applying/open-change.ts");
    const prepared = await prepareExisting(project, name, "destroy");
    await tellRolledBack(app, prepared.name, options.emit);
    await tellRunning(app, prepared.name, options.emit);
    return (await planDestroy(await openSubject(app, prepared))).plan;
  }
  const prepared = await prepare(project, name);
  if (prepared.found !== undefined) tellVersions(prepared.found, options.emit);
  await tellRolledBack(app, prepared.name, options.emit);
  await tellRunning(app, prepared.name, options.emit);
  const unchanged = await findUnchanged({ app, prepared, full: options.full ?? false });
  if (unchanged.whole !== undefined) return await planUnchanged(unchanged, options.emit);
  const { openChange } = await import("./applying/open-change.ts");
  await using change = await openChange(app, prepared, options, newOperationId());
  const ledger = await app.ledger();
  if (!(await isUnderWay(ledger, prepared.name))) await assertStatesKnow(change, ledger, prepared.record);
  return (await planUp(change, unchanged)).plan;
}

/**
 * While somebody is at work, or was when they died, the clouds are ahead of what is saved: a plan is then one of the
 * last saved state.
 */
async function isUnderWay(ledger: Ledger, environment: string): Promise<boolean> {
  const lease = await ledger.leases.read(environmentScope(environment));
  return lease !== undefined || (await ledger.latestOperation(environment))?.status === "running";
}
