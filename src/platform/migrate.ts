/**
 * Takes the states of stacks from the ledger's database to another Pulumi backend, or from one into the database. Each is
 * compared after it arrived; what it came from keeps it, marked as gone elsewhere.
 */
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { BackendCli, hideCredentials } from "../engine/backend-cli.ts";
import { selectEnvironment } from "../engine/environment.ts";
import { TerraneError } from "../errors.ts";
import type { SecretReference } from "../model/secret-reference.ts";
import { LedgerPlace } from "../state/backends/ledger-place.ts";
import { type StatePlace, takeTo } from "../state/backends/place.ts";
import { Secret } from "../values/secret.ts";
import type { App } from "./app.ts";
import type { PlatformContext } from "./context.ts";
import { openProject } from "./project/open-project.ts";
import { readSecret } from "./project/secret-parameters.ts";
import { BackendPlace } from "./records/backend-place.ts";
import { backendUrl } from "./records/backend-url.ts";
import { type OpenStacks, openStacks } from "./records/open-stacks.ts";

export interface MigrateRequest {
  readonly direction: "to" | "from";
  /** Pulumi backend. Default, from: the folder below `.terrane` in which earlier releases kept states. */
  readonly url?: string;
  /** `<environment>.<site>.<domain>`; none: all there are. */
  readonly stacks: readonly string[];
  /** Passphrase of the other backend's secrets. Default: what Pulumi itself would take, then the project's own. */
  readonly passphrase?: SecretReference;
  readonly startedBy: string;
}

export interface Migration {
  readonly from: string;
  readonly to: string;
  readonly stacks: readonly { readonly name: string; readonly outcome: "moved" | "moved before" }[];
  /** What is left to do by hand. */
  readonly next: string;
}

/**
 * Broken off, it goes on when it is called again.
 * @throws TerraneError `bad-url`, `stack-not-found`, `stack-exists`, `state-moved`, `state-corrupt`, `lease-held`,
 * `wrong-passphrase`, `key-unavailable`, `engine-failed` in the backend's words
 */
export async function migrateStates(context: PlatformContext, request: MigrateRequest): Promise<Migration> {
  await using project = await openProject(context);
  const { app } = project;
  const url = urlOf(app, request);
  await using backend = await openBackend(app, url, request);
  await using stacks = await openStacks(app);
  const place = new BackendPlace(hideCredentials(url), backend);
  const store = stacks.storeWith(stacks.keysFrom(stacks.source));
  const names =
    request.stacks.length > 0
      ? request.stacks
      : request.direction === "from"
        ? await backend.list()
        : (await store.list({ project: "terrane" })).map(({ name }) => name);
  const id = `migrate-${randomUUID()}`;
  const moved: { name: string; outcome: "moved" | "moved before" }[] = [];
  for (const name of names) {
    const ref = { project: "terrane", name };
    const outcome = await stacks.underLease(ref, { id, by: request.startedBy }, (lease) => {
      const own: StatePlace = new LedgerPlace(stacks.name, store, {
        who: request.startedBy,
        lease,
        now: context.now,
      });
      return request.direction === "to" ? takeTo(name, own, place) : takeTo(name, place, own);
    });
    moved.push({ name, outcome });
  }
  const migration = describe(request, { stacks, place, moved, url });
  return migration;
}

function describe(
  { direction }: MigrateRequest,
  found: {
    readonly stacks: OpenStacks;
    readonly place: StatePlace;
    readonly moved: Migration["stacks"];
    readonly url: string;
  },
): Migration {
  const { stacks, place, moved, url } = found;
  return direction === "to"
    ? {
        from: stacks.name,
        to: place.name,
        stacks: moved,
        next: `Write into terrane.yaml, now: ${settingOf(url, place.name)}`,
      }
    : {
        from: place.name,
        to: stacks.name,
        stacks: moved,
        next: "Leave `state.url` out of terrane.yaml, now.",
      };
}

/** What stands in a URL beside its place may be a password, and is needed all the same. */
function settingOf(url: string, place: string): string {
  const { username, password, search } = new URL(url);
  if (username + password + search === "") return `state: { url: "${place}" }`;
  return `state: { url: { fromEnv: STATE_URL } }, with the whole URL of ${place} in STATE_URL`;
}

/** @throws TerraneError `bad-url` */
function urlOf({ root, context }: App, { direction, url }: MigrateRequest): string {
  if (url !== undefined) return backendUrl(url, context.dir, context.environment["HOME"]);
  if (direction === "from") return pathToFileURL(oldFolder(root)).href;
  throw new TerraneError("bad-usage", "where the states are to go is missing", {
    next: "Name a Pulumi backend: --to file:///…, s3://…, gs://…, azblob://…, postgres://… or https://…",
  });
}

/** Where releases before the state's service kept states. */
function oldFolder(root: string): string {
  return join(root, ".terrane", "state");
}

async function openBackend(app: App, url: string, request: MigrateRequest): Promise<BackendCli> {
  const { context } = app;
  const passphrase = await backendPassphrase(app, url, request);
  const token = context.environment["PULUMI_ACCESS_TOKEN"];
  return BackendCli.open({
    engine: await app.engine(),
    home: context.home,
    url,
    environment: {
      ...selectEnvironment(context.environment, "live"),
      ...(token === undefined ? {} : { PULUMI_ACCESS_TOKEN: token }),
    },
    ...(passphrase === undefined ? {} : { passphrase }),
  });
}

async function backendPassphrase(
  { root, project, context }: App,
  url: string,
  { passphrase }: MigrateRequest,
): Promise<Secret<string> | undefined> {
  const { environment } = context;
  const sources = { root, environment };
  if (passphrase !== undefined) return readSecret(passphrase, sources);
  const given = environment["PULUMI_CONFIG_PASSPHRASE"];
  if (given !== undefined && given !== "") return new Secret(given);
  const file = environment["PULUMI_CONFIG_PASSPHRASE_FILE"];
  if (file !== undefined && file !== "") return new Secret((await readFile(file, "utf8")).trim());
  if (project.state.passphrase !== undefined) return readSecret(project.state.passphrase, sources);
  const key = join(oldFolder(root), "key");
  const isOld = url === pathToFileURL(oldFolder(root)).href && existsSync(key);
  return isOld ? new Secret((await readFile(key, "utf8")).trim()) : undefined;
}
