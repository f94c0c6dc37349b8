/** Outputs of an environment as its last changes left them; read from the ledger, no engine needed. */
import { TerraneError } from "../errors.ts";
import type { EnvironmentOutputs } from "./api.ts";
import type { PlatformContext } from "./context.ts";
import { openProject } from "./project/open-project.ts";
import { pickRecord } from "./project/pick-record.ts";
import { recordedOutputs } from "./records/recorded-outputs.ts";

/** @throws TerraneError `environment-not-found` */
export async function readOutputs(
  context: PlatformContext,
  name: string | undefined,
): Promise<EnvironmentOutputs> {
  await using project = await openProject(context);
  const ledger = await project.app.ledger();
  const record = await pickRecord(project, name);
  if (record === undefined) {
    throw new TerraneError(
      "environment-not-found",
      `${name === undefined ? "the environment" : `the environment ${name}`} does not exist yet`,
      {
        next: `terrane up${name === undefined ? "" : ` ${name}`}`,
      },
    );
  }
  return await recordedOutputs(ledger, record.name);
}
