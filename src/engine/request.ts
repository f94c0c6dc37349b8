/** What the engine's verbs are asked and what they answer. Only types: knows nothing of how an engine is run. */
import type { TerraneError } from "../errors.ts";
import type { BegunCreate } from "../model/cloud-inventory.ts";
import type { Emit } from "../model/event.ts";
import type { Finding } from "../model/finding.ts";
import type { Outcome, ResourceOutcome } from "../model/operation.ts";
import type { ChangeCounts, Step } from "../model/plan.ts";
import type { Program } from "../model/program.ts";
import type { Resource } from "../model/resource.ts";
import type { StackOutputs } from "../model/spec.ts";
import type { StateAccess } from "../model/state-access.ts";
import type { FoundEngine } from "./find.ts";

/** Rules asked by the engine itself, before it does anything with a resource. */
export interface PolicyJudge {
  /** Verdicts on one resource. Throwing stops the operation: nothing goes on unjudged. */
  readonly judge: (resource: Resource) => readonly Finding[];
  /** Verdicts that need all resources of the stack; asked once at the end. */
  readonly judgeStack?: (resources: readonly Resource[]) => readonly Finding[];
}

/**
 * A preview in the engine's own words, for an `up` that must not go beyond it. JSON only; secrets in it are encrypted
 * with the stack's key. Valid as long as the stack's state is the one that was previewed.
 */
export interface EnginePlan {
  /** Pulumi's update plan: every resource with the inputs and the steps it is held to. */
  readonly plan: string;
  /** The stack's settings file that holds the salt of that key; absent where the state has it already. */
  readonly settings?: string;
}

/** What every engine operation needs. */
export interface EngineRequest {
  /** `<environment>.<site>.<domain>` */
  readonly stack: string;
  readonly state: StateAccess;
  readonly engine: FoundEngine;
  /** TERRANE_HOME, absolute: the engine's own home is `pulumi` below it. */
  readonly home: string;
  /** Gets `resource:*`, `finding` and `diagnostic` events. An exception of it ends nothing. */
  readonly emit: Emit;
  /** Aborted once: the engine finishes the steps it has begun and starts no more. */
  readonly signal: AbortSignal;
  /** Aborted: the engine is killed at once; what was running is then unknown. */
  readonly force?: AbortSignal;
  /**
   * Milliseconds between asking the engine to end and killing it. Default 30,000 with `providers` on this machine;
   * without them none, since a real cloud takes its time and a killed create is one that nobody knows of.
   */
  readonly grace?: number;
  /** Told the process id of every engine started: it leads a process group of its own. */
  readonly onEngineStart?: (pid: number) => void;
  /**
   * Asked before an engine begins: its process waits until this has resolved, and ends without having become an engine
   * where it rejects, or where our process is gone first. So whoever takes over after us finds every engine on record.
   */
  readonly putOnRecord?: (pid: number) => Promise<void>;
  /** Plugin name → port of a provider on this machine that serves it. With any, plugins are never downloaded. */
  readonly providers?: Readonly<Record<string, number>>;
  /** Largest number of resource operations at once. Default 64. */
  readonly parallel?: number;
  /**
   * Variables that the engine and its plugins may see: `selectEnvironment` picks them from a caller's. Nothing else
   * of this process's environment reaches them.
   */
  readonly environment: Readonly<Record<string, string>>;
}

export interface ProgramRequest extends EngineRequest {
  readonly program: Program;
  readonly policy?: PolicyJudge;
  /**
   * Keep stack traces, the SDK's leak detector, its source positions and debug messages while the program runs, for
   * whoever debugs one; costs half as much CPU again and twice the memory. Default false. Of programs that run at once
   * the first one decides on the stack traces.
   */
  readonly traces?: boolean;
  /** URNs of resources that stay as they are, although the program lacks them. */
  readonly keep?: readonly string[];
}

export interface PreviewRequest extends ProgramRequest {}

export interface UpRequest extends ProgramRequest {
  /**
   * What is applied, from the preview of the very same state. The engine refuses, before any provider is asked to
   * change something: a resource that the plan does not name, an input that differs from a planned known one, a step
   * beyond the planned one (less is fine: same instead of update). Error code then: `plan-stale`.
   */
  readonly plan?: EnginePlan;
  /**
   * Steps of a preview of another state of the stack, such as that of a later phase: weaker than `plan`. A resource
   * that they do not name is refused before its provider is asked for anything; an action that they do not name ends
   * the operation when the engine announces it, so that this first step may reach the cloud. Beside `plan` they only
   * tell what was not started.
   */
  readonly expected?: readonly Pick<Step, "urn" | "action">[];
}

export interface DestroyRequest extends EngineRequest {}
export interface RefreshRequest extends EngineRequest {}

export interface AdoptRequest extends EngineRequest {
  /**
   * Id of what a create that was begun has made; undefined where it has made nothing. An exception of it ends the
   * adoption, and the state stays as it is.
   */
  readonly find: (begun: BegunResource) => Promise<string | undefined>;
}

/** A create that was begun and whose end nobody recorded. */
export interface BegunResource extends BegunCreate {
  /** Ids of the same type that the state knows already: its predecessor, where it is a replacement. */
  readonly known: ReadonlySet<string>;
}

/** What became of a create that was begun. */
export interface Adopted {
  readonly urn: string;
  /** Absent: it had made nothing. */
  readonly id?: string;
}

export interface AdoptResult extends ApplyResult {
  readonly creates: readonly Adopted[];
}

export interface PreviewResult {
  /** In the order the engine came to them; the stack's own root is left out. Resources that stay as they are have action `same`. */
  readonly steps: readonly Step[];
  readonly counts: ChangeCounts;
  /** Outputs as far as they are known before `up`. */
  readonly outputs: StackOutputs;
  readonly findings: readonly Finding[];
  /** Whether the program asked a provider for what no state holds: another run on the same ground may differ. */
  readonly hasAsked: boolean;
  /** Holds `upStack` to this preview. */
  readonly plan: EnginePlan;
}

/** How the engine's process ended. */
export interface EngineExit {
  /** Absent when a signal ended it, or it never started. */
  readonly code?: number;
  readonly signal?: string;
  /** Who ended it: nobody, a caller's first wish, or a caller's second (or the end of the grace). */
  readonly stopped: "no" | "asked" | "forced";
}

/** What became of one resource. `done` ones are included. */
export type ResourceEnd =
  | ResourceOutcome
  | { readonly urn: string; readonly action: Step["action"]; readonly outcome: "done" };

export interface ApplyResult {
  readonly outcome: Extract<Outcome, "done" | "failed">;
  /** What was done, not what was planned. */
  readonly counts: ChangeCounts;
  readonly resources: readonly ResourceEnd[];
  /** Complete when `outcome` is `done`; otherwise what had become known. */
  readonly outputs: StackOutputs;
  readonly findings: readonly Finding[];
  /** As of a preview. Absent where no program ran. */
  readonly hasAsked?: boolean;
  readonly exit: EngineExit;
  /** Why it failed: `engine-failed`, `engine-died`, `denied-by-policy`, `policy-unavailable`, `plan-stale`, `cancelled`, … */
  readonly error?: TerraneError;
}
