/**
 * Follows the engine's events of one operation: what each step was, how it ended, and in whose words it failed.
 * Tells the caller as it goes. Knows nothing of processes.
 */
import type { Emit, EventBody } from "../model/event.ts";
import { type ChangeCounts, countSteps, type Step, type StepAction } from "../model/plan.ts";
import { type EngineEvent, engineEventSchema, type StepMetadata } from "./event-schema.ts";
import type { ResourceEnd } from "./request.ts";
import { toFoundStep, toStep } from "./steps.ts";
import { cleanMessage, joinMessages, lessThanPlanned } from "./words.ts";

interface Begun {
  readonly urn: string;
  action: StepAction;
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

export class EventFollower {
  readonly #options: FollowOptions;
  readonly #steps = new Map<string, Step>();
  readonly #begun = new Map<string, Begun>();
  readonly #errorsByUrn = new Map<string, string[]>();

  constructor(options: FollowOptions) {
    this.#options = options;
  }

  /** Takes one engine event as it came over the wire. Never throws. */
  take(raw: unknown): void {
    const parsed = engineEventSchema.safeParse(raw);
    if (!parsed.success) return;
    const event = parsed.data;
    if (event.resourcePreEvent !== undefined) this.#begin(event.resourcePreEvent.metadata);
    if (event.resOutputsEvent !== undefined) this.#end(event.resOutputsEvent.metadata, "done");
    if (event.resOpFailedEvent !== undefined) this.#end(event.resOpFailedEvent.metadata, "failed");
    if (event.diagnosticEvent !== undefined) this.#diagnose(event.diagnosticEvent);
  }

  /** Steps in the order the engine came to them. */
  steps(): readonly Step[] {
    return [...this.#steps.values()];
  }

  /** What was done. */
  counts(): ChangeCounts {
    // A replacement is two steps; it counts once, when the new resource is there.
    const isCounted = ({ outcome, op }: Begun) => outcome === "done" && op !== "delete-replaced";
    return countSteps([...this.#begun.values()].filter(isCounted));
  }

  /** How each resource ended whose step was begun; `unknown` where nobody said. */
  ends(): readonly ResourceEnd[] {
    return mergeByUrn([...this.#begun.values()]).map(({ urn, action, outcome }): ResourceEnd => {
      if (outcome === "done") return { urn, action, outcome };
      const message = this.#wordsAbout(urn);
      return { urn, action, outcome, ...(message === "" ? {} : { message }) };
    });
  }

  /** Errors in the engine's and the clouds' words, each once; empty when there were none. */
  errors(): string {
    return joinMessages([...this.#errorsByUrn.values()].flat());
  }

  #begin(metadata: StepMetadata): void {
    const action = toAction(metadata.op);
    if (action === undefined || metadata.type === rootType) return;
    if (metadata.op !== "delete-replaced") this.#steps.set(metadata.urn, this.#toStep(metadata, action));
    if (metadata.op === "replace") return;
    this.#begun.set(keyOf(metadata), { urn: metadata.urn, action, op: metadata.op, outcome: "unknown" });
    this.#options.onStep?.(metadata.urn, action);
    // A look at what is there changes nothing.
    if (action === "same" || action === "refresh") return;
    this.#tell({ type: "resource:start", stack: this.#options.stack, urn: metadata.urn, action });
  }

  #toStep(metadata: StepMetadata, action: StepAction): Step {
    const step = toStep(metadata, action);
    const isFirst = this.#begun.has(`delete-replaced ${metadata.urn}`);
    return action === "replace" && isFirst ? { ...step, deletesFirst: true } : step;
  }

  #end(metadata: StepMetadata, outcome: "done" | "failed"): void {
    const { op, urn, type } = metadata;
    const action = toAction(op);
    if (action === undefined || type === rootType || op === "replace") return;
    const looked = this.#begun.get(keyOf({ op: "refresh", urn }));
    const entry = this.#begun.get(keyOf(metadata)) ?? looked;
    if (entry !== undefined && entry.outcome !== "failed") entry.outcome = outcome;
    if (entry !== undefined && entry === looked && outcome === "done") return this.#found(entry, metadata);
    if (action === "same") return;
    const message = outcome === "failed" ? this.#wordsAbout(urn) : "";
    const words = message === "" ? {} : { message };
    this.#tell({ type: "resource:end", stack: this.#options.stack, urn, action, outcome, ...words });
  }

  /** A refresh tells only at its end what it has found: nothing new, a change, or that the resource is gone. */
  #found(entry: Begun, metadata: StepMetadata): void {
    entry.action = toAction(metadata.op) ?? entry.action;
    this.#steps.set(metadata.urn, toFoundStep(metadata, entry.action));
  }

  #diagnose({ urn, message, severity, ephemeral }: NonNullable<EngineEvent["diagnosticEvent"]>): void {
    if (ephemeral === true || severity === "debug") return;
    const text = cleanMessage(message);
    if (text === "") return;
    const level = severity === "error" || severity === "warning" ? severity : "info";
    const about = urn ?? "";
    if (level === "error") this.#noteError(about, text);
    if (lessThanPlanned(text) !== undefined) return;
    this.#tell({
      type: "diagnostic",
      stack: this.#options.stack,
      severity: level,
      message: text,
      ...(about === "" ? {} : { urn: about }),
    });
  }

  #noteError(urn: string, message: string): void {
    const messages = this.#errorsByUrn.get(urn) ?? [];
    if (!messages.includes(message)) messages.push(message);
    this.#errorsByUrn.set(urn, messages);
  }

  #wordsAbout(urn: string): string {
    return joinMessages(this.#errorsByUrn.get(urn) ?? []);
  }

  #tell(event: EventBody): void {
    try {
      this.#options.emit(event);
    } catch {
      // A listener's trouble is not the operation's.
    }
  }
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

function keyOf(metadata: Pick<StepMetadata, "op" | "urn">): string {
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
