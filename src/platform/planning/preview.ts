/**
 * Previews every stack of a graph with the real engine, in order: planned outputs of one stack flow into the next,
 * unknown where only the cloud can tell. Changes nothing: each preview works in a private copy of the state.
 */
import type { PreviewResult } from "../../engine/request.ts";
import { TerraneError } from "../../errors.ts";
import type { Finding } from "../../model/finding.ts";
import { countSteps, type StackPlan, type Step } from "../../model/plan.ts";
import type { Phase, StackNode, StackSpec } from "../../model/spec.ts";
import type { UpstreamOutputs } from "../../model/upstream.ts";
import type { ResourceMove, StateMoves, StateReader } from "../../state/store.ts";
import type { Change } from "../applying/change.ts";
import { runGraph, type TaskEnd } from "../applying/schedule.ts";
import { joinMoves, planSetAside, planSwap, readAfter } from "../applying/set-aside.ts";
import {
  type ConvergePreview,
  type ConvergePreviews,
  toConvergePreview,
  withheldFrom,
  withoutPreview,
} from "./converge-preview.ts";
import { collectUpstream, toShown } from "./stack-outputs.ts";
import type { UnchangedStacks } from "./unchanged.ts";

export interface Previewed {
  readonly stacks: readonly StackPlan[];
  readonly findings: readonly Finding[];
  readonly converge: ConvergePreviews;
  /** What is to be made before anything converges, all of it: what was given, and what is set aside. */
  readonly moves: StateMoves | undefined;
}

interface NodePreview {
  readonly plans: readonly StackPlan[];
  readonly findings: readonly Finding[];
  /** One after the other. */
  readonly setAside: readonly (readonly ResourceMove[])[];
}

/**
 * @param before made before the previewed steps
 * @param unchanged tells which stacks need no preview
 * @throws TerraneError `engine-failed` with the words of every stack that could not be previewed; `cancelled`
 */
export async function previewStacks(
  change: Change,
  before: StateMoves | undefined,
  unchanged: UnchangedStacks,
): Promise<Previewed> {
  const { stacks } = change.graph;
  const converge = new Map<string, ConvergePreview>();
  const planning: Planning = { change, before, unchanged, previews: converge };
  const ends = await runGraph(
    stacks.map((node) => ({ id: node.name, after: node.dependsOn, run: () => planNode(planning, node) })),
    { limit: change.parallel, signal: change.signal },
  );
  const previews = stacks.map((node) => valueOf(ends, node.name, change.signal));
  return {
    stacks: previews.flatMap((preview) => preview.plans),
    findings: previews.flatMap((preview) => preview.findings),
    converge,
    moves: previews.flatMap((preview) => preview.setAside).reduce(joinMoves, before),
  };
}

interface Planning {
  readonly change: Change;
  readonly before: StateMoves | undefined;
  readonly unchanged: UnchangedStacks;
  readonly previews: Map<string, ConvergePreview>;
}

async function planNode(planning: Planning, node: StackNode): Promise<NodePreview> {
  const { change, before, unchanged, previews } = planning;
  // What is moved stands elsewhere than the ground says.
  const found =
    before === undefined ? await unchanged.check(node, (stack) => previews.get(stack)) : undefined;
  if (found === undefined) return await previewNode(planning, node);
  previews.set(node.name, withoutPreview(found));
  change.emit({ type: "stack:unchanged", stack: node.name, phase: "converge" });
  return { plans: [found.plan], findings: found.findings, setAside: [] };
}

async function previewNode(planning: Planning, node: StackNode): Promise<NodePreview> {
  const { change, before, previews } = planning;
  const withheld = withheldFrom(node, previews);
  for (const other of change.graph.stacks) {
    if (withheld.includes(other.name)) await previewNode(planning, other);
  }
  const upstream = collectUpstream(change.graph.stacks, (stack) => previews.get(stack)?.outputs);
  const preview = async (
    phase: Phase,
    spec: StackSpec,
    moves: StateMoves | undefined,
    keep: readonly string[],
  ) => previewPhase(change, await readAfter(change.state, moves), { node, phase, spec, upstream, keep });
  const wanted = await previewWanted(change, before, node, (moves) =>
    preview("converge", node.converge, moves, []),
  );
  const { whole, setAside, moves } = wanted;
  const isUsed = hasConsumers(change, node);
  const waiting = wanted.last.map((move) => move.to.urn);
  const keep = isUsed ? [...deletionsOf(whole.steps), ...waiting] : [];
  const converge = keep.length === 0 ? whole : await preview("converge", node.converge, moves, keep);
  previews.set(node.name, toConvergePreview(node, converge, { ...planning, keep }));
  const made = withReasons(converge.steps, whole.steps, wanted.last);
  const plan = toStackPlan(change, node, "converge", converge, made);
  const rest = { findings: converge.findings, setAside };
  if (node.prune === undefined && keep.length === 0) return { plans: [plan], ...rest };

  const prune = node.prune === undefined ? whole : await preview("prune", node.prune, moves, []);
  const steps =
    node.prune === undefined ? leftOf(converge.steps, keep) : leftAfter(converge.steps, prune.steps);
  return { plans: [plan, toStackPlan(change, node, "prune", prune, steps)], ...rest };
}

