/**
 * What plan, up and destroy share: progress, Ctrl-C (once: finish what runs; twice: stop), the time limit, the
 * question before a change. What an operation does is the platform's.
 */
import { type ExitCode, exitCodes, TerraneError } from "../errors.ts";
import { isWork, type Plan } from "../model/plan.ts";
import type { ApplyOptions, ApplyResult, ChangeOptions } from "../platform/api.ts";
import { flagOption, type Invocation, listOption, textArgument } from "./descriptor.ts";
import type { Interruption } from "./io.ts";
import { failureProblems } from "./output/failure-problems.ts";
import { toJsonLine } from "./output/json.ts";
import { type Line, styled } from "./output/line.ts";
import { plural } from "./output/names.ts";
import { planLines, shortCounts, targetBadge } from "./output/plan.ts";
import { applyLines } from "./output/summary.ts";
import { annotateProblems } from "./report-error.ts";
import { Reporter } from "./reporter.ts";
import { printAnswer, type Session } from "./session.ts";

export interface OperationRun {
  readonly reporter: Reporter;
  readonly options: ChangeOptions;
  /** Aborted at the first Ctrl-C, or when the time is up. */
  readonly signal: AbortSignal;
}

type Verb = "plan" | "up" | "destroy" | "refresh" | "recover";

/** Runs one operation with progress; releases terminal, timers and signals however it ends. */
export async function withOperation<T>(
  session: Session,
  invocation: Invocation,
  verb: Verb,
  call: (run: OperationRun) => Promise<T>,
): Promise<T> {
  const { settings, io } = session;
  const jsonLines = flagOption(invocation, "jsonLines");
  if (jsonLines && settings.json) {
    throw new TerraneError("bad-usage", "--json and --json-lines exclude each other", {
      next: "Give one of them: --json for one object, --json-lines for a stream.",
    });
  }
  const environment = textArgument(invocation, "environment");
  const reporter = new Reporter(session, { verb, environment, jsonLines });
  const stop = new AbortController();
  const force = new AbortController();
  const releases = [
    io.onInterrupt((kind) => interrupt(kind, stop, force, reporter)),
    ...(settings.timeoutMilliseconds === undefined
      ? []
      : [io.timers.after(settings.timeoutMilliseconds, () => runOut(stop, reporter))]),
  ];
  const options: ChangeOptions = {
    emit: reporter.emit,
    signal: stop.signal,
    force: force.signal,
    ...(settings.parallel === undefined ? {} : { parallel: settings.parallel }),
    ...(flagOption(invocation, "full") ? { full: true } : {}),
  };
  try {
    return await call({ reporter, options, signal: stop.signal });
  } catch (error) {
    throw outOfTime(stop.signal) && isCancelled(error) ? stop.signal.reason : error;
  } finally {
    reporter.pause();
    for (const release of releases) release();
  }
}

// A terminal that goes away may say so several times, through the shell and by itself: it never means "at once".
function interrupt(
  kind: Interruption,
  stop: AbortController,
  force: AbortController,
  reporter: Reporter,
): void {
  if (stop.signal.aborted && kind === "hangup") return;
  if (stop.signal.aborted) {
    reporter.notice("stopping at once: what is running now will be unknown");
    force.abort(new TerraneError("cancelled", "the operation was stopped at once"));
    return;
  }
  reporter.notice(`${finishing(reporter)}; Ctrl-C again to stop at once`);
  stop.abort(new TerraneError("cancelled", "the operation was interrupted"));
}

function runOut(stop: AbortController, reporter: Reporter): void {
  if (stop.signal.aborted) return;
  reporter.notice(`the time is up: ${finishing(reporter)}`);
  stop.abort(new TerraneError("timed-out", "the time given ran out before the end"));
}

function finishing({ running }: Reporter): string {
  return running === 0 ? "stopping" : `finishing ${plural(running, "step")}`;
}

function outOfTime(signal: AbortSignal): boolean {
  return signal.reason instanceof TerraneError && signal.reason.code === "timed-out";
}

function isCancelled(error: unknown): boolean {
  return error instanceof TerraneError && error.code === "cancelled";
}

/** Plans, asks, applies, and shows how it ended. */
export async function runApply(
  session: Session,
  invocation: Invocation,
  verb: "up" | "destroy",
  call: (options: ApplyOptions) => Promise<ApplyResult>,
): Promise<ExitCode> {
  return withOperation(session, invocation, verb, async (run) => {
    const result = await call({
      ...run.options,
      startedBy: session.io.userName,
      allowDataLoss: listOption(invocation, "allowDataLoss"),
      confirm: (plan, dataLoss) => confirmPlan(session, invocation, { verb, plan, dataLoss }, run),
    });
    run.reporter.pause();
    printResult(session, invocation, verb, result);
    annotateProblems(failureProblems(result), session.io, session.settings.dir, session.err);
    return exitCodeOf(result, run.signal);
  });
}

