/**
 * How long an operation will probably take: by what the like of it took before on the same target, else by what the
 * clouds typically take. Says nothing where it does not know. Pure.
 */
import type { EventBody } from "../../model/event.ts";
import type { Operation, OperationStep } from "../../model/operation.ts";
import {
  type ChangeCounts,
  hasChanges,
  type Plan,
  type StackPlan,
  type StepAction,
} from "../../model/plan.ts";
import { isInCloud } from "../../model/resource.ts";
import { median } from "../applying/stopwatch.ts";

export type Expectation = Extract<EventBody, { type: "operation:expected" }>;

export interface ExpectationRequest {
  readonly operation: string;
  readonly plan: Plan;
  /** Step → steps that come before it, both as `<phase>:<stack>`. */
  readonly order: ReadonlyMap<string, readonly string[]>;
  /** Newest first. */
  readonly past: readonly Operation[];
  /** Milliseconds that a type typically takes on this target; undefined where nobody knows. */
  readonly typical: (type: string, action: StepAction) => number | undefined;
}

/** Earlier runs that count; older ones tell of other times. */
const mostPast = 5;

/** Two changes are alike when the numbers of what they do differ by no more than a fifth, or by one. */
const tolerance = 0.2;

export function expectTimes(request: ExpectationRequest): Expectation {
  const steps = request.past
    .flatMap((operation) => operation.steps)
    .filter((step) => step.outcome === "done" && step.timings?.target === request.plan.target);
  const resources = expectResources(request, steps);
  const changed = request.plan.stacks.filter((stack) => hasChanges(stack.counts));
  const stacks = changed.flatMap((stack) => {
    const milliseconds = expectStack(stack, steps);
    return milliseconds === undefined ? [] : [{ stack: stack.stack, phase: stack.phase, milliseconds }];
  });
  const whole = stacks.length === changed.length ? longestWay(stacks, request.order) : undefined;
  return {
    type: "operation:expected",
    operation: request.operation,
    ...(whole === undefined || whole === 0 ? {} : { milliseconds: whole }),
    stacks,
    resources,
  };
}

function expectResources(
  { plan, typical }: ExpectationRequest,
  past: readonly OperationStep[],
): Expectation["resources"] {
  const wanted = new Map<string, { readonly type: string; readonly action: StepAction }>();
  for (const { type, action } of plan.stacks.flatMap((stack) => stack.steps)) {
    if (action !== "same" && isInCloud(type)) wanted.set(`${action} ${type}`, { type, action });
  }
  const measured = new Map<string, number[]>();
  for (const timing of past.flatMap((step) => step.timings?.resources ?? [])) {
    const key = `${timing.action} ${timing.type}`;
    measured.set(key, [...(measured.get(key) ?? []), timing.milliseconds]);
  }
  return [...wanted].flatMap(([key, { type, action }]) => {
    const own = measured.get(key)?.slice(0, mostPast);
    const milliseconds = own === undefined ? typical(type, action) : median(own);
    return milliseconds === undefined || milliseconds <= 0 ? [] : [{ type, action, milliseconds }];
  });
}

/** The same stack before others of its domain. */
function expectStack(plan: StackPlan, past: readonly OperationStep[]): number | undefined {
  const alike = past.filter((step) => step.phase === plan.phase && areAlike(step.counts, plan.counts));
  const own = alike.filter((step) => step.stack === plan.stack);
  const others = alike.filter((step) => step.stack.endsWith(`.${plan.domain}`));
  const times = (own.length > 0 ? own : others)
    .slice(0, mostPast)
    .flatMap(({ startedAt, endedAt }) =>
      startedAt === undefined || endedAt === undefined ? [] : [Date.parse(endedAt) - Date.parse(startedAt)],
    );
  return times.length === 0 ? undefined : median(times);
}

function areAlike(one: ChangeCounts, other: ChangeCounts): boolean {
  return (["create", "update", "replace", "delete"] as const).every((verb) => {
    const difference = Math.abs(one[verb] - other[verb]);
    return difference <= Math.max(1, tolerance * other[verb]) && one[verb] > 0 === other[verb] > 0;
  });
}

/** Steps that do not change anything take no time, but others may wait for them in turn. */
function longestWay(stacks: Expectation["stacks"], order: ExpectationRequest["order"]): number {
  const own = new Map(stacks.map((each) => [`${each.phase}:${each.stack}`, each.milliseconds]));
  const ends = new Map<string, number>();
  const endOf = (step: string): number => {
    const known = ends.get(step);
    if (known !== undefined) return known;
    const start = Math.max(0, ...(order.get(step) ?? []).map(endOf));
    const end = start + (own.get(step) ?? 0);
    ends.set(step, end);
    return end;
  };
  return Math.max(0, ...[...order.keys()].map(endOf));
}
