/**
 * A Pulumi workspace for one operation on one stack: a folder of its own that is gone afterwards, the whole
 * environment of the engine, and our command. Knows nothing of programs or results.
 */
import "../model/lean-sdk.ts";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, Stack } from "@pulumi/pulumi/automation/index.js";
import { prepareBackend } from "./backend.ts";
import { makeCommand } from "./command.ts";
import { engineHome, openEngineHome } from "./engine-home.ts";
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
  const home = await openEngineHome(request.home);
  const folder = await mkdtemp(join(request.environment["TMPDIR"] ?? tmpdir(), "terrane-engine-"));
  const dispose = () => rm(folder, { recursive: true, force: true });
  try {
    const backend = await prepareBackend(request.state, request.stack, folder);
    // JSON is YAML.
    const project = { name: projectName, runtime: "nodejs", ...backend.project };
    await writeFile(join(folder, "Pulumi.yaml"), JSON.stringify(project));
    const environment = engineEnvironment(request, backend.environment);
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
        ...(request.putOnRecord === undefined ? {} : { putOnRecord: request.putOnRecord }),
        ...(request.force === undefined ? {} : { force: request.force }),
        ...graceOf(request),
        ...(options.clientAddress === undefined ? {} : { clientAddress: options.clientAddress }),
      }),
    });
    const isThere = request.state.exists || request.state.kind === "service";
    const stack = isThere
      ? await Stack.select(backend.stack, workspace)
      : await Stack.create(backend.stack, workspace);
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

/** The whole environment of the engine: what the request allows, and what terrane sets. Terrane's own wins. */
function engineEnvironment(
  request: EngineRequest,
  backend: Readonly<Record<string, string>>,
): Record<string, string> {
  const providers = Object.entries(request.providers ?? {});
  return {
    ...request.environment,
    ...backend,
    PULUMI_HOME: engineHome(request.home),
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
