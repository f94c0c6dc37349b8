/**
 * A Pulumi workspace for one operation on one stack: a folder of its own that is gone afterwards, the whole
 * environment of the engine, and our command. Knows nothing of programs or results.
 */
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { LocalWorkspace, Stack } from "@pulumi/pulumi/automation/index.js";
import { makeCommand } from "./command.ts";
import { removeDeadLocks } from "./dead-locks.ts";
import { openHome } from "./home.ts";
import { projectName } from "./project.ts";
import type { EngineRequest } from "./request.ts";

export interface StackWorkspace extends AsyncDisposable {
  readonly stack: Stack;
  /** Belongs to this operation; only its owner can read it. */
  readonly folder: string;
}

export async function openWorkspace(
  request: EngineRequest,
  options: { readonly clientAddress?: string } = {},
): Promise<StackWorkspace> {
  await openHome(request.home);
  const home = engineHome(request.home);
  await mkdir(home, { recursive: true, mode: 0o700 });
  await mkdir(request.state.settingsFolder, { recursive: true, mode: 0o700 });
  await removeDeadLocks(request.state.url, request.stack);
  const folder = await mkdtemp(join(request.environment["TMPDIR"] ?? tmpdir(), "terrane-engine-"));
  const dispose = () => rm(folder, { recursive: true, force: true });
  try {
    // The engine joins this path to the folder's, whatever it looks like.
    const settings = relative(await realpath(folder), await realpath(request.state.settingsFolder));
    // JSON is YAML. The settings file holds the salt of the stack's secrets and stays with the state.
    const project = { name: projectName, runtime: "nodejs", stackConfigDir: settings };
    await writeFile(join(folder, "Pulumi.yaml"), JSON.stringify(project));
    const environment = engineEnvironment(request, folder);
    const workspace = await LocalWorkspace.create({
      workDir: folder,
      pulumiHome: home,
      envVars: environment,
      pulumiCommand: makeCommand({
        engine: request.engine,
        environment,
        stateUrl: request.state.url,
        signal: request.signal,
        ...(request.onEngineStart === undefined ? {} : { onStart: request.onEngineStart }),
        ...(request.force === undefined ? {} : { force: request.force }),
        ...graceOf(request),
        ...(options.clientAddress === undefined ? {} : { clientAddress: options.clientAddress }),
      }),
    });
    const stack = request.state.exists
      ? await Stack.select(request.stack, workspace)
      : await Stack.create(request.stack, workspace);
    return { stack, folder, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Milliseconds that an engine at work with providers of this machine gets to end. */
const localGrace = 30_000;

function graceOf({ grace, providers }: EngineRequest): { grace?: number } {
  if (grace !== undefined) return { grace };
  return providers === undefined ? {} : { grace: localGrace };
}

/** The stack's settings file, which holds the salt of its secrets; undefined where there is none. */
export async function readSettings(request: EngineRequest): Promise<string | undefined> {
  return readFile(settingsFile(request), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}

/** Gives a new stack the settings; those it has are left alone. */
export async function writeSettings(request: EngineRequest, text: string): Promise<void> {
  await writeFile(settingsFile(request), text, { flag: "wx", mode: 0o600 }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    },
  );
}

function settingsFile(request: EngineRequest): string {
  return join(request.state.settingsFolder, `Pulumi.${request.stack}.yaml`);
}

/** PULUMI_HOME below TERRANE_HOME. */
export function engineHome(home: string): string {
  return join(home, "pulumi");
}

/** The whole environment of the engine: what the request allows, and what terrane sets. Terrane's own wins. */
function engineEnvironment(request: EngineRequest, folder: string): Record<string, string> {
  const providers = Object.entries(request.providers ?? {});
  return {
    ...request.environment,
    PULUMI_HOME: engineHome(request.home),
    PULUMI_BACKEND_URL: request.state.url,
    PULUMI_CONFIG_PASSPHRASE: request.state.passphrase.reveal(),
    // The engine writes access tokens there; the folder is gone after the operation.
    PULUMI_CREDENTIALS_PATH: join(folder, "credentials"),
    PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
    PULUMI_AUTOMATION_API: "true",
    PULUMI_DEBUG_COMMANDS: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_SUPPRESS_NEO_LINK: "true",
    PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
    PULUMI_DIY_BACKEND_NO_LEGACY_WARNING: "true",
    ...(providers.length === 0
      ? {}
      : {
          PULUMI_DEBUG_PROVIDERS: providers.map(([name, port]) => `${name}:${port}`).join(","),
          // Otherwise every operation tries to download plugins that the state names, seconds of it without a network.
          PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        }),
  };
}
