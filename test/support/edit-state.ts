/** Changes a stack's state as nobody should, for tests. */
import { randomUUID } from "node:crypto";
import { thisProcess } from "../../src/ledger/holder.ts";
import { openProject } from "../../src/platform/project/open-project.ts";
import type { VersionedDeployment } from "../../src/state/deployment/deployment.ts";
import type { TestProject } from "./project.ts";

export async function editState(
  { context }: TestProject,
  stack: string,
  edit: (state: VersionedDeployment) => VersionedDeployment,
): Promise<void> {
  await using opened = await openProject(context);
  const [ledger, stacks] = [await opened.app.ledger(), await opened.app.stacks()];
  const [environment = ""] = stack.split(".");
  const holder = thisProcess("test", context.now());
  await using held = await ledger.holdEnvironment(environment, `op-${randomUUID()}`, holder);
  const ref = { project: "terrane", name: stack };
  const edited = edit(await stacks.state(ref));
  await stacks.save(await stacks.get(ref), edited, { lease: held.lease, reason: "import" });
}

/** Names of the stacks that there are. */
export async function stackNames({ context }: TestProject): Promise<readonly string[]> {
  await using opened = await openProject(context);
  const listed = await (await opened.app.stacks()).list();
  const names: readonly string[] = listed.map(({ name }) => name);
  return names;
}
