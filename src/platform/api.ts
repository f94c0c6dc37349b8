/** The answers of the use cases, shared by the command line, the service and library users. */
import type { Problem } from "../errors.ts";
import type { AuditHead } from "../model/audit.ts";
import type { Emit } from "../model/event.ts";
import type { Finding } from "../model/finding.ts";
import type { Operation } from "../model/operation.ts";
import type { Plan, PropertyChange } from "../model/plan.ts";
import type { EnvironmentRecord } from "../model/record.ts";
import type { Resource } from "../model/resource.ts";
import type { Target } from "../model/words.ts";
import type { Value } from "../values/value.ts";

export type * from "./inspection.ts";
export type * from "./recovery/recovery-report.ts";
export type * from "./saved-state.ts";

/** One stack of a graph. */
export interface StackSummary {
  readonly name: string;
  readonly site: string;
  readonly domain: string;
  readonly components: readonly { readonly name: string; readonly type: string }[];
  readonly dependsOn: readonly string[];
}

/** What validation found. */
export interface ValidationReport {
  readonly documents: readonly { readonly file: string; readonly kind: string; readonly name: string }[];
  /** Errors and warnings, sorted by position; at most 100. */
  readonly problems: readonly Problem[];
  /** Problems beyond the first 100. */
  readonly omitted: number;
  /** One graph per environment, and one per blueprint that no environment uses (as class `dev`). */
  readonly graphs: readonly {
    readonly of: "environment" | "blueprint";
    readonly name: string;
    readonly stacks: readonly StackSummary[];
  }[];
  /** Of each environment with a sound schedule. */
  readonly schedules: readonly ScheduledHours[];
}

/** When an environment comes up and goes down next. */
export interface ScheduledHours {
  readonly environment: string;
  readonly timeZone: string;
  /** Instants in UTC, as `2026-11-23T06:00:00.000Z`, three of each. */
  readonly up: readonly string[];
  readonly down: readonly string[];
}

/** What an environment asks for, and what the policies say of it. */
export interface RenderedEnvironment {
  readonly environment: string;
  readonly target: Target;
  readonly provisional: boolean;
  readonly stacks: readonly { readonly name: string; readonly resources: readonly Resource[] }[];
  readonly findings: readonly Finding[];
}

export interface ChangeOptions {
  readonly emit: Emit;
  /** Aborted once: finish what is running, start nothing more. */
  readonly signal: AbortSignal;
  /** Aborted: stop at once; what was running is then unknown. */
  readonly force?: AbortSignal;
  /** Largest number of stacks at work at once. */
  readonly parallel?: number;
  /** Ask the engine also of stacks that stand on unchanged ground. Default false. */
  readonly full?: boolean;
}

export interface ApplyOptions extends ChangeOptions {
  /**
   * Asked once, after planning, when something would change. False: nothing is touched. `dataLoss` are the components
   * (`orders@virginia`) of a prod environment whose data the plan would lose and that `allowDataLoss` does not name:
   * a bare yes is not enough for them, whoever answers names each of them.
   */
  readonly confirm: (plan: Plan, dataLoss: readonly string[]) => Promise<boolean | readonly string[]>;
  /** Components (`orders@virginia`) whose data may be lost in prod, named beforehand. */
  readonly allowDataLoss?: readonly string[];
  /** Who starts it, for the record. */
  readonly startedBy: string;
  /** Fixed when the environment is created; later a different one is refused. Default: simulated. */
  readonly target?: Target;
}

/** Site → component → output → value; secrets as markers. */
export type EnvironmentOutputs = {
  readonly [site: string]: { readonly [component: string]: { readonly [output: string]: Value } };
};

/** How an up or a destroy ended. */
export interface ApplyResult {
  readonly plan: Plan;
  /** `unchanged`: nothing to do. `declined`: the answer was no. */
  readonly result: "succeeded" | "failed" | "cancelled" | "unchanged" | "declined";
  readonly operation?: Operation;
  readonly outputs: EnvironmentOutputs;
  /** Resources that exist now, by stack. */
  readonly resources: { readonly [stack: string]: number };
  /** Simulated clouds only: what the real ones would typically have taken, seconds; 0 when nothing was done. */
  readonly virtualSeconds?: number;
  /** The command that goes on from here, ready to paste. */
  readonly next?: string;
}

export interface RefreshOptions extends ChangeOptions {
  /** Who starts it, for the record. */
  readonly startedBy: string;
}

