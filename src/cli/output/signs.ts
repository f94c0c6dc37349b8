/** Signs of actions and outcomes: never colour alone. */
import type { OperationStatus, Outcome } from "../../model/operation.ts";
import type { StepAction } from "../../model/plan.ts";
import type { Style } from "./line.ts";

const actions: { readonly [A in StepAction]: { readonly sign: string; readonly style: Style } } = {
  create: { sign: "+", style: "create" },
  update: { sign: "~", style: "update" },
  replace: { sign: "±", style: "replace" },
  delete: { sign: "-", style: "delete" },
  same: { sign: "=", style: "faint" },
  read: { sign: "<", style: "faint" },
  import: { sign: ">", style: "create" },
  refresh: { sign: "<", style: "faint" },
};

export function actionSign(action: StepAction): string {
  return actions[action].sign;
}

export function actionStyle(action: StepAction): Style {
  return actions[action].style;
}

const outcomes: {
  readonly [O in Outcome]: { readonly sign: string; readonly text: string; readonly style: Style };
} = {
  done: { sign: "✓", text: "done", style: "good" },
  failed: { sign: "✗", text: "failed", style: "error" },
  "not-started": { sign: "·", text: "not started", style: "faint" },
  unknown: { sign: "?", text: "unknown", style: "warning" },
};

export function outcomeSign(outcome: Outcome): string {
  return outcomes[outcome].sign;
}

export function outcomeText(outcome: Outcome): string {
  return outcomes[outcome].text;
}

export function outcomeStyle(outcome: Outcome): Style {
  return outcomes[outcome].style;
}

const operations: { readonly [S in OperationStatus]: Style } = {
  running: "accent",
  succeeded: "good",
  failed: "error",
  cancelled: "warning",
  interrupted: "warning",
};

export function operationStyle(status: OperationStatus): Style {
  return operations[status];
}
