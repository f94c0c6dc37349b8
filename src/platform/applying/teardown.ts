/** Planning and doing the end of an environment: every stack, consumers first. What goes is what the states hold. */
import type { ApplyResult } from "../../engine/request.ts";
import { TerraneError } from "../../errors.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { authoriseSteps } from "../../model/authorised-steps.ts";
import type { OperationStep } from "../../model/operation.ts";
import { countSteps, type Plan, type StackPlan, type Step } from "../../model/plan.ts";
import type { StackNode } from "../../model/spec.ts";
import { rankOf } from "../../model/words.ts";
import { resourcesOf, type StateMoves, type StateReader, type StateResource } from "../../state/store.ts";
import { timed, toStepResult } from "./apply.ts";
import type { Change, PlanSubject } from "./change.ts";
import { moveSteps, moveWork } from "./move.ts";
import { newStep, stepId } from "./new-operation.ts";
import type { StepResult, StepWork } from "./run-operation.ts";

/** Read out of the states, last made first; needs no engine. */
export async function planTeardown(
  { graph }: PlanSubject,
  state: StateReader,
): Promise<readonly StackPlan[]> {
  return Promise.all(
    graph.stacks.toReversed().map(async (node) => {
      const steps = resourcesOf(await state.read(node.name))
        .map(toDelete)
        .reverse();
      return {
        stack: node.name,
        site: node.site,
        domain: node.domain,
        phase: "destroy" as const,
        steps,
        counts: countSteps(steps),
        outputs: {},
      };
    }),
  );
}

export function teardownSteps(change: Change, moves: StateMoves | undefined): OperationStep[] {
  const destroy = change.graph.stacks.map((node) => newStep(node.name, "destroy")).reverse();
  return [...moveSteps({ change, moves }), ...destroy];
}

/** What was agreed to. */
export interface Teardown {
  readonly plan: Plan;
  readonly moves: StateMoves | undefined;
}

export function teardownWork(change: Change, ledger: Ledger, { plan, moves }: Teardown): StepWork[] {
  const { stacks } = change.graph;
  const move = moveWork({ change, ledger, moves });
  const destroy = stacks.toReversed().map((node) => ({
    id: stepId("destroy", node.name),
    after: [
      ...move.map((step) => step.id),
      ...stacks.filter((other) => goesBefore(other, node)).map((other) => stepId("destroy", other.name)),
    ],
    run: () => destroyStack(change, ledger, plan, node),
  }));
  return [...move, ...destroy];
}

/**
 * Higher ranks first, even where no reference is left: after an `up` that broke off, the states may still hold rules
 * between stacks that the spec no longer knows.
 */
function goesBefore(other: StackNode, node: StackNode): boolean {
  return other.dependsOn.includes(node.name) || rankOf(other.domain) > rankOf(node.domain);
}

async function destroyStack(
  change: Change,
  ledger: Ledger,
  plan: Plan,
  node: StackNode,
): Promise<StepResult> {
  const environment = change.graph.environment.name;
  if ((await change.state.read(node.name)) === undefined) {
    change.emit({ type: "stack:unchanged", stack: node.name, phase: "destroy" });
    return { outcome: "done", counts: countSteps([]), resources: [] };
  }
  const result = await timed(change, node.name, "destroy", "destroy", async () => {
    const steps = plan.stacks.filter(({ stack }) => stack === node.name).flatMap((each) => each.steps);
    const ended = await runDestroy(change, node.name, steps);
    const left = resourcesOf(await change.state.read(node.name));
    const told = withLeft(ended, left, change.signal, node.name);
    return told;
  });
  if (result.outcome === "done") {
    await change.state.remove(node.name, change.tenure.lease);
    await ledger.removeOutputs(change.tenure.lease, environment, node.name);
  }
  return toStepResult(change, node.name, result);
}

/** What it leaves is on record only once the access to the state is closed. */
async function runDestroy(
  change: Change,
  stack: string,
  steps: readonly Pick<Step, "urn" | "action">[],
): ReturnType<Change["engine"]["destroy"]> {
  const authorise = authoriseSteps(steps, await change.state.read(stack));
  await using lease = await change.state.open(stack, { lease: change.tenure.lease, authorise });
  return await change.engine.destroy(stack, lease.access);
}

/**
 * An engine of 3.250 that is asked to end between two deletions ends with code 0: only the state tells that something is
 * left. Forgetting a stack then would lose what it still holds.
 */
function withLeft(
  ended: ApplyResult,
  left: readonly StateResource[],
  signal: AbortSignal,
  stack: string,
): ApplyResult {
  if (ended.outcome !== "done" || left.length === 0) return ended;
  const told = new Set(ended.resources.map((resource) => resource.urn));
  const notStarted = left
    .filter((resource) => !told.has(resource.urn))
    .map(({ urn }) => ({ urn, action: "delete", outcome: "not-started" }) as const);
  const error = signal.aborted
    ? new TerraneError("cancelled", `${stack}: stopped on request`)
    : new TerraneError("engine-failed", `${stack}: the engine ended and left ${left.length} resources`);
  return { ...ended, outcome: "failed", resources: [...ended.resources, ...notStarted], error };
}

function toDelete(resource: StateResource): Step {
  return {
    urn: resource.urn,
    type: resource.type,
    name: resource.urn.split("::").at(-1) ?? resource.urn,
    ...(resource.parent === undefined ? {} : { parent: resource.parent }),
    action: "delete",
    changes: [],
    replacementUnknown: false,
  };
}
