/**
 * Renders desired resources in process: programs run on Pulumi's mocks, stack after stack, with no engine and no
 * credentials. Programs and mocks are handed in; nothing here knows a component or a cloud.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate } from "node:timers/promises";
import type { Mocks } from "@pulumi/pulumi/runtime/mocks.js";
import { messageOf, type Problem, TerraneError } from "../errors.ts";
import type { Program, ProgramOutputs } from "../model/program.ts";
import type { Resource } from "../model/resource.ts";
import type { StackGraph, StackOutputs, StackSpec } from "../model/spec.ts";
import { toUpstream, type UpstreamOutputs } from "../model/upstream.ts";
import { type Refusal, RenderMonitor } from "./monitor.ts";
import { readOutputs } from "./outputs.ts";
import { runInOwnStore, withoutLeakDetector } from "./runtime.ts";

/** The Pulumi project of every stack. */
const project = "terrane";

export type MakeProgram = (spec: StackSpec, upstream: UpstreamOutputs) => Program;

export interface RenderOptions {
  readonly makeProgram: MakeProgram;
  /** What the clouds would answer to the program of the stack named. */
  readonly mocks: (stack: string) => Mocks;
  /** Default true: what only a cloud can give is unknown. False: what the mocks answer is taken for known. */
  readonly preview?: boolean;
  /** Default false. True leaves the SDK's leak detector and source positions on; slow, for debugging. */
  readonly leakDetector?: boolean;
}

export interface RenderedStack {
  readonly name: string;
  /** Providers first, then each component in the spec's order, followed by what it is made of, sorted by URN. */
  readonly resources: readonly Resource[];
  readonly outputs: StackOutputs;
}

/**
 * Renders the stacks that the environment will have when everything is applied, in rank order. Outputs flow on.
 * @throws TerraneError as {@link renderStack} does
 */
export async function renderEnvironment(
  graph: StackGraph,
  options: RenderOptions,
): Promise<readonly RenderedStack[]> {
  const rendered: RenderedStack[] = [];
  const outputs: { readonly site: string; readonly outputs: StackOutputs }[] = [];
  for (const node of graph.stacks) {
    const spec = node.prune ?? node.converge;
    if (spec.components.length === 0) continue;
    const stack = await renderStack(spec, toUpstream(outputs), options);
    rendered.push(stack);
    outputs.push({ site: spec.site.name, outputs: stack.outputs });
  }
  return rendered;
}

/**
 * Renders one stack. Several can be rendered at once; they do not see each other.
 * @throws TerraneError what the program throws, or `cloud-error` with one problem for each resource that the mocks
 * refuse
 */
export async function renderStack(
  spec: StackSpec,
  upstream: UpstreamOutputs,
  options: RenderOptions,
): Promise<RenderedStack> {
  const render = () => runStack(spec, options.makeProgram(spec, upstream), options);
  return options.leakDetector === true ? render() : withoutLeakDetector(render);
}

async function runStack(spec: StackSpec, program: Program, options: RenderOptions): Promise<RenderedStack> {
  const preview = options.preview ?? true;
  const monitor = new RenderMonitor({ mocks: options.mocks(spec.name), stack: spec.name, project, preview });
  let handedOut: ProgramOutputs = {};
  let failure: { readonly error: unknown } | undefined;
  await withStrays(() =>
    runInOwnStore({
      project,
      stack: spec.name,
      preview,
      monitor,
      program: async () => {
        // Thrown on into the SDK it would reject promises in there that nobody waits for.
        try {
          handedOut = await program();
        } catch (error) {
          failure = { error };
        }
        return { ...handedOut };
      },
    }),
  );
  if (failure !== undefined) throw failure.error;
  if (monitor.refusals.length > 0) throw toError(monitor.refusals);
  return {
    name: spec.name,
    resources: sortResources(monitor.resources, spec),
    outputs: await readOutputs(handedOut),
  };
}

/** The render that the code at hand belongs to; node keeps it for rejections that nobody handled. */
const currentRender = new AsyncLocalStorage<{ readonly fail: (error: unknown) => void }>();
let watchers = 0;

function onStray(error: unknown): void {
  currentRender.getStore()?.fail(error);
}

// An input that fails to compute rejects a promise inside the SDK that nobody waits for, and what depends on it waits
// for ever: such a stray ends the render it belongs to, and no other.
async function withStrays(inside: () => Promise<void>): Promise<void> {
  if (watchers === 0) process.on("unhandledRejection", onStray);
  watchers += 1;
  try {
    const { promise, reject } = Promise.withResolvers<never>();
    await Promise.race([promise, currentRender.run({ fail: reject }, inside)]);
  } finally {
    // The first stray ends the render; others of the same failure come before this turn of the event loop is over.
    await setImmediate();
    watchers -= 1;
    if (watchers === 0) process.off("unhandledRejection", onStray);
  }
}

function toError(refusals: readonly Refusal[]): TerraneError {
  const problems = refusals.map(({ urn, error }): Problem => {
    return {
      code: "cloud-error",
      severity: "error",
      message: `${urn.split("::").at(-1)}: ${messageOf(error)}`,
    };
  });
  const [first] = refusals;
  return new TerraneError("cloud-error", problems.map(({ message }) => message).join("; "), {
    problems,
    details: { urns: refusals.map(({ urn }) => urn) },
    cause: first?.error,
  });
}

/** The order in which promises end is not the same each time: the result is. */
function sortResources(resources: readonly Resource[], spec: StackSpec): readonly Resource[] {
  const children = Map.groupBy(resources, ({ parent }) => parent);
  const places = new Map(spec.components.map(({ name }, place) => [name, place]));
  // Providers belong to no component and come first.
  const place = ({ name, custom }: Resource) => (custom ? -1 : (places.get(name) ?? places.size));
  const withDescendants = (resource: Resource): readonly Resource[] => [
    resource,
    ...(children.get(resource.urn) ?? []).toSorted(byUrn).flatMap(withDescendants),
  ];
  return (children.get(undefined) ?? [])
    .toSorted((left, right) => place(left) - place(right) || byUrn(left, right))
    .flatMap(withDescendants);
}

function byUrn(left: Resource, right: Resource): number {
  return left.urn < right.urn ? -1 : 1;
}
