/** What is known of a running operation, out of its events alone. Pure: event in, next state out. */
import type { EventBody } from "../../model/event.ts";
import type { Outcome } from "../../model/operation.ts";
import { type ChangeCounts, noChanges, type StepAction } from "../../model/plan.ts";
import { splitUrn } from "./names.ts";

export interface RunningResource {
  readonly urn: string;
  readonly action: StepAction;
  /** Milliseconds since 1970. */
  readonly since: number;
}

export interface StackProgress {
  readonly stack: string;
  readonly phase: string;
  readonly state: "waiting" | "running" | "unchanged" | Outcome;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** Changes ended so far. */
  readonly ended: number;
  /** Changes planned; undefined before a plan. */
  readonly planned?: number;
  readonly running: readonly RunningResource[];
  /** Milliseconds that the like of it took before; undefined where nobody knows. */
  readonly usual?: number;
  readonly counts: ChangeCounts;
}

export interface ProgressState {
  readonly stage: "planning" | "applying";
  readonly startedAt: number;
  /** When the stage began. */
  readonly stageStartedAt: number;
  readonly stacks: readonly StackProgress[];
  readonly usual: UsualTimes;
}

/** How long things took before, milliseconds. */
export interface UsualTimes {
  readonly operation?: number;
  /** By phase and stack. */
  readonly stacks: ReadonlyMap<string, number>;
  /** By {@link usualKey}. */
  readonly resources: ReadonlyMap<string, number>;
}

export function usualKey(type: string, action: StepAction): string {
  return `${action} ${type}`;
}

export function startProgress(at: number): ProgressState {
  return { stage: "planning", startedAt: at, stageStartedAt: at, stacks: [], usual: nothingUsual };
}

const nothingUsual: UsualTimes = { stacks: new Map(), resources: new Map() };

/** Rows for stacks that are known to come, with the number of changes each will see. */
export function expectStacks(
  state: ProgressState,
  stacks: readonly { readonly stack: string; readonly phase: string; readonly changes: number }[],
  at: number,
): ProgressState {
  return {
    ...state,
    stage: "applying",
    stageStartedAt: at,
    stacks: stacks.map(({ stack, phase, changes }) => ({
      ...waiting(stack, phase),
      planned: changes,
    })),
  };
}

/** The state after an event. Events that say nothing about progress leave it as it is. */
export function nextProgress(state: ProgressState, event: EventBody, at: number): ProgressState {
  switch (event.type) {
    case "operation:expected":
      return expectTimes(state, event);
    case "stack:start": {
      const ready =
        event.verb !== "preview" && state.stage === "planning"
          ? { ...state, stage: "applying" as const, stageStartedAt: at, stacks: [] }
          : state;
      return change(ready, event.stack, event.phase, (row) => ({ ...row, state: "running", startedAt: at }));
    }
    case "stack:end":
      return change(state, event.stack, event.phase, (row) => ({
        ...row,
        state: event.outcome,
        endedAt: at,
        running: [],
        counts: event.counts,
      }));
    case "stack:unchanged":
      return change(state, event.stack, event.phase, (row) => ({ ...row, state: "unchanged", endedAt: at }));
    case "resource:start":
      // A component is at work only while something of it is.
      if (splitUrn(event.urn).type.startsWith("terrane:")) return state;
      return changeRunning(state, event.stack, (row) => ({
        ...row,
        running: [...row.running, { urn: event.urn, action: event.action, since: at }],
      }));
    case "resource:end":
      return changeRunning(state, event.stack, (row) => ({
        ...row,
        running: row.running.filter((resource) => resource.urn !== event.urn),
        ended: row.ended + (event.outcome === "done" && event.action !== "same" ? 1 : 0),
      }));
    default:
      return state;
  }
}

function expectTimes(
  state: ProgressState,
  event: Extract<EventBody, { type: "operation:expected" }>,
): ProgressState {
  const usual: UsualTimes = {
    stacks: new Map(event.stacks.map((each) => [`${each.phase}:${each.stack}`, each.milliseconds])),
    resources: new Map(event.resources.map((each) => [usualKey(each.type, each.action), each.milliseconds])),
    ...(event.milliseconds === undefined ? {} : { operation: event.milliseconds }),
  };
  return { ...state, usual, stacks: state.stacks.map((row) => withUsual(row, usual)) };
}

function withUsual(row: StackProgress, usual: UsualTimes): StackProgress {
  const milliseconds = usual.stacks.get(`${row.phase}:${row.stack}`);
  return milliseconds === undefined ? row : { ...row, usual: milliseconds };
}

/** Resources at work now, in all stacks. */
export function runningResources(state: ProgressState): readonly RunningResource[] {
  return state.stacks.flatMap((row) => row.running);
}

function waiting(stack: string, phase: string): StackProgress {
  return { stack, phase, state: "waiting", ended: 0, running: [], counts: noChanges };
}

function change(
  state: ProgressState,
  stack: string,
  phase: string,
  next: (row: StackProgress) => StackProgress,
): ProgressState {
  const known = state.stacks.some((row) => row.stack === stack && row.phase === phase);
  const stacks = known ? state.stacks : [...state.stacks, withUsual(waiting(stack, phase), state.usual)];
  return {
    ...state,
    stacks: stacks.map((row) => (row.stack === stack && row.phase === phase ? next(row) : row)),
  };
}

// Events of resources name no phase: they belong to the phase that is running.
function changeRunning(
  state: ProgressState,
  stack: string,
  next: (row: StackProgress) => StackProgress,
): ProgressState {
  return {
    ...state,
    stacks: state.stacks.map((row) => (row.stack === stack && row.state === "running" ? next(row) : row)),
  };
}
