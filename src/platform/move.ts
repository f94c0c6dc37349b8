/** Makes the planned moves: one step of the operation, before all others, over all stacks at once. */
import type { Ledger } from "../ledger/ledger.ts";
import type { OperationStep } from "../model/operation.ts";
import { noChanges } from "../model/plan.ts";
import type { Change } from "./change.ts";
import { newStep, stepId } from "./new-operation.ts";
import { moveOutputs, type PlannedMoves } from "./plan-moves.ts";
import type { StepResult, StepWork } from "./run-operation.ts";

/** None where nothing may stand elsewhere. */
export function moveSteps({ graph, moves }: Change): OperationStep[] {
  return moves.length === 0 ? [] : [newStep(graph.environment.name, "move")];
}

export function moveWork(parts: {
  readonly change: Change;
  readonly ledger: Ledger;
  /** What is left to make; an operation that broke off may have made all of it. */
  readonly moves: PlannedMoves | undefined;
}): StepWork[] {
  const { change, ledger, moves } = parts;
  const { name } = change.graph.environment;
  if (change.moves.length === 0) return [];
  const run = async (): Promise<StepResult> => {
    if (moves !== undefined) await change.state.move(moves.states);
    await moveOutputs(ledger, name, change.moves);
    return { outcome: "done", counts: noChanges, resources: [] };
  };
  return [{ id: stepId("move", name), after: [], run }];
}
