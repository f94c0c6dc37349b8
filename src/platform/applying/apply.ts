/**
 * The steps that apply a plan: converge in the order of the graph, then prune the other way round, so that nothing
 * goes away while something still uses it.
 */
import type { ApplyResult } from "../../engine/request.ts";
import { type ErrorCode, messageOf, TerraneError } from "../../errors.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { authoriseSteps } from "../../model/authorised-steps.ts";
import type { OperationStep } from "../../model/operation.ts";
import { hasChanges, noChanges, type Plan, type StackPlan } from "../../model/plan.ts";
import type { Phase, StackNode, StackOutputs, StackSpec } from "../../model/spec.ts";
import type { StateMoves } from "../../state/store.ts";
import { type ConvergePreviews, handedTo, withheldFrom } from "../planning/converge-preview.ts";
import type { GroundRecorder } from "../planning/ground-recorder.ts";
import { collectUpstream, sameOutputs, toShown } from "../planning/stack-outputs.ts";
import type { Change } from "./change.ts";
import { moveSteps, moveWork } from "./move.ts";
import { newStep, stepId } from "./new-operation.ts";
import type { StepResult, StepWork } from "./run-operation.ts";

export interface Application {
  readonly change: Change;
  readonly ledger: Ledger;
  readonly plan: Plan;
  readonly converge: ConvergePreviews;
  readonly moves: StateMoves | undefined;
  readonly grounds: GroundRecorder;
}

/** The steps of an `up` as they stand in the ledger before anything has begun. */
export function upSteps({
  change,
  plan,
  moves,
}: Pick<Application, "change" | "plan" | "moves">): OperationStep[] {
  const { stacks } = change.graph;
  const converge = stacks.map((node) => newStep(node.name, "converge"));
  const prune = stacks.filter((node) => isPruned(plan, node)).map((node) => newStep(node.name, "prune"));
  return [...moveSteps({ change, moves }), ...converge, ...prune.reverse()];
}

function isPruned(plan: Plan, node: StackNode): boolean {
  return plan.stacks.some((each) => each.stack === node.name && each.phase === "prune");
}

/** What each of these steps does. */
export function upWork(application: Application): StepWork[] {
  const { stacks } = application.change.graph;
  const actual = new Map<string, StackOutputs>();
  const move = moveWork(application);
  const converge = stacks.map((node) => ({
    id: stepId("converge", node.name),
    after: [...move.map((step) => step.id), ...node.dependsOn.map((stack) => stepId("converge", stack))],
    run: () => convergeStack(application, node, actual),
  }));
  const pruned = stacks.filter((node) => isPruned(application.plan, node));
  const prune = pruned.map((node) => {
    const consumers = stacks.filter((other) => other.dependsOn.includes(node.name));
    return {
      id: stepId("prune", node.name),
      after: [...converge.map((step) => step.id), ...consumers.map((other) => stepId("prune", other.name))],
      // Without components that go away, the same program now also drops what converge had to keep.
      run: () => pruneStack(application, node, node.prune ?? node.converge, actual),
    };
  });
  return [...move, ...converge, ...prune];
}

async function convergeStack(
  application: Application,
  node: StackNode,
  actual: Map<string, StackOutputs>,
): Promise<StepResult> {
  const { change, converge, grounds } = application;
  const counts = planOf(application.plan, node.name, "converge").counts;
  const outputsOf = (stack: string) => converge.get(stack)?.outputs ?? {};
  const asPlanned = node.dependsOn.every((stack) => sameOutputs(outputsOf(stack), actual.get(stack) ?? {}));
  if (asPlanned && !hasChanges(counts)) {
    const preview = converge.get(node.name);
    const outputs = preview?.outputs ?? {};
    change.emit({ type: "stack:unchanged", stack: node.name, phase: "converge" });
    actual.set(node.name, outputs);
    if (preview?.settled !== undefined) grounds.note(node.name, preview.settled);
    // An operation that was cut short has left the outputs it knew.
    if (preview?.unchanged === undefined) await saveOutputs(application, node, outputs);
    return { outcome: "done", counts, resources: [] };
  }
  const result = await upStack(application, node, "converge", node.converge, actual);
  actual.set(node.name, result.outputs);
  await saveOutputs(application, node, result.outputs);
  return toStepResult(change, node.name, result);
}

function saveOutputs({ change, ledger }: Application, node: StackNode, outputs: StackOutputs): Promise<void> {
  return ledger.saveOutputs(change.tenure.lease, change.graph.environment.name, node.name, toShown(outputs));
}

