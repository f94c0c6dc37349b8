/** Stacks: made, listed, read, exported, imported, renamed, removed. Source: `backend/httpstate/client/client.go` of 3.250.0. */
import { z } from "zod";
import { TerraneError } from "../../errors.ts";
import { scopeOfStack } from "../../ledger/lease.ts";
import { emptyState, exportedBy, formatState, organization } from "../deployment/canonical.ts";
import { toDeployment } from "../deployment/deployment.ts";
import { assertSealedHere } from "../deployment/sealed-here.ts";
import { type Stack, toName } from "../stacks/stack-rows.ts";
import type { Answer, Exchange, Route, StackExchange } from "./route.ts";
import { toInfo, toWireStack } from "./wire.ts";

const stackPath = "/api/stacks/:organization/:project/:stack";

const tagsSchema = z.record(z.string(), z.string());
const createSchema = z.object({
  stackName: z.string().regex(/^[A-Za-z0-9_.-]{1,100}$/),
  tags: tagsSchema.nullish(),
  state: z.unknown().optional(),
  config: z.unknown().optional(),
});
const renameSchema = z.object({ newName: z.string().default(""), newProject: z.string().default("") });

/** The stack; one that is not there yet where the client may see it so. @throws TerraneError `stack-not-found` */
export async function stackOf({ access, store, ref }: StackExchange): Promise<Stack> {
  return (access.foresees ? await store.find(ref) : await store.get(ref)) ?? store.foresee(ref);
}

export const stackRoutes: readonly Route[] = [
  { method: "HEAD", path: "/api/stacks/:organization/:project", of: "user", handle: headProject },
  { method: "POST", path: "/api/stacks/:organization/:project", of: "user", handle: createStack },
  {
    method: "GET",
    path: stackPath,
    of: "stack",
    handle: async (exchange) => {
      const stack = await stackOf(exchange);
      const { activeUpdate } = stack;
      const active = activeUpdate === undefined ? undefined : await exchange.store.update(activeUpdate);
      return toWireStack(stack, active);
    },
  },
  { method: "DELETE", path: stackPath, of: "stack", handle: removeStack },
  {
    method: "PATCH",
    path: `${stackPath}/tags`,
    of: "stack",
    handle: async ({ store, ref, body, access }) => {
      const tags = await body.json(tagsSchema);
      await using held = await access.hold(ref, "tag");
      await store.setTags(ref, tags, held.lease, "stack tagged");
      return {};
    },
  },
  {
    method: "PUT",
    path: `${stackPath}/config`,
    of: "stack",
    handle: async () => {
      throw new TerraneError(
        "not-in-this-release",
        "configuration in an environment of Pulumi's cloud is not kept here",
        {
          next: "Keep it in Pulumi.<stack>.yaml.",
        },
      );
    },
  },
  { method: "POST", path: `${stackPath}/rename`, of: "stack", handle: renameStack },
  { method: "GET", path: `${stackPath}/export`, of: "stack", handle: exportNewest },
  { method: "GET", path: `${stackPath}/export/:version`, of: "stack", handle: exportVersion },
  { method: "POST", path: `${stackPath}/import`, of: "stack", handle: importState },
  { method: "GET", path: `${stackPath}/updates`, of: "stack", handle: listUpdates },
  {
    method: "GET",
    path: `${stackPath}/updates/latest`,
    of: "stack",
    handle: async ({ store, ref }) => {
      const [latest] = await store.updates(ref, { limit: 1 });
      if (latest === undefined) throw new TerraneError("stack-not-found", `${ref.name} was never updated`);
      return { info: toInfo(latest) };
    },
  },
];

async function headProject({ store, path }: Exchange): Promise<Answer> {
  const [first] = await store.list({ project: path["project"] ?? "", limit: 1 });
  if (first !== undefined && path["organization"] === organization) return {};
  throw new TerraneError("stack-not-found", `there is no project ${path["project"]}`);
}

