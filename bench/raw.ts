/**
 * The same stacks by the plain Automation API: one program a stack, in order, state in files, defaults everywhere.
 * Only what keeps the comparison fair is set: the simulated providers, and no download of plugins.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation/index.js";
import { findEngine } from "../src/engine/find.ts";
import type { StackGraph, StackNode, StackOutputs } from "../src/model/spec.ts";
import { toUpstream } from "../src/model/upstream.ts";
import { openClouds } from "../src/simulator/clouds.ts";
import { startProviders } from "../src/simulator/provider/server.ts";
import type { Value } from "../src/values/value.ts";
import { catalog } from "../stacks/catalog.ts";
import { makeProgram } from "../stacks/program.ts";
import type { World } from "./world.ts";

export interface RawRun extends AsyncDisposable {
  /** Previews every stack, with the outputs given for those before it. */
  preview(outputs: ReadonlyMap<string, StackOutputs>): Promise<void>;
  up(): Promise<void>;
}

export async function openRaw(world: World, graph: StackGraph): Promise<RawRun> {
  const folder = await mkdtemp(join(tmpdir(), "terrane-raw-"));
  const clouds = await openClouds(join(folder, "clouds.sqlite"), { now: world.context.now });
  const providers = await startProviders(clouds);
  const found = await findEngine({ home: world.context.home, path: world.context.environment["PATH"] });
  const pulumiCommand = await PulumiCommand.get({ root: join(found.command, "..", "..") });
  const options = {
    workDir: folder,
    pulumiHome: join(folder, "home"),
    pulumiCommand,
    envVars: {
      PULUMI_BACKEND_URL: pathToFileURL(folder).href,
      PULUMI_CONFIG_PASSPHRASE: "bench",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_DEBUG_PROVIDERS: Object.entries(providers.ports)
        .map(([name, port]) => `${name}:${port}`)
        .join(","),
    },
  };
  const open = (node: StackNode, outputs: ReadonlyMap<string, StackOutputs>): Promise<Stack> =>
    LocalWorkspace.createOrSelectStack(
      { projectName: "terrane", stackName: node.name, program: programOf(graph, node, outputs) },
      options,
    );
  return {
    preview: async (outputs) => {
      for (const node of graph.stacks) await (await open(node, outputs)).preview();
    },
    up: async () => {
      const outputs = new Map<string, StackOutputs>();
      for (const node of graph.stacks) {
        const result = await (await open(node, outputs)).up();
        outputs.set(node.name, toStackOutputs(result.outputs));
      }
    },
    [Symbol.asyncDispose]: async () => {
      await providers.close();
      await clouds.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function programOf(graph: StackGraph, node: StackNode, outputs: ReadonlyMap<string, StackOutputs>) {
  const upstream = toUpstream(
    graph.stacks.map((stack) => ({ site: stack.site, outputs: outputs.get(stack.name) ?? {} })),
  );
  return makeProgram({ spec: node.converge, upstream, catalog });
}

function toStackOutputs(outputs: Awaited<ReturnType<Stack["up"]>>["outputs"]): StackOutputs {
  const component = (values: Record<string, Value>) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, { kind: "known" as const, value }]),
    );
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, component(value)]));
}
