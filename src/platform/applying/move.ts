/**
 * Makes the planned moves, and sets aside what is to be replaced: one step of the operation, before all others, over
 * all stacks at once.
 */
import type { Ledger } from "../../ledger/ledger.ts";
import type { OperationStep } from "../../model/operation.ts";
import { noChanges } from "../../model/plan.ts";
import type { StateMoves } from "../../state/store.ts";
import { moveOutputs } from "../planning/plan-moves.ts";
import type { Change } from "./change.ts";
import { newStep, stepId } from "./new-operation.ts";
import type { StepResult, StepWork } from "./run-operation.ts";

interface Moving {
  readonly change: Change;
  /** What is left to make; an operation that broke off may have made all of it. */
  readonly moves: StateMoves | undefined;
}

/** None where nothing may stand elsewhere. */
export function moveSteps(moving: Moving): OperationStep[] {
  return isNeeded(moving) ? [newStep(moving.change.graph.environment.name, "move")] : [];
}

export function moveWork(moving: Moving & { readonly ledger: Ledger }): StepWork[] {
  const { change, ledger, moves } = moving;
  const { name } = change.graph.environment;
  if (!isNeeded(moving)) return [];
  const run = async (): Promise<StepResult> => {
    if (moves !== undefined) await change.state.move(moves, change.tenure.lease);
    await moveOutputs(ledger, change.tenure.lease, name, change.moves);
    return { outcome: "done", counts: noChanges, resources: [] };
  };
  return [{ id: stepId("move", name), after: [], run }];
}

function isNeeded({ change, moves }: Moving): boolean {
  return change.moves.length > 0 || moves !== undefined;
}
