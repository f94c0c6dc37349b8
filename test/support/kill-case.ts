/** One case of a kill, from the project before it to what is left: what tests of kills share. */
import { readHistory } from "../../src/platform/history.ts";
import type { CommandRun, KillProject, Stages } from "./kill-harness.ts";
import { canary, documents, environment } from "./kill-world.ts";
import type { Aftermath } from "./rules.ts";

export const killedOperations = ["up", "update", "destroy", "refresh"] as const;
export type KilledOperation = (typeof killedOperations)[number];

export interface KillCase {
  readonly project: KillProject;
  /** The command that is killed. */
  readonly argv: readonly string[];
}

export async function openCase(stages: Stages, operation: KilledOperation): Promise<KillCase> {
  const project = await stages.open(operation === "up" ? "new" : "up");
  if (operation === "update") await project.writeAll(documents(900));
  const verb = operation === "update" ? "up" : operation;
  return { project, argv: [verb, environment, "--yes"] };
}

/** Of all that was run in a project. */
export async function aftermathOf(project: KillProject, name = environment): Promise<Aftermath> {
  const { dir, context, runs } = project;
  return {
    ...{ dir, context, runs, environment: name, canaries: [canary] },
    engines: await project.struckEngines(),
  };
}

/** Id of the newest operation on record. */
export async function newestId(
  { context }: Pick<KillProject, "context">,
  name = environment,
): Promise<string | undefined> {
  return (await readHistory(context, { environment: name }))[0]?.id;
}

/** What a person would paste: the first command below `Next`, with the yes that a script has to give. */
export function printedCommand({ stdout, stderr }: CommandRun): readonly string[] {
  const command = /^Next\n {2}(terrane .*?)(?: {2}|$)/m.exec(stdout)?.[1];
  if (command === undefined) throw new Error(`no next command was printed:\n${stdout}${stderr}`);
  return [...command.split(" ").slice(1), "--yes"];
}
