/** Everything that planning and applying one change of one environment works with. Made by `open-change.ts`. */

import type { RefreshResult } from "../../engine/refresh.ts";
import type {
  AdoptRequest,
  AdoptResult,
  ApplyResult,
  PolicyJudge,
  PreviewRequest,
  PreviewResult,
  ResourceEnd,
  UpRequest,
} from "../../engine/request.ts";
import type { LeftState } from "../../engine/settle.ts";
import type { CloudInventory } from "../../model/cloud-inventory.ts";
import type { Emit } from "../../model/event.ts";
import type { ResourceTiming } from "../../model/operation.ts";
import type { ComponentSources, StackPlan, StepAction } from "../../model/plan.ts";
import type { Program } from "../../model/program.ts";
import type { Resource } from "../../model/resource.ts";
import type { ComponentMove, StackGraph, StackSpec } from "../../model/spec.ts";
import type { StateAccess } from "../../model/state-access.ts";
import type { UpstreamOutputs } from "../../model/upstream.ts";
import type { Target } from "../../model/words.ts";
import type { StateStore } from "../../state/store.ts";
import type { Tenure } from "./tenure.ts";

/** The engine's verbs with everything filled in that does not differ from stack to stack. */
export interface ChangeEngine {
  preview(
    stack: string,
    access: StateAccess,
    request: Pick<PreviewRequest, "program" | "policy" | "keep">,
  ): Promise<PreviewResult>;
  up(
    stack: string,
    access: StateAccess,
    request: Pick<UpRequest, "program" | "policy" | "keep" | "expected" | "plan">,
  ): Promise<ApplyResult>;
  destroy(stack: string, access: StateAccess): Promise<ApplyResult>;
  /** Brings the state in line with what the clouds hold; changes nothing there. */
  refresh(stack: string, access: StateAccess): Promise<RefreshResult>;
  /** Ends what a killed engine left open in the state: what it made is taken into it, what it changed is read again. */
  adopt(stack: string, access: StateAccess, find: AdoptRequest["find"]): Promise<AdoptResult>;
  /** What the state proves of steps that a killed engine left open. */
  settle(ends: readonly ResourceEnd[], left: LeftState): readonly ResourceEnd[];
}

/** What a target's clouds tell of a resource type. */
export interface TypeFacts {
  /** Holds data that a replacement or deletion loses. */
  readonly stateful: boolean;
  /** False where nobody knows which change would replace it. */
  readonly replacementKnown: boolean;
}

/** What a plan is about. Reading it starts no engine and opens no cloud. */
export interface PlanSubject {
  readonly graph: StackGraph;
  readonly target: Target;
  /** Where the blueprint names each component; empty where the documents are gone. */
  readonly sources: ComponentSources;
  /** From where components may stand to where `graph` has them. */
  readonly moves: readonly ComponentMove[];
  readonly state: StateStore;
  typeFacts(type: string): TypeFacts;
  /** Digest of the programs that the plan is good for. */
  programs(): Promise<string>;
}

export interface Change extends PlanSubject {
  readonly engine: ChangeEngine;
  /** The Pulumi program of one stack. Reads the secret parameters when the first one is made: `destroy` needs none. */
  makeProgram(spec: StackSpec, upstream: UpstreamOutputs): Promise<Program>;
  judgeFor(spec: StackSpec): PolicyJudge;
  /** What rules that depend on time have looked at in the newest run of a stack's program. */
  dated(stack: string): readonly Resource[];
  /** Stack → outputs as the last change left them, with markers; those of stacks that are not there are missing. */
  recordedOutputs(): Promise<ReadonlyMap<string, StackPlan["outputs"]>>;
  readonly tenure: Tenure;
  /** Id of the operation that applies the change, should it come to that; the simulated clouds' clock counts by it. */
  readonly operation: string;
  /** What the operation would typically have taken at the real clouds; undefined on a live target. */
  virtualSeconds(): Promise<number | undefined>;
  /** What the clouds say there is. Absent where they cannot be asked in this release: on live targets. */
  readonly inventory?: CloudInventory;
  /** How long each kind of resource took on a stack since this was last asked. */
  timings(stack: string): readonly ResourceTiming[];
  /** Milliseconds that a type typically takes on this target; undefined where nobody knows, or nobody waits for it. */
  typicalTime(type: string, action: StepAction): number | undefined;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Stacks at work at once. */
  readonly parallel: number;
}
