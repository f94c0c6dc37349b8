/** Which recorded environment is meant: by its name or document, or the only one there is. */
import { TerraneError } from "../../errors.ts";
import type { EnvironmentRecord } from "../../model/record.ts";
import type { OpenProject } from "./open-project.ts";

/**
 * A record can outlive its document, so names are looked up in the ledger first.
 * @throws TerraneError `bad-usage` when nothing is named and there are several
 */
export async function pickRecord(
  project: OpenProject,
  nameOrFile: string | undefined,
): Promise<EnvironmentRecord | undefined> {
  const ledger = await project.app.ledger();
  if (nameOrFile !== undefined) {
    return (
      (await ledger.findEnvironment(nameOrFile)) ??
      (await ledger.findEnvironment(project.pick(nameOrFile).name))
    );
  }
  const [only, ...others] = await ledger.listEnvironments();
  if (only === undefined || others.length === 0) return only;
  const names = [only, ...others].map((record) => record.name).join(", ");
  throw new TerraneError("bad-usage", `there are several environments: ${names}; name one`);
}

/** @throws TerraneError `environment-not-found`, `bad-usage` */
export async function nameOfRecord(project: OpenProject, nameOrFile: string | undefined): Promise<string> {
  const record = await pickRecord(project, nameOrFile);
  if (record !== undefined) return record.name;
  const which =
    nameOrFile === undefined ? "there is no environment yet" : `the environment ${nameOrFile} does not exist`;
  throw new TerraneError("environment-not-found", which);
}
