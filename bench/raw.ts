/**
 * The same stacks by the plain Automation API: one program a stack, in order, state in files, defaults everywhere.
 */
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";
import type { StackGraph, StackNode, StackOutputs } from "../src/model/spec.ts";
import { toUpstream } from "../src/model/upstream.ts";
import type { Value } from "../src/values/value.ts";
import { catalog } from "../stacks/catalog.ts";
import { makeProgram } from "../stacks/program.ts";
import { openRawClouds } from "./raw-clouds.ts";
import type { World } from "./world.ts";

export interface RawRun extends AsyncDisposable {
  /** Previews every stack, with the outputs given for those before it. */
  preview(outputs: ReadonlyMap<string, StackOutputs>): Promise<void>;
  up(): Promise<void>;
}

export async function openRaw(world: World, graph: StackGraph): Promise<RawRun> {
  const raw = await openRawClouds(world.context);
  const options = { ...raw.options, workDir: raw.folder };
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
    [Symbol.asyncDispose]: () => raw[Symbol.asyncDispose](),
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