function printResult(session: Session, invocation: Invocation, verb: string, result: ApplyResult): void {
  if (flagOption(invocation, "jsonLines")) {
    session.out.write(`${toJsonLine({ format: `terrane.dev/${verb}/v1`, ...result })}\n`);
    return;
  }
  const { out, settings } = session;
  printAnswer(session, verb, result, (width) => {
    const lines = applyLines(result, { width, rows: out.rows(), verbose: settings.verbosity > 0 });
    const good = result.result === "succeeded" || result.result === "unchanged";
    return settings.quiet && good ? lines.slice(0, 1) : lines;
  });
}

/** Of an operation that ended so; `signal` tells whether the time was up. */
export function exitCodeOf(result: Pick<ApplyResult, "result">, signal: AbortSignal): ExitCode {
  switch (result.result) {
    case "succeeded":
    case "unchanged":
      return exitCodes.done;
    case "cancelled":
      return outOfTime(signal) ? exitCodes.timedOut : exitCodes.interrupted;
    default:
      return exitCodes.failed;
  }
}

interface Question {
  readonly verb: "up" | "destroy";
  readonly plan: Plan;
  /** Components that somebody has to name before they may lose their data. */
  readonly dataLoss: readonly string[];
}

/** @throws TerraneError `confirmation-required` where nobody can be asked */
async function confirmPlan(
  session: Session,
  invocation: Invocation,
  asked: Question,
  run: OperationRun,
): Promise<boolean | readonly string[]> {
  const { plan } = asked;
  const { settings, out, err } = session;
  run.reporter.pause();
  const silent = settings.quiet && settings.yes;
  const forMachines = settings.json || flagOption(invocation, "jsonLines");
  const printer = forMachines ? err : out;
  // With a machine on stdout the plan is shown only to whom it is asked of.
  if (!silent && !(forMachines && settings.yes)) {
    printer.print([...planLines(plan, { width: printer.width(), verbose: settings.verbosity > 0 }), []]);
  }
  const answer = settings.yes || !isWork(plan) ? true : await askOnce(session, asked, run.signal);
  if (answer === false) return false;
  run.reporter.expect(plan);
  run.reporter.resume();
  return run.signal.aborted ? false : answer;
}

// Where data of prod is at stake, typing its names is the yes; where nobody can type them, the platform refuses.
async function askOnce(
  session: Session,
  asked: Question,
  signal: AbortSignal,
): Promise<boolean | readonly string[]> {
  const { verb, plan, dataLoss } = asked;
  if (dataLoss.length === 0) {
    assertCanAsk(session, verb, plan);
    return isYes(await ask(session, question(verb, plan), signal));
  }
  if (!canAsk(session)) return true;
  for (const component of dataLoss) {
    const typed = await ask(session, dataLossQuestion(component), signal);
    if (typed?.trim() !== component) return false;
  }
  return dataLoss;
}

function canAsk({ settings, io }: Session): boolean {
  return settings.interactive && io.stdin.isTerminal && io.stderr.isTerminal;
}

function assertCanAsk(session: Session, verb: "up" | "destroy", plan: Plan): void {
  const { settings } = session;
  if (canAsk(session)) return;
  const why = settings.interactive ? "there is no terminal to ask on" : "asking is switched off";
  throw new TerraneError(
    "confirmation-required",
    `${verb} of ${plan.environment} would ${verb === "destroy" ? "delete" : "change"} ${plural(countChanges(plan), "resource")}, and ${why}`,
    {
      next: `Look at the plan, then run: terrane ${verb} ${plan.environment} --yes`,
      details: { environment: plan.environment, planHash: plan.hash },
    },
  );
}

function question(verb: "up" | "destroy", plan: Plan): Line {
  const start = verb === "destroy" ? `Destroy ${plan.environment}: ` : `Bring ${plan.environment} up: `;
  return [
    styled("strong", start),
    ...(countChanges(plan) === 0 ? [{ text: plural(plan.moves.length, "move") }] : shortCounts(plan.counts)),
    styled("strong", "?"),
    ...targetBadge(plan.target),
    { text: "  [y/N] " },
  ];
}

function dataLossQuestion(component: string): Line {
  return [
    styled("error", `The data of ${component} will be lost.`),
    { text: " Type " },
    styled("strong", component),
    { text: " to go on: " },
  ];
}

function countChanges(plan: Plan): number {
  return plan.counts.create + plan.counts.update + plan.counts.replace + plan.counts.delete;
}

function isYes(answer: string | undefined): boolean {
  return answer !== undefined && /^\s*y(es)?\s*$/i.test(answer);
}

/** What was typed; undefined where input ended or the operation was interrupted. */
async function ask(session: Session, line: Line, signal: AbortSignal): Promise<string | undefined> {
  session.err.write(`${session.err.paint([line]).trimEnd()} `);
  const answer = await session.io.stdin.readLine(signal);
  if (answer === undefined) session.err.write("\n");
  return answer;
}
