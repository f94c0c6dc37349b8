/** Updates: created, started, journaled, ended. Source: `backend/httpstate/client/client.go` of 3.250.0. */
import { z } from "zod";
import { TerraneError } from "../../errors.ts";
import { toDeployment } from "../deployment/deployment.ts";
import { type JournalEntry, parseEntry } from "../deployment/journal-entry.ts";
import type { UpdateKind } from "../stacks/update-rows.ts";
import type { ActiveUpdate } from "./active-updates.ts";
import type { Answer, Route, StackExchange, UpdateExchange } from "./route.ts";

const stackPath = "/api/stacks/:organization/:project/:stack";
const updatePath = `${stackPath}/update|preview|refresh|destroy|import/:update`;

/** Version of the journal's protocol. */
const journalVersion = 1;
/** Seconds that an engine counts on its token; it asks for more in time. */
const tokenSeconds = 300;

const configSchema = z.record(z.string(), z.unknown());
const createSchema = z.object({
  options: z.object({ dryRun: z.boolean().default(false) }).default({ dryRun: false }),
  config: configSchema.nullish(),
  metadata: z
    .object({ message: z.string().default(""), environment: z.record(z.string(), z.string()).nullish() })
    .default({ message: "" }),
});
const startSchema = z.object({
  tags: z.record(z.string(), z.string()).nullish(),
  journalVersion: z.int().default(0),
});
const entriesSchema = z.object({ entries: z.array(z.unknown()).nullish() });
const endSchema = z.object({ status: z.enum(["succeeded", "failed", "cancelled"]) });
const wholeSchema = z.object({
  version: z.int(),
  features: z.array(z.string()).nullish(),
  deployment: z.unknown(),
});
const verbatimSchema = z.object({ untypedDeployment: z.unknown() });
const eventsSchema = z.object({
  events: z.array(
    z.object({
      summaryEvent: z.object({ resourceChanges: z.record(z.string(), z.number()).nullish() }).nullish(),
    }),
  ),
});

const kinds = ["update", "preview", "refresh", "destroy"] as const satisfies readonly UpdateKind[];

export const updateRoutes: readonly Route[] = [
  ...kinds.map(
    (kind): Route => ({
      method: "POST",
      path: `${stackPath}/${kind}`,
      of: "stack",
      handle: (exchange) => createUpdate(exchange, kind),
    }),
  ),
  { method: "POST", path: updatePath, of: "stack", handle: startUpdate },
  { method: "GET", path: updatePath, of: "stack", handle: readStatus },
  { method: "PATCH", path: `${updatePath}/journalentries`, of: "update", handle: appendEntries },
  {
    method: "PATCH",
    path: `${updatePath}/checkpoint`,
    of: "update",
    handle: async ({ active, body }) => {
      const { version, features, deployment } = await body.json(wholeSchema);
      return replaceWhole(active, { version, ...(features ? { features } : {}), deployment });
    },
  },
  {
    method: "PATCH",
    path: `${updatePath}/checkpointverbatim`,
    of: "update",
    handle: async ({ active, body }) =>
      replaceWhole(active, (await body.json(verbatimSchema)).untypedDeployment),
  },
  { method: "POST", path: `${updatePath}/events/batch`, of: "update", handle: takeEvents },
  { method: "POST", path: `${updatePath}/renew_lease`, of: "update", handle: renew },
  {
    method: "POST",
    path: `${updatePath}/complete`,
    of: "update",
    handle: async ({ active, body }) => {
      await active.end((await body.json(endSchema)).status);
      return {};
    },
  },
  { method: "POST", path: `${updatePath}/cancel`, of: "stack", handle: cancelUpdate },
];

async function createUpdate(exchange: StackExchange, kind: UpdateKind): Promise<Answer> {
  const { access, store, updates, ref, engine } = exchange;
  const { options, config, metadata } = await exchange.body.json(createSchema);
  const isPreview = options.dryRun || kind === "preview";
  if (!(isPreview && access.foresees)) await store.get(ref);
  const { message, environment } = metadata;
  const about = { message, environment: environment ?? {}, config: config ?? {} };
  const update = updates.add({ ...{ access, ref, kind, isPreview, about, engine } });
  return { updateID: update.id, requiredPolicies: [], messages: [] };
}

async function startUpdate({ store, updates, path, body, ref }: StackExchange): Promise<Answer> {
  const active = updates.find(path["update"] ?? "");
  if (active === undefined) throw new TerraneError("stack-not-found", `${ref.name} has no such update`);
  const { tags, journalVersion: newest } = await body.json(startSchema);
  const { version, token } = await active.start(store, tags ?? undefined);
  return {
    version,
    token,
    tokenExpiration: tokenSeconds,
    journalVersion: Math.min(newest, journalVersion),
  };
}

/** For a client that waits for an import: it is done when it is answered. */
async function readStatus({ store, updates, path, ref }: StackExchange): Promise<Answer> {
  const id = path["update"] ?? "";
  if (updates.find(id) !== undefined) return { status: "running", events: [], continuationToken: "0" };
  const update = await store.update(id);
  if (update === undefined) throw new TerraneError("stack-not-found", `${ref.name} has no such update`);
  return { status: update.status === "succeeded" ? "succeeded" : "failed", events: [] };
}

async function replaceWhole(active: ActiveUpdate, json: unknown): Promise<Answer> {
  await active.replaceWhole(toDeployment(active.ref.name, json));
  return {};
}

async function appendEntries({ active, body }: UpdateExchange): Promise<Answer> {
  const { value, bytes } = await body.packedJson(entriesSchema);
  await active.append((value.entries ?? []).map(readEntry), bytes);
  return {};
}

/** What is no entry is the client's fault, and no better the next time. */
function readEntry(json: unknown): JournalEntry {
  try {
    return parseEntry(json);
  } catch (cause) {
    if (!(cause instanceof TerraneError) || cause.code !== "state-corrupt") throw cause;
    throw new TerraneError("bad-request", cause.message, { cause });
  }
}

const summaryMark = '"summaryEvent"';

async function takeEvents({ active, body }: UpdateExchange): Promise<Answer> {
  const { value, bytes } = await body.packedText(summaryMark, eventsSchema);
  const changes = value?.events.findLast(({ summaryEvent }) => summaryEvent)?.summaryEvent?.resourceChanges;
  active.addEvents(bytes, changes ?? undefined);
  return {};
}

async function renew({ token }: UpdateExchange): Promise<Answer> {
  return { token, tokenExpiration: tokenSeconds };
}

async function cancelUpdate({ access, store, updates, path, ref }: StackExchange): Promise<Answer> {
  const id = path["update"] ?? "";
  const active = updates.find(id);
  if (active?.access === access) {
    await active.cancel();
    return {};
  }
  const update = await store.update(id);
  if (update === undefined || update.status !== "running") return {};
  throw new TerraneError(
    "lease-held",
    `${ref.name} is being changed by ${update.lease.operation}, which this service did not begin`,
    { next: "End it where it runs; `terrane status` says where that is." },
  );
}