interface Wanted {
  /** What the stack would change if nobody used anything of it. */
  readonly whole: PreviewResult;
  readonly setAside: NodePreview["setAside"];
  /** Of `setAside`, what makes room for something new. */
  readonly last: readonly ResourceMove[];
  /** Those made before, and `setAside`. */
  readonly moves: StateMoves | undefined;
}

async function previewWanted(
  change: Change,
  before: StateMoves | undefined,
  node: StackNode,
  preview: (moves: StateMoves | undefined) => Promise<PreviewResult>,
): Promise<Wanted> {
  const whole = await preview(before);
  if (!hasConsumers(change, node)) return { whole, setAside: [], last: [], moves: before };
  const state = await (await readAfter(change.state, before)).read(node.name);
  const swap = planSwap(node.name, state, whole.steps);
  const swapped = swap.length === 0 ? undefined : await preview(joinMoves(before, swap));
  if (swapped !== undefined && countSteps(swapped.steps).replace < countSteps(whole.steps).replace) {
    return toSetAside(change, node, swapped, joinMoves(before, swap), [swap]);
  }
  return toSetAside(change, node, whole, before, []);
}

async function toSetAside(
  change: Change,
  node: StackNode,
  whole: PreviewResult,
  before: StateMoves | undefined,
  setAside: NodePreview["setAside"],
): Promise<Wanted> {
  const state = await (await readAfter(change.state, before)).read(node.name);
  const last = planSetAside(node.name, state, whole.steps, (type) => change.typeFacts(type).stateful);
  if (last.length === 0) return { whole, setAside, last, moves: before };
  return { whole, setAside: [...setAside, last], last, moves: joinMoves(before, last) };
}

/** What takes the place of something set aside says so, and why: made on its own, it would only be there all at once. */
function withReasons(
  steps: readonly Step[],
  whole: readonly Step[],
  setAside: readonly ResourceMove[],
): readonly Step[] {
  const reasons = new Map(whole.map((step) => [step.urn, step]));
  const places = new Map(
    setAside.flatMap(({ from, to, replaced }) => (replaced ? [] : [[from.urn, to.urn]])),
  );
  return steps.map((step) => {
    const place = places.get(step.urn);
    const { changes = step.changes, unchanged } = reasons.get(step.urn) ?? {};
    return place === undefined
      ? step
      : { ...step, changes, ...(unchanged === undefined ? {} : { unchanged }), setAside: place };
  });
}

/** What prune finds: nothing is left to do but what converge kept. */
function leftOf(converged: readonly Step[], keep: readonly string[]): readonly Step[] {
  const kept = new Set(keep);
  return converged.flatMap((step): readonly Step[] => {
    if (step.action === "delete") return [];
    return [{ ...step, action: kept.has(step.urn) ? "delete" : "same", changes: [] }];
  });
}

/**
 * The state that prune starts from does not exist yet: what converge will have deleted by then is gone, what it will
 * have made or changed is the same. Part of a component that leaves, deleted by hand, converge makes once more: it goes
 * with the rest.
 */
function leftAfter(converged: readonly Step[], steps: readonly Step[]): readonly Step[] {
  const done = new Set(converged.filter((step) => step.action !== "same").map(stepKey));
  const told = new Set(steps.map(({ urn }) => urn));
  const leaving = converged.filter(({ action, urn }) => action === "create" && !told.has(urn));
  const left = steps.flatMap((step): readonly Step[] => {
    if (!done.has(stepKey(step))) return [step];
    return step.action === "delete" ? [] : [{ ...step, action: "same", changes: [] }];
  });
  return [...left, ...leaving.map((step): Step => ({ ...step, action: "delete", changes: [] }))];
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

function interrupted(): TerraneError {
  return new TerraneError("cancelled", "the plan was interrupted; nothing was changed", {
    next: "Run the command again.",
  });
}

/** The preview of a stack, or the reason why nothing can be planned. The first failure in rank order speaks. */
function valueOf(
  ends: ReadonlyMap<string, TaskEnd<NodePreview>>,
  stack: string,
  signal: AbortSignal,
): NodePreview {
  const end = ends.get(stack);
  if (end?.state === "done") return end.value;
  if (signal.aborted) throw interrupted();
  if (end?.state === "failed") {
    if (end.error instanceof TerraneError) throw end.error;
    throw new TerraneError("engine-failed", `the preview of ${stack} failed: ${String(end.error)}`, {
      cause: end.error,
    });
  }
  throw new TerraneError("internal", `stack ${stack} was not previewed`);
}
