/**
 * The one executor of operations. What an operation is and how far it got stands in the ledger, nowhere else: each
 * step is recorded before it is begun and after it ended, and a step that is recorded as done is not run again.
 */
import { messageOf, TerraneError } from "../../errors.ts";
import type { Lease } from "../../ledger/lease.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Emit } from "../../model/event.ts";
import type {
  Operation,
  OperationStatus,
  OperationStep,
  Outcome,
  ResourceOutcome,
} from "../../model/operation.ts";
import { addCounts, type ChangeCounts, noChanges } from "../../model/plan.ts";
import type { EnvironmentRecord } from "../../model/record.ts";
import type { StackGround } from "../../model/stack-ground.ts";
import { trace } from "../../model/trace-points.ts";
import { runGraph } from "./schedule.ts";

/** What a step does when its turn comes. */
export interface StepWork {
  readonly id: string;
  /** Ids of steps that must be done first. */
  readonly after: readonly string[];
  readonly run: () => Promise<StepResult>;
}

export interface StepResult {
  readonly outcome: Exclude<Outcome, "not-started">;
  readonly counts: ChangeCounts;
  readonly resources: readonly ResourceOutcome[];
  readonly message?: string;
  readonly timings?: OperationStep["timings"];
}

export interface RunOptions {
  readonly ledger: Ledger;
  /** What it runs under. */
  readonly lease: Lease;
  /** Aborted with the error to end with when the lease is lost: then nothing more is begun, and nothing can be recorded. */
  readonly lost: AbortSignal;
  readonly now: () => Date;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Steps at work at once. */
  readonly parallel: number;
  /** The environment's record once the operation is closed, written in the same transaction; `gone` forgets it. */
  readonly recordAfter: (status: OperationStatus) => EnvironmentRecord | "gone";
  /** On what the stacks then stand, by stack; written in the same transaction. */
  readonly groundsAfter?: () => Promise<ReadonlyMap<string, StackGround>>;
}

/**
 * Runs what is not yet done of an operation and answers the operation as it then stands in the ledger.
 * @throws TerraneError `lease-lost`
 */
export async function runOperation(
  operation: Operation,
  work: readonly StepWork[],
  options: RunOptions,
): Promise<Operation> {
  const { ledger, emit } = options;
  const steps = new Map(operation.steps.map((step) => [step.id, step]));
  emit({
    type: "operation:start",
    operation: operation.id,
    kind: operation.kind,
    environment: operation.environment,
    stacks: [...new Set(operation.steps.map((step) => step.stack))],
  });

  const todo = work.filter((each) => steps.get(each.id)?.outcome !== "done");
  const ends = await runGraph(
    todo.map((each) => ({
      id: each.id,
      after: each.after,
      run: () => runStep(each, steps, operation, options),
    })),
    {
      limit: options.parallel,
      signal: AbortSignal.any([options.signal, options.lost]),
      succeeded: (outcome) => outcome === "done",
    },
  );

  const failures = [...ends.values()].flatMap((end) => (end.state === "failed" ? [end.error] : []));
  const unsaved = failures.filter(isUnsaved);
  if (unsaved.length > 0) throw allUnsaved(unsaved);
  options.lost.throwIfAborted();
  for (const failure of failures) throw failure;
  const finished: Operation = {
    ...operation,
    steps: operation.steps.map((step) => steps.get(step.id) ?? step),
    status: statusOf([...steps.values()], options.signal),
    endedAt: options.now().toISOString(),
  };
  const grounds = await options.groundsAfter?.();
  trace("operation:closing", { operation: operation.id });
  await ledger.endOperation(options.lease, finished, options.recordAfter(finished.status), grounds);
  trace("operation:closed", { operation: operation.id });
  emit({ type: "operation:end", operation: operation.id, status: finished.status });
  return finished;
}

async function runStep(
  work: StepWork,
  steps: Map<string, OperationStep>,
  operation: Operation,
  options: RunOptions,
): Promise<Outcome> {
  const before = steps.get(work.id);
  if (before === undefined)
    throw new TerraneError("internal", `operation ${operation.id} has no step ${work.id}`);
  const begun: OperationStep = { ...before, outcome: "unknown", startedAt: options.now().toISOString() };
  await options.ledger.saveStep(options.lease, operation.id, begun);
  let failure: unknown;
  const result = await work.run().catch((error: unknown) => {
    failure = error;
    return failedStep(error);
  });
  const ended: OperationStep = {
    ...begun,
    outcome: result.outcome,
    // Those of an earlier attempt are in what it begins with.
    counts: addCounts([before.counts, result.counts]),
    resources: [...result.resources],
    endedAt: options.now().toISOString(),
    ...(result.message === undefined ? {} : { message: result.message }),
    ...(result.timings === undefined ? {} : { timings: result.timings }),
  };
  steps.set(work.id, ended);
  await options.ledger.saveStep(options.lease, operation.id, ended).catch((error: unknown) => {
    // That nobody could write it down follows from it, and says less.
    throw isUnsaved(failure) ? failure : error;
  });
  trace("step:ended", { operation: operation.id, step: work.id });
  return ended.outcome;
}

/** A step that throws has failed; the operation goes on with what does not wait for it. */
function failedStep(error: unknown): StepResult {
  return {
    outcome: "failed",
    counts: noChanges,
    resources: [],
    message: messageOf(error),
  };
}

function isUnsaved(error: unknown): error is TerraneError {
  return error instanceof TerraneError && error.code === "state-not-saved";
}

/** Of several stacks, what exists of each. */
function allUnsaved(errors: readonly TerraneError[]): TerraneError {
  const [first] = errors;
  if (first !== undefined && errors.length === 1) return first;
  return new TerraneError("state-not-saved", errors.map(messageOf).join("\n"), { cause: first });
}

function statusOf(steps: readonly OperationStep[], signal: AbortSignal): OperationStatus {
  if (steps.every((step) => step.outcome === "done")) return "succeeded";
  return signal.aborted && !isShortOfMemory(signal) ? "cancelled" : "failed";
}

/** Nobody wanted it to end. */
function isShortOfMemory({ reason }: AbortSignal): boolean {
  return reason instanceof TerraneError && reason.code === "out-of-memory";
}