/** Something that other hands have done to a resource: the state knows it from now on. */
export interface FoundChange {
  readonly stack: string;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly kind: "changed" | "gone";
  /** What the state had before, and what the cloud has. Empty where the resource is gone. */
  readonly changes: readonly PropertyChange[];
}

/** How a refresh ended, and what it found. */
export interface RefreshResult {
  readonly result: "succeeded" | "failed" | "cancelled";
  readonly environment: string;
  readonly target: Target;
  readonly found: readonly FoundChange[];
  readonly operation: Operation;
  /** Resources that exist now, by stack. */
  readonly resources: { readonly [stack: string]: number };
  /** The command that goes on from here, ready to paste. */
  readonly next?: string;
}

/** An environment on record. */
export interface EnvironmentStatus {
  readonly record: EnvironmentRecord;
  readonly resources: { readonly [stack: string]: number };
  /** Newest operation. */
  readonly operation?: Operation;
  /** Who is at work on it, or was when its process ended; absent while nobody holds it. */
  readonly lease?: HeldLease;
  /**
   * When its clouds were last read, object by object: the end of the newest refresh, ISO 8601. What others changed since
   * is not known. Absent where it never was.
   */
  readonly readAt?: string;
  /** The command that goes on, ready to paste; absent where nothing is left to do or somebody is at it. */
  readonly next?: string;
}

/** Who holds an environment. */
export interface HeldLease {
  /** What is typed to take it away by force. */
  readonly operation: string;
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** ISO 8601. */
  readonly since: string;
  /** `dead`: its process is gone; `expired`: not heard of for too long. Either way the next command takes over. */
  readonly state: "alive" | "dead" | "expired";
  /** Milliseconds since it was last heard of. */
  readonly silence: number;
  /** Milliseconds until it can be taken over if it is not heard of again. */
  readonly freeIn: number;
  /** Who has asked it to stop. */
  readonly asked?: string;
}

export type { AuditHead, AuditRecord, AuditVerdict } from "../model/audit.ts";

export interface AuditRequest {
  /** Name or file; default: every environment, and what belongs to none. */
  readonly environment?: string;
  /** Largest number of records. Default 50. */
  readonly limit?: number;
}

export interface AcceptRequest {
  /** The last record of the ledger, as the refusal showed it. */
  readonly head: AuditHead;
  /** Who accepts, for the record. */
  readonly startedBy: string;
}

/** A database that was put back, and counts from now on. */
export interface AcceptedLedger {
  /** What this machine had seen, and the ledger no longer holds. */
  readonly over: AuditHead & { readonly at: string };
  /** The last record from here on: the acceptance. */
  readonly head: AuditHead;
  /** Environments on record: each is held against its clouds by the next command. */
  readonly environments: readonly string[];
}

/** One thing that terrane stands on. */
export interface DoctorCheck {
  readonly name: string;
  readonly status: "ok" | "warning" | "problem";
  readonly value: string;
  /** Where the value comes from: `flag`, `TERRANE_HOME`, `terrane.yaml`, `default`. */
  readonly origin?: string;
  readonly next?: string;
}

/** What runs here. */
export interface VersionReport {
  readonly terrane: string;
  readonly node: string;
  readonly engine: { readonly pinned: string; readonly found?: string; readonly path?: string };
  readonly sdks: { readonly [name: string]: string };
}

/** An object of the simulated clouds as people see it. */
export type { SimulatedObject as CloudObject } from "../simulator/by-hand.ts";

/** Which objects of the simulated clouds are wanted; absent fields fit all. */
export interface CloudFilter {
  readonly cloud?: string;
  readonly region?: string;
  /** Part of the type. */
  readonly type?: string;
  /** Value of the tag `terrane:environment`. */
  readonly environment?: string;
}

export interface LockRequest {
  /** Name or file; undefined: every environment. */
  readonly environment?: string | undefined;
  /** Moves to the highest version within the range, also where the lock still fits. */
  readonly update: boolean;
}

/** What became of the lock of one environment. */
export interface LockedEnvironment {
  readonly environment: string;
  readonly blueprint: string;
  readonly version: string;
  /** The version it was locked to. */
  readonly before?: string;
  /** `renewed`: another text of the same version. */
  readonly change: "new" | "moved" | "renewed" | "none";
  /** Where the blueprint stands, for people. */
  readonly source: string;
  /** The lock file, relative to where the user stands. */
  readonly file: string;
}
