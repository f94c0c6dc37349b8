/** What an `up` or a `destroy` would change. Changes nothing. */
import type { Plan } from "../model/plan.ts";
import type { ChangeOptions } from "./api.ts";
import type { PlatformContext } from "./context.ts";
import { tellVersions } from "./keep-lock.ts";
import { openChange } from "./open-change.ts";
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
  const prepared =
    options.destroy === true ? await prepareDestroy(project, name) : await prepare(project, name);
  if (prepared.found !== undefined) tellVersions(prepared.found, options.emit);
  await using change = await openChange(project.app, prepared, options);
  return options.destroy === true ? await planDestroy(change) : (await planUp(change)).plan;
}
