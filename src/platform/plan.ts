/** What an `up` or a `destroy` would change. Changes nothing. */
import type { Plan } from "../model/plan.ts";
import type { ChangeOptions } from "./api.ts";
import type { PlatformContext } from "./context.ts";
import { tellVersions } from "./keep-lock.ts";
import { newOperationId } from "./new-operation.ts";
import { openChange, openSubject } from "./open-change.ts";
import { openProject } from "./open-project.ts";
import { planDestroy, planUp } from "./planning.ts";
import { prepare, prepareDestroy } from "./prepare.ts";

/** @throws TerraneError `document-invalid`, `environment-not-found`, `engine-failed`, `cancelled` */
export async function planEnvironment(
  context: PlatformContext,
  name: string | undefined,
  options: ChangeOptions & { readonly destroy?: boolean },
): Promise<Plan> {
  await using project = await openProject(context);
  if (options.destroy === true) {
    const subject = await openSubject(project.app, await prepareDestroy(project, name));
    return (await planDestroy(subject)).plan;
  }
  const prepared = await prepare(project, name);
  if (prepared.found !== undefined) tellVersions(prepared.found, options.emit);
  await using change = await openChange(project.app, prepared, options, newOperationId());
  return (await planUp(change)).plan;
}
