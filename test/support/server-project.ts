/** A project of the kill tests whose ledger and states stand on a PostgreSQL server, and what its rules are checked with. */
import { aftermathOf } from "./kill-case.ts";
import type { KillProject, Stages } from "./kill-harness.ts";
import { databaseUrl } from "./postgres.ts";
import type { Aftermath } from "./rules.ts";

/** `terrane.yaml` of a project on a server: `variablesFor` has what it reads. */
export const projectOnServer = [
  "apiVersion: terrane.dev/v1",
  "kind: Project",
  "metadata: { name: test }",
  "ledger: { url: { fromEnv: LEDGER_URL } }",
  "state: { passphrase: { fromEnv: PASSPHRASE } }",
  "",
].join("\n");

/** Environment variables that reach the ledger at this URL. */
export function variablesFor(url: string): Readonly<Record<string, string>> {
  return { LEDGER_URL: url, PASSPHRASE: "correct horse battery" };
}

/** A new project, with more documents than the stage has. */
export async function openServerProject(
  stages: Stages,
  documents: Readonly<Record<string, string>> = {},
): Promise<KillProject> {
  const project = await stages.open("new");
  await project.writeAll({ ...documents, "terrane.yaml": projectOnServer });
  return project;
}

/** `environment`: default as `aftermathOf` has it. */
export async function aftermathOn(
  url: string,
  project: KillProject,
  environment?: string,
): Promise<Aftermath> {
  const { context } = project;
  return {
    ...(await aftermathOf(project, environment)),
    // Numbers of another host's processes say nothing here.
    engines: [],
    context: { ...context, environment: { ...context.environment, ...variablesFor(url) } },
    ledger: { url: databaseUrl(url) },
  };
}
