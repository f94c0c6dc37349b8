/**
 * Previews every stack of a graph with the real engine, in order: planned outputs of one stack flow into the next,
 * unknown where only the cloud can tell. Changes nothing: each preview works in a private copy of the state.
 */
import type { EnginePlan, PreviewResult } from "../engine/request.ts";
import { TerraneError } from "../errors.ts";
import type { Finding } from "../model/finding.ts";
import { countSteps, type StackPlan, type Step } from "../model/plan.ts";
import type { Phase, StackNode, StackOutputs, StackSpec } from "../model/spec.ts";
import type { UpstreamOutputs } from "../model/upstream.ts";
import type { StateReader } from "../state/store.ts";
import type { Change } from "./change.ts";
import { runGraph, type TaskEnd } from "./schedule.ts";
import { collectUpstream, toShown } from "./stack-outputs.ts";

/** What the converge phase of a stack reckons with. */
export interface ConvergePreview {
  readonly outputs: StackOutputs;
  /** The engine's own plan, to which `up` is held. A prune has none: it starts from a state that nobody has seen yet. */
  readonly plan: EnginePlan;
  /** URNs that would go away while other stacks may still use them: they stay until the prune phase. */
  readonly keep: readonly string[];
}

/** By stack. */
export type ConvergePreviews = ReadonlyMap<string, ConvergePreview>;

export interface Previewed {
  readonly stacks: readonly StackPlan[];
  readonly findings: readonly Finding[];
  readonly converge: ConvergePreviews;
}

interface NodePreview {
  readonly plans: readonly StackPlan[];
  readonly findings: readonly Finding[];
}

/**
 * @param state as it will be once everything stands where it belongs
 * @throws TerraneError `engine-failed` with the words of every stack that could not be previewed; `cancelled`
 */
export async function previewStacks(change: Change, state: StateReader): Promise<Previewed> {
  const { stacks } = change.graph;
  const converge = new Map<string, ConvergePreview>();
  const ends = await runGraph(
    stacks.map((node) => ({
      id: node.name,
      after: node.dependsOn,
      run: () => previewNode(change, state, node, converge),
    })),
    { limit: change.parallel, signal: change.signal },
  );
  const previews = stacks.map((node) => valueOf(ends, node.name, change.signal));
  return {
    stacks: previews.flatMap((preview) => preview.plans),
    findings: previews.flatMap((preview) => preview.findings),
    converge,
  };
}

async function previewNode(
  change: Change,
  state: StateReader,
  node: StackNode,
  previews: Map<string, ConvergePreview>,
): Promise<NodePreview> {
  const upstream = collectUpstream(change.graph.stacks, (stack) => previews.get(stack)?.outputs);
  const preview = (phase: Phase, spec: StackSpec, kept: readonly string[]) =>
    previewPhase(change, state, { node, phase, spec, upstream, keep: kept });
  const whole = await preview("converge", node.converge, []);
  const keep = hasConsumers(change, node) ? deletionsOf(whole.steps) : [];
  const converge = keep.length === 0 ? whole : await preview("converge", node.converge, keep);
  previews.set(node.name, { outputs: converge.outputs, plan: converge.plan, keep });
  const plan = toStackPlan(change, node, "converge", converge, converge.steps);
  if (node.prune === undefined && keep.length === 0) return { plans: [plan], findings: converge.findings };

  // The state that prune starts from does not exist yet: what converge will have deleted by then is gone, what it will
  // have made or changed is the same.
  const prune = node.prune === undefined ? whole : await preview("prune", node.prune, []);
  const done = new Set(converge.steps.filter((step) => step.action !== "same").map(stepKey));
  const steps = prune.steps.flatMap((step): readonly Step[] => {
    if (!done.has(stepKey(step))) return [step];
    return step.action === "delete" ? [] : [{ ...step, action: "same", changes: [] }];
  });
  return {
    plans: [plan, toStackPlan(change, node, "prune", prune, steps)],
    findings: converge.findings,
  };
}

function hasConsumers(change: Change, node: StackNode): boolean {
  return change.graph.stacks.some((other) => other.dependsOn.includes(node.name));
}

function deletionsOf(steps: readonly Step[]): readonly string[] {
  return steps.filter((step) => step.action === "delete").map((step) => step.urn);
}

interface PhasePreview {
  readonly node: StackNode;
  readonly phase: Phase;
  readonly spec: StackSpec;
  readonly upstream: UpstreamOutputs;
  readonly keep: readonly string[];
}

async function previewPhase(
  change: Change,
  state: StateReader,
  { node, phase, spec, upstream, keep }: PhasePreview,
): Promise<PreviewResult> {
  const started = performance.now();
  const subject = { stack: node.name, phase, verb: "preview" } as const;
  change.emit({ type: "stack:start", ...subject });
  await using lease = await state.openCopy(node.name);
  const result = await change.engine.preview(node.name, lease.access, {
    program: await change.makeProgram(spec, upstream),
    policy: change.judgeFor(spec),
    keep,
  });
  change.emit({
    type: "stack:end",
    ...subject,
    outcome: "done",
    counts: result.counts,
    milliseconds: Math.round(performance.now() - started),
  });
  return result;
}

function toStackPlan(
  change: Change,
  node: StackNode,
  phase: Phase,
  result: PreviewResult,
  steps: readonly Step[],
): StackPlan {
  return {
    stack: node.name,
    site: node.site,
    domain: node.domain,
    phase,
    steps: steps.map((step) => ({
      ...step,
      replacementUnknown: step.action === "update" && !change.typeFacts(step.type).replacementKnown,
    })),
    counts: countSteps(steps),
    outputs: toShown(result.outputs),
  };
}

function stepKey(step: Step): string {
  return `${step.action} ${step.urn}`;
}

/** The preview of a stack, or the reason why nothing can be planned. The first failure in rank order speaks. */
function valueOf(
  ends: ReadonlyMap<string, TaskEnd<NodePreview>>,
  stack: string,
  signal: AbortSignal,
): NodePreview {
  const end = ends.get(stack);
  if (end?.state === "done") return end.value;
  if (end?.state === "failed") {
    if (end.error instanceof TerraneError) throw end.error;
    throw new TerraneError("engine-failed", `the preview of ${stack} failed: ${String(end.error)}`, {
      cause: end.error,
    });
  }
  if (signal.aborted) throw new TerraneError("cancelled", "the plan was interrupted; nothing was changed");
  throw new TerraneError("internal", `stack ${stack} was not previewed`);
}
