/**
 * Ends what an engine that was killed has left open in a stack's state. A create that was begun and did make something
 * becomes a resource, one that made nothing is dropped; updates and deletes that were begun are read again. Changes
 * nothing in a cloud.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import {
  type Deployment,
  holdsSecrets,
  isObject,
  knownIds,
  parseExport,
  providerOf,
  type StateExport,
  toPlain,
  withCreates,
} from "./begun.ts";
import { runInWorkspace } from "./command.ts";
import type { Adopted, AdoptRequest, AdoptResult } from "./request.ts";
import { runEngine } from "./run.ts";
import { toApplyResult } from "./up.ts";

/**
 * By export and import of the state: `refresh --import-pending-creates` of 3.250 loses what it is to import, and
 * `import` wants the plugin of a language. What was begun stands in the state with all its inputs and lacks but its id;
 * outputs are then read from the cloud.
 */
export async function adoptBegun(request: AdoptRequest): Promise<AdoptResult> {
  let creates: readonly Adopted[] = [];
  const run = await runEngine({
    request,
    preview: false,
    act: async (stack, options, folder) => {
      const file = join(folder, "state.json");
      const exported = await exportState(stack, file);
      const { deployment } = exported;
      const pending = deployment.pending_operations ?? [];
      if (pending.some(({ type }) => type === "creating")) {
        creates = await lookUpAll(await readable(stack, deployment), request.find);
        await importState(stack, file, { ...exported, deployment: withCreates(deployment, creates) });
      }
      const target = urnsToRead(deployment, creates);
      if (target.length > 0) await stack.refresh({ ...options, runProgram: false, target });
    },
  });
  return { ...toApplyResult(run, []), creates };
}

function lookUpAll(deployment: Deployment, find: AdoptRequest["find"]): Promise<readonly Adopted[]> {
  const begun = (deployment.pending_operations ?? []).filter(({ type }) => type === "creating");
  return Promise.all(
    begun.map(async ({ resource }): Promise<Adopted> => {
      const { urn, type } = resource;
      if (!isObject(resource)) return { urn };
      const id = await find({
        urn,
        type,
        inputs: toPlain(resource.inputs),
        provider: toPlain(providerOf(resource, deployment)?.inputs),
        known: knownIds(resource, deployment),
      });
      return id === undefined ? { urn } : { urn, id };
    }),
  );
}

/** What was made, and what was being changed or deleted and may be either. */
function urnsToRead(
  { resources, pending_operations: pending }: Deployment,
  creates: readonly Adopted[],
): string[] {
  const there = new Set((resources ?? []).map(({ urn }) => urn));
  const made = creates.filter(({ id }) => id !== undefined).map(({ urn }) => urn);
  const changed = (pending ?? []).filter(
    ({ type, resource }) => type !== "creating" && there.has(resource.urn),
  );
  return [...new Set([...made, ...changed.map(({ resource }) => resource.urn)])];
}

/** With secrets in clear, in memory alone, where they say what a create is about: a kubeconfig says which cluster. */
async function readable(stack: Stack, deployment: Deployment): Promise<Deployment> {
  const begun = (deployment.pending_operations ?? []).filter(({ resource }) => isObject(resource));
  const needed = begun.flatMap(({ resource }) => [resource.inputs, providerOf(resource, deployment)?.inputs]);
  if (!needed.some(holdsSecrets)) return deployment;
  const args = ["stack", "export", "--show-secrets", "--stack", stack.name];
  return parseExport((await runInWorkspace(stack.workspace, args)).stdout).deployment;
}

/** Secrets stay as they are sealed: what is written to the file holds none in clear. */
async function exportState(stack: Stack, file: string): Promise<StateExport> {
  await runInWorkspace(stack.workspace, ["stack", "export", "--file", file, "--stack", stack.name]);
  return parseExport(await readFile(file, "utf8"));
}

async function importState(stack: Stack, file: string, state: StateExport): Promise<void> {
  await writeFile(file, JSON.stringify(state), { mode: 0o600 });
  await runInWorkspace(stack.workspace, ["stack", "import", "--file", file, "--stack", stack.name]);
}
