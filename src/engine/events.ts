/**
 * Follows the engine's events of one operation: what each step was, how it ended, and in whose words it failed.
 * Tells the caller as it goes. Knows nothing of processes.
 */
import type { Emit, EventBody } from "../model/event.ts";
import { addCounts, noChanges, type ChangeCounts, type Step, type StepAction } from "../model/plan.ts";
import { type EngineEvent, engineEventSchema, type StepMetadata } from "./event-schema.ts";
import { toStep } from "./steps.ts";
import type { ResourceEnd } from "./request.ts";
import { cleanMessage, joinMessages } from "./words.ts";

export interface EventFollower {
  /** Takes one engine event as it came over the wire. Never throws. */
  readonly take: (event: unknown) => void;
  /** Steps in the order the engine came to them. */
  readonly steps: () => readonly Step[];
  /** What was done. */
  readonly counts: () => ChangeCounts;
  /** How each step that was begun ended; `unknown` where nobody said. */
  readonly ends: () => readonly ResourceEnd[];
  /** Errors in the engine's and the clouds' words, each once; empty when there were none. */
  readonly errors: () => string;
}

interface Begun {
  readonly urn: string;
  readonly action: StepAction;
  readonly op: string;
  outcome: "done" | "failed" | "unknown";
}

export interface FollowOptions {
  readonly stack: string;
  readonly emit: Emit;
  /** Told of every step before its provider is asked, as far as the engine's events are in time. */
  readonly onStep?: (urn: string, action: StepAction) => void;
}

const rootType = "pulumi:pulumi:Stack";

export function followEvents(options: FollowOptions): EventFollower {
  const steps = new Map<string, Step>();
  const begun = new Map<string, Begun>();
  const errorsByUrn = new Map<string, string[]>();

  const tell = (event: EventBody) => {
    try {
      options.emit(event);
    } catch {
      // A listener's trouble is not the operation's.
    }
  };
  const addError = (urn: string, message: string) => {
    const messages = errorsByUrn.get(urn) ?? [];
    if (!messages.includes(message)) messages.push(message);
    errorsByUrn.set(urn, messages);
  };

  const begin = (metadata: StepMetadata) => {
    const action = toAction(metadata.op);
    if (action === undefined || metadata.type === rootType) return;
    if (metadata.op !== "delete-replaced") {
      const step = toStep(metadata, action);
      steps.set(metadata.urn, step);
    }
    if (metadata.op === "replace") return;
    begun.set(keyOf(metadata), { urn: metadata.urn, action, op: metadata.op, outcome: "unknown" });
    options.onStep?.(metadata.urn, action);
    if (action !== "same") {
      tell({ type: "resource:start", stack: options.stack, urn: metadata.urn, action });
    }
  };

  const end = (metadata: StepMetadata, outcome: "done" | "failed") => {
    const action = toAction(metadata.op);
    if (action === undefined || metadata.type === rootType || metadata.op === "replace") return;
    const entry = begun.get(keyOf(metadata));
    if (entry !== undefined && entry.outcome !== "failed") entry.outcome = outcome;
    if (action === "same") return;
    const message = outcome === "failed" ? joinMessages(errorsByUrn.get(metadata.urn) ?? []) : "";
    tell({
      type: "resource:end",
      stack: options.stack,
      urn: metadata.urn,
      action,
      outcome,
      ...(message === "" ? {} : { message }),
    });
  };

  const diagnose = ({ urn, message, severity, ephemeral }: NonNullable<EngineEvent["diagnosticEvent"]>) => {
    if (ephemeral === true || severity === "debug") return;
    const text = cleanMessage(message);
    if (text === "") return;
    const level = severity === "error" ? "error" : severity === "warning" ? "warning" : "info";
    const about = urn === undefined || urn === null || urn === "" ? undefined : urn;
    if (level === "error") addError(about ?? "", text);
    tell({
      type: "diagnostic",
      stack: options.stack,
      severity: level,
      message: text,
      ...(about === undefined ? {} : { urn: about }),
    });
  };

  return {
    take: (raw) => {
      const parsed = engineEventSchema.safeParse(raw);
      if (!parsed.success) return;
      const event = parsed.data;
      if (event.resourcePreEvent !== undefined) begin(event.resourcePreEvent.metadata);
      if (event.resOutputsEvent !== undefined) end(event.resOutputsEvent.metadata, "done");
      if (event.resOpFailedEvent !== undefined) end(event.resOpFailedEvent.metadata, "failed");
      if (event.diagnosticEvent !== undefined) diagnose(event.diagnosticEvent);
    },
    steps: () => [...steps.values()],
    counts: () => addCounts([...begun.values()].filter((each) => each.outcome === "done").map(countOf)),
    ends: () =>
      mergeByUrn([...begun.values()]).map(({ urn, action, outcome }): ResourceEnd => {
        if (outcome === "done") return { urn, action, outcome };
        const message = joinMessages(errorsByUrn.get(urn) ?? []);
        return { urn, action, outcome, ...(message === "" ? {} : { message }) };
      }),
    errors: () => joinMessages([...errorsByUrn.values()].flat()),
  };
}

/** A replacement is several steps of one resource: the worst end counts, and whatever changes it beats `same`. */
function mergeByUrn(entries: readonly Begun[]): Begun[] {
  const badness = { done: 0, unknown: 1, failed: 2 } as const;
  const merged = new Map<string, Begun>();
  for (const entry of entries) {
    const other = merged.get(entry.urn);
    if (other === undefined) {
      merged.set(entry.urn, entry);
      continue;
    }
    const worse = badness[entry.outcome] > badness[other.outcome] ? entry.outcome : other.outcome;
    const action = other.action === "same" ? entry.action : other.action;
    merged.set(entry.urn, { ...entry, action, outcome: worse });
  }
  return [...merged.values()];
}

function keyOf(metadata: StepMetadata): string {
  return `${metadata.op} ${metadata.urn}`;
}

/** Source of the operation names: `sdk/go/common/apitype/history.go` of 3.250.0. */
function toAction(op: string): StepAction | undefined {
  switch (op) {
    case "same":
    case "create":
    case "update":
    case "delete":
    case "replace":
    case "read":
    case "import":
    case "refresh":
      return op;
    case "create-replacement":
    case "delete-replaced":
    case "import-replacement":
      return "replace";
    case "read-replacement":
      return "read";
    default:
      return undefined;
  }
}

function countOf({ action, op }: Begun): ChangeCounts {
  switch (action) {
    case "create":
    case "update":
    case "delete":
    case "same":
      return { ...noChanges, [action]: 1 };
    case "replace":
      // A replacement is two steps; it counts once, when the new resource is there.
      return op === "delete-replaced" ? noChanges : { ...noChanges, replace: 1 };
    case "import":
      return { ...noChanges, create: 1 };
    case "read":
    case "refresh":
      return { ...noChanges, same: 1 };
  }
}