async function createStack({ access, store, path, body }: Exchange): Promise<Answer> {
  const { stackName, tags, state, config } = await body.json(createSchema);
  const ref = { project: path["project"] ?? "", name: stackName };
  if (path["organization"] !== organization || !access.covers(ref)) {
    throw new TerraneError("read-only", `stacks are made in the organization \`${organization}\``, {
      next: `Name it ${organization}/${toName(ref)}.`,
    });
  }
  if (config !== undefined && config !== null) {
    throw new TerraneError(
      "not-in-this-release",
      "configuration in an environment of Pulumi's cloud is not kept here",
    );
  }
  const initial = state === undefined || state === null ? undefined : toDeployment(stackName, state);
  assertSealedHere(ref, initial?.deployment.secrets_providers);
  await using held = await access.hold(ref, "create");
  await store.create(ref, held.lease, { tags: tags ?? {} });
  if (initial !== undefined) await store.importState(ref, initial, held.lease);
  return {};
}

/** What the client looks for to say so in its own words; `isStackHasResourcesError` there. */
const notEmpty = "Bad Request: Stack still contains resources.";

async function removeStack({ access, store, ref, query }: StackExchange): Promise<Answer> {
  await store.get(ref);
  await using held = await access.hold(ref, "remove");
  try {
    await store.remove(ref, held.lease, { force: query.get("force") === "true" });
  } catch (error) {
    if (error instanceof TerraneError && error.code === "stack-not-empty") {
      throw new TerraneError("stack-not-empty", notEmpty, { next: "" });
    }
    throw error;
  }
  return undefined;
}

async function renameStack({ access, store, ref, body }: StackExchange): Promise<Answer> {
  const { newName, newProject } = await body.json(renameSchema);
  const to = {
    project: newProject === "" ? ref.project : newProject,
    name: newName === "" ? ref.name : newName,
  };
  await using held = await access.hold(ref, "rename");
  if (scopeOfStack(to.project, to.name) === held.lease.scope) {
    await store.rename(ref, to, held.lease);
    return {};
  }
  // Whoever is at work where it goes is not to find one more stack there half way.
  await using there = await access.hold(to, "rename");
  await store.rename(ref, to, held.lease, there.lease);
  return {};
}

async function exportNewest(exchange: StackExchange): Promise<Answer> {
  const { access, store, url } = exchange;
  if (access.overlay !== undefined) return exportedBy(url, await formatState(access.overlay));
  const stack = await stackOf(exchange);
  const checkpoint = await store.checkpointOf(stack);
  if (checkpoint !== undefined) return exportedBy(url, checkpoint.text);
  if (stack.serial === 0) return formatState(emptyState);
  throw new TerraneError("state-corrupt", `checkpoint ${stack.serial} of ${stack.name} is missing`);
}

async function exportVersion({ store, ref, path, url }: StackExchange): Promise<Answer> {
  const version = Number(path["version"]);
  const stack = await store.get(ref);
  const [update] = await store.updates(ref, { limit: 1, offset: Math.max(0, stack.version - version) });
  const serial = update?.version === version ? update.serial : undefined;
  const checkpoint = serial === undefined ? undefined : await store.checkpointOf(stack, serial);
  if (checkpoint !== undefined) return exportedBy(url, checkpoint.text);
  throw new TerraneError(
    "stack-not-found",
    `no state of version ${path["version"]} of ${stack.name} is kept`,
    {
      next: "See `pulumi stack history`; `state.retention` in terrane.yaml says how many are kept.",
    },
  );
}

async function importState({ access, store, ref, body }: StackExchange): Promise<Answer> {
  const state = toDeployment(ref.name, await body.json(z.unknown()));
  assertSealedHere(ref, state.deployment.secrets_providers);
  await using held = await access.hold(ref, "import");
  return { updateId: await store.importState(ref, state, held.lease) };
}

async function listUpdates({ store, ref, query }: StackExchange): Promise<Answer> {
  const limit = Number(query.get("pageSize") ?? 1000);
  const page = Math.max(1, Number(query.get("page") ?? 1));
  const updates = await store.updates(ref, { limit, offset: (page - 1) * limit });
  return { updates: updates.map(toInfo) };
}