async function pruneStack(
  application: Application,
  node: StackNode,
  spec: StackSpec,
  actual: Map<string, StackOutputs>,
): Promise<StepResult> {
  const { change, ledger } = application;
  const result = await upStack(application, node, "prune", spec, actual);
  const environment = change.graph.environment.name;
  if (result.outcome === "done" && spec.components.length === 0) {
    await change.state.remove(node.name, change.tenure.lease);
    await ledger.removeOutputs(change.tenure.lease, environment, node.name);
  } else {
    await saveOutputs(application, node, result.outputs);
  }
  return toStepResult(change, node.name, result);
}

async function upStack(
  application: Application,
  node: StackNode,
  phase: Phase,
  spec: StackSpec,
  actual: ReadonlyMap<string, StackOutputs>,
): Promise<ApplyResult> {
  const { change, plan, converge } = application;
  const [withheld] = withheldFrom(node, converge).filter(
    (each) => actual.get(each) === converge.get(each)?.outputs,
  );
  if (withheld !== undefined) {
    throw new TerraneError("plan-stale", `${node.name} needs secrets of ${withheld}, which was not planned`, {
      next: `terrane up ${plan.environment} --full`,
    });
  }
  const upstream = collectUpstream(change.graph.stacks, (stack) => actual.get(stack));
  const preview = phase === "converge" ? converge.get(node.name) : undefined;
  const handed = handedTo(node, converge, (stack) => actual.get(stack));
  const result = await timed(change, node.name, phase, "up", async () => {
    const { steps } = planOf(plan, node.name, phase);
    const right = {
      lease: change.tenure.lease,
      authorise: authoriseSteps(steps, await change.state.read(node.name)),
    };
    await using lease = await change.state.open(node.name, right);
    return await change.engine.up(node.name, lease.access, {
      program: await change.makeProgram(spec, upstream),
      policy: change.judgeFor(spec),
      expected: steps,
      ...(preview?.plan === undefined ? {} : { plan: preview.plan, keep: preview.keep }),
    });
  });
  const isSettled =
    result.outcome === "done" && result.hasAsked === false && (preview?.keep ?? []).length === 0;
  const { outputs, findings } = result;
  application.grounds.note(
    node.name,
    isSettled ? { spec, upstream: handed, outputs, findings, dated: change.dated(node.name) } : undefined,
  );
  return result;
}

/** Runs an engine verb between the two events that frame it, and asks the state what a killed engine left open. */
export async function timed(
  change: Change,
  stack: string,
  phase: string,
  verb: "up" | "destroy" | "refresh",
  run: () => Promise<ApplyResult>,
): Promise<ApplyResult> {
  const started = performance.now();
  const subject = { stack, phase, verb } as const;
  change.emit({ type: "stack:start", ...subject });
  const end = (outcome: ApplyResult["outcome"], counts: ApplyResult["counts"], message?: string) =>
    change.emit({
      type: "stack:end",
      ...subject,
      outcome,
      counts,
      milliseconds: Math.round(performance.now() - started),
      ...(message === undefined ? {} : { message }),
    });
  try {
    const result = await settle(change, stack, await run());
    end(result.outcome, result.counts, result.error && wordsOf(result.error));
    return result;
  } catch (error) {
    end("failed", noChanges, messageOf(error));
    throw error;
  }
}

async function settle(change: Change, stack: string, result: ApplyResult): Promise<ApplyResult> {
  if (result.exit.signal === undefined) return result;
  const left = await change.state.read(stack);
  return {
    ...result,
    resources: change.engine.settle(result.resources, left ?? { resources: [], pending: [] }),
  };
}

/** What is mended by more than the same command again. */
const needMore: readonly ErrorCode[] = ["out-of-memory", "state-not-saved"];

/** Of an error a step keeps only the words. */
function wordsOf({ code, message, next }: TerraneError): string {
  return needMore.includes(code) ? `${code}: ${message}. ${next}` : message;
}

/** Components are no objects of a cloud: what is left open of them says nothing. */
export function toStepResult(change: Change, stack: string, result: ApplyResult): StepResult {
  const timings = change.timings(stack);
  return {
    outcome: result.outcome,
    counts: result.counts,
    resources: result.resources.flatMap((resource) =>
      resource.outcome === "done" || isComponent(resource.urn) ? [] : [resource],
    ),
    ...(result.error === undefined ? {} : { message: wordsOf(result.error) }),
    ...(timings.length === 0 ? {} : { timings: { target: change.target, resources: [...timings] } }),
  };
}

/** `urn:pulumi:<stack>::<project>::<types from the parent down, joined by $>::<name>` */
function isComponent(urn: string): boolean {
  return urn.split("::")[2]?.split("$").at(-1)?.startsWith("terrane:component:") === true;
}

function planOf(plan: Plan, stack: string, phase: Phase): StackPlan {
  const found = plan.stacks.find((each) => each.stack === stack && each.phase === phase);
  if (found === undefined) throw new TerraneError("internal", `the plan has no ${phase} of ${stack}`);
  return found;
}
