/**
 * Events of an operation, named `subject:step:outcome`. They feed the terminal, `--json-lines`, logs and, later, the
 * service's event stream; nobody derives the truth from them, that stands in the ledger.
 */
import type { Finding } from "./finding.ts";
import type { Operation, Outcome } from "./operation.ts";
import type { ChangeCounts, StepAction } from "./plan.ts";

interface Base {
  /** ISO 8601, UTC. */
  readonly at: string;
}

export type TerraneEvent = Base &
  (
    | {
        readonly type: "operation:start";
        readonly operation: string;
        readonly kind: Operation["kind"];
        readonly environment: string;
        readonly stacks: readonly string[];
      }
    /** How long the like of what is to come took before, milliseconds. What nobody knows is left out. */
    | {
        readonly type: "operation:expected";
        readonly operation: string;
        /** The whole operation, along the longest way through its stacks. */
        readonly milliseconds?: number;
        readonly stacks: readonly {
          readonly stack: string;
          readonly phase: string;
          readonly milliseconds: number;
        }[];
        readonly resources: readonly {
          readonly type: string;
          readonly action: StepAction;
          readonly milliseconds: number;
        }[];
      }
    | { readonly type: "operation:end"; readonly operation: string; readonly status: Operation["status"] }
    | {
        readonly type: "stack:start";
        readonly stack: string;
        readonly phase: string /** `preview` for a plan. */;
        readonly verb: "preview" | "up" | "destroy" | "refresh";
      }
    | {
        readonly type: "stack:end";
        readonly stack: string;
        readonly phase: string;
        readonly verb: "preview" | "up" | "destroy" | "refresh";
        readonly outcome: Outcome;
        readonly counts: ChangeCounts;
        readonly milliseconds: number;
        readonly message?: string;
      }
    /** Nothing differs from the last applied spec, so no engine was started. */
    | { readonly type: "stack:unchanged"; readonly stack: string; readonly phase: string }
    | {
        readonly type: "resource:start";
        readonly stack: string;
        readonly urn: string;
        readonly action: StepAction;
      }
    | {
        readonly type: "resource:end";
        readonly stack: string;
        readonly urn: string;
        readonly action: StepAction;
        readonly outcome: "done" | "failed";
        readonly message?: string;
      }
    | { readonly type: "finding"; readonly stack: string; readonly finding: Finding }
    | {
        readonly type: "diagnostic";
        readonly stack: string;
        readonly severity: "info" | "warning" | "error";
        readonly message: string;
        readonly urn?: string;
      }
  );

/** Distributes over the union, so that each event keeps its own fields. */
type WithoutTime<E> = E extends unknown ? Omit<E, "at"> : never;
export type EventBody = WithoutTime<TerraneEvent>;
export type Emit = (event: EventBody) => void;
