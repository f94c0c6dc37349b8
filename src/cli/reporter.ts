/**
 * Shows an operation while it runs: a live region on a terminal, plain lines and a heartbeat elsewhere, a stream of
 * events with `--json-lines`, nothing with `--quiet`. Looks only; the operation does not know who watches.
 */
import type { EventBody } from "../model/event.ts";
import type { Plan } from "../model/plan.ts";
import type { Release } from "./io.ts";
import { LiveRegion } from "./live-region.ts";
import { noteLines, stackEndLine } from "./output/event.ts";
import { toJsonLine } from "./output/json.ts";
import { type Line, line, styled } from "./output/line.ts";
import { heartbeatLine, type ProgressScreen, progressLines, rowKey, shownRows } from "./output/progress.ts";
import {
  expectStacks,
  nextProgress,
  type ProgressState,
  runningResources,
  startProgress,
} from "./output/progress-state.ts";
import { closedView, nextView, type ProgressView } from "./output/progress-view.ts";
import type { Session } from "./session.ts";

const redrawEvery = 100;
const heartbeatEvery = 30_000;

export interface ReporterOptions {
  readonly verb: ProgressScreen["verb"];
  /** As the user named it, until events say it better. */
  readonly environment: string | undefined;
  readonly jsonLines: boolean;
}

type Mode = "live" | "plain" | "lines" | "silent";

export class Reporter {
  readonly #session: Session;
  readonly #options: ReporterOptions;
  readonly #mode: Mode;
  readonly #region: LiveRegion;
  readonly #notes = new Set<string>();
  #state: ProgressState;
  #environment: string;
  #plan: Plan | undefined;
  #notice: string | undefined;
  #frame = 0;
  #release: Release | undefined;
  #view: ProgressView | undefined;

  constructor(session: Session, options: ReporterOptions) {
    this.#session = session;
    this.#options = options;
    this.#mode = modeOf(session, options);
    this.#region = new LiveRegion(session.io.stderr, session.err);
    this.#state = startProgress(this.#now());
    this.#environment = options.environment ?? "the environment";
    if (this.#mode === "plain") {
      this.#plain([line(`${options.verb === "refresh" ? "refreshing" : "planning"} ${this.#environment}`)]);
    }
    this.resume();
  }

  /** Resources at work now. */
  get running(): number {
    return runningResources(this.#state).length;
  }

  readonly emit = (event: EventBody): void => {
    const at = this.#session.io.now();
    if (this.#mode === "lines") {
      this.#session.out.write(`${toJsonLine({ at: at.toISOString(), ...event })}\n`);
    }
    if ("stack" in event) this.#environment = event.stack.split(".")[0] ?? this.#environment;
    this.#state = nextProgress(this.#state, event, at.getTime());
    if (this.#mode === "live" || this.#mode === "plain") this.#note(event);
  };

  /** From now on the plan's changes are counted down. */
  expect(plan: Plan): void {
    this.#plan = plan;
    this.#environment = plan.environment;
    const stacks = plan.stacks.map(({ stack, phase, counts }) => ({
      stack,
      phase,
      changes: counts.create + counts.update + counts.replace + counts.delete,
    }));
    this.#state = expectStacks(this.#state, stacks, this.#now());
  }

  /** Says something that stays until the end: the operation is being stopped. */
  notice(text: string): void {
    this.#notice = text;
    if (this.#mode === "live" && this.#release !== undefined) this.#draw();
    else if (this.#mode !== "silent") this.#session.err.print([line(styled("warning", text))]);
  }

  /** Clears the region, so that something else can be printed or asked. */
  pause(): void {
    this.#release?.();
    this.#release = undefined;
    this.#region.erase();
  }

  resume(): void {
    if (this.#release !== undefined) return;
    const { timers } = this.#session.io;
    if (this.#mode === "live") {
      const drawing = timers.every(redrawEvery, () => this.#draw());
      const keys = this.#readKeys();
      this.#release = () => {
        drawing();
        keys();
      };
    }
    if (this.#mode === "plain") {
      this.#release = timers.every(heartbeatEvery, () => {
        this.#plain([heartbeatLine(this.#state, this.#screen())]);
      });
    }
  }

  #readKeys(): Release {
    const { io, settings } = this.#session;
    if (!io.stdin.isTerminal || !settings.interactive) return () => {};
    this.#view ??= closedView;
    return io.stdin.onKey((key) => {
      const rows = shownRows(this.#state, this.#session.err.rows()).map(rowKey);
      this.#view = nextView(this.#view ?? closedView, key, rows);
      this.#draw();
    });
  }

  #now(): number {
    return this.#session.io.now().getTime();
  }

  #screen(): ProgressScreen {
    return {
      // The last column stays free: some terminals wrap when it is written.
      width: this.#session.err.width() - 1,
      rows: this.#session.err.rows(),
      now: this.#now(),
      frame: this.#frame,
      environment: this.#environment,
      verb: this.#options.verb,
      ...(this.#plan === undefined ? {} : { target: this.#plan.target }),
      ...(this.#view === undefined ? {} : { view: this.#view }),
      ...(this.#notice === undefined ? {} : { notice: this.#notice }),
    };
  }

  #draw(): void {
    this.#frame += 1;
    this.#region.draw(progressLines(this.#state, this.#screen()));
  }

  #plain(lines: readonly Line[]): void {
    this.#session.err.print(lines);
  }

  // What stays on the screen: failures and the engine's words, each once; without a terminal also each stack's end.
  // A plan shows its findings itself.
  #note(event: EventBody): void {
    if (event.type === "finding" && this.#state.stage === "planning") return;
    const verbose = this.#session.settings.verbosity > 0;
    const notes = noteLines(event, {
      environment: this.#environment,
      width: this.#session.err.width(),
      verbose,
      ...(this.#plan === undefined ? {} : { plan: this.#plan }),
    });
    const key = JSON.stringify(notes);
    const lines = this.#notes.has(key) ? [] : [...notes];
    if (lines.length > 0) this.#notes.add(key);
    if (this.#mode === "plain" && (verbose || !("verb" in event) || event.verb !== "preview")) {
      lines.push(...stackEndLine(event, this.#environment));
    }
    if (lines.length === 0) return;
    if (this.#mode === "live") this.#region.above(lines);
    else this.#plain(lines);
  }
}

function modeOf(session: Session, options: ReporterOptions): Mode {
  if (options.jsonLines) return "lines";
  if (session.settings.quiet) return "silent";
  const { environment, stderr } = session.io;
  const ci = environment["CI"] !== undefined && environment["CI"] !== "" && environment["CI"] !== "false";
  return stderr.isTerminal && environment["TERM"] !== "dumb" && !ci ? "live" : "plain";
}
