/**
 * What all engine operations share: host the program, serve the rules, start the engine, follow its events, and say
 * why it ended as it did. Knows nothing of plans or operations.
 */
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import { messageOf, TerraneError } from "../errors.ts";
import { asDiskFull, saysDiskFull } from "../model/disk-full.ts";
import type { Finding } from "../model/finding.ts";
import type { Program } from "../model/program.ts";
import type { StackOutputs } from "../model/spec.ts";
import { type PolicyService, servePolicies } from "./analyzer.ts";
import { EngineStopped } from "./command.ts";
import { crashOf, integrityFailureOf } from "./crash.ts";
import { EventFollower } from "./events.ts";
import { hostProgram, type ProgramHost } from "./language-server.ts";
import { countMemoryKills, memoryLimit, saysOutOfMemory } from "./memory-kills.ts";
import { makeOutputReader } from "./outputs.ts";
import type { PlanGuard } from "./plan-guard.ts";
import type { EngineExit, EngineRequest, PolicyJudge } from "./request.ts";
import { cleanMessage, joinMessages, lessThanPlanned } from "./words.ts";
import { openWorkspace } from "./workspace.ts";

/** Options of the Automation API's verbs that every operation sets. */
export interface VerbOptions {
  readonly parallel: number;
  readonly policyPacks?: string[];
  readonly onEvent: (event: EngineEvent) => void;
}

export interface EngineTask {
  readonly request: EngineRequest;
  readonly program?: Program;
  readonly traces?: boolean;
  readonly policy?: PolicyJudge;
  /** True: nothing is changed, so verdicts are only reported. */
  readonly preview: boolean;
  readonly guard?: PlanGuard;
  /** `folder` belongs to the operation and is gone afterwards. */
  readonly act: (stack: Stack, options: VerbOptions, folder: string) => Promise<unknown>;
}

export interface EngineRun {
  readonly follower: EventFollower;
  readonly outputs: StackOutputs;
  readonly findings: readonly Finding[];
  /** Whether the program asked a provider for what no state holds; undefined where none ran. */
  readonly hasAsked?: boolean;
  readonly exit: EngineExit;
  readonly error?: TerraneError;
}

const defaultParallel = 64;

/** Never throws for what the engine, the program or a cloud does: that is in `error`. */
export async function runEngine(task: EngineTask): Promise<EngineRun> {
  const { request, guard } = task;
  const reader = makeOutputReader();
  const follower = new EventFollower({
    stack: request.stack,
    emit: request.emit,
    ...(guard === undefined ? {} : { onStep: guard.onStep }),
  });
  const signal = guard === undefined ? request.signal : AbortSignal.any([request.signal, guard.signal]);

  await using resources = new AsyncDisposableStack();
  const host =
    task.program === undefined
      ? undefined
      : resources.use(await hostProgram(readOutputs(task.program, reader), { traces: task.traces ?? false }));
  const workspace = resources.use(
    await openWorkspace({ ...request, signal }, host === undefined ? {} : { clientAddress: host.address }),
  );
  // The Automation API only announces a program when the workspace has one; ours is served at `clientAddress`.
  if (host !== undefined) workspace.stack.workspace.program = async () => ({});
  const policies = resources.use(
    await servePolicies({
      stack: request.stack,
      home: request.home,
      folder: workspace.folder,
      emit: request.emit,
      preview: task.preview,
      ...(guard === undefined ? {} : { admits: guard.admits }),
      ...(task.policy === undefined ? {} : { policy: task.policy }),
    }),
  );

  let stopped: EngineStopped | undefined;
  let broken: unknown;
  const kills = await countMemoryKills();
  try {
    await task.act(
      workspace.stack,
      {
        parallel: request.parallel ?? defaultParallel,
        ...(policies.pack === undefined ? {} : { policyPacks: [policies.pack] }),
        onEvent: (event) => follower.take(event),
      },
      workspace.folder,
    );
  } catch (error) {
    if (error instanceof EngineStopped) stopped = error;
    else broken = error;
  }
  const starved = stopped !== undefined && (await lacksMemory(stopped, kills));
  const error = explain({ request, guard, follower, host, policies, stopped, starved, broken });
  return {
    follower,
    outputs: reader.outputs(),
    findings: policies.findings(),
    ...(host === undefined ? {} : { hasAsked: host.hasAsked() }),
    exit: error === undefined ? { code: 0, stopped: "no" } : (stopped?.exit ?? { code: 0, stopped: "no" }),
    ...(error === undefined ? {} : { error }),
  };
}

function readOutputs(program: Program, reader: ReturnType<typeof makeOutputReader>): Program {
  return async () => reader.read(await program());
}

interface Ending {
  readonly request: EngineRequest;
  readonly guard: PlanGuard | undefined;
  readonly follower: EventFollower;
  readonly host: ProgramHost | undefined;
  readonly policies: PolicyService;
  readonly stopped: EngineStopped | undefined;
  /** The engine was refused memory, or killed for it. */
  readonly starved: boolean;
  readonly broken: unknown;
}

/** `before`: processes that the kernel had killed when the engine was started. */
async function lacksMemory({ exit, stderr }: EngineStopped, before: number): Promise<boolean> {
  if (exit.stopped !== "no") return false;
  return saysOutOfMemory(stderr) || (exit.signal === "SIGKILL" && (await countMemoryKills()) > before);
}

/** The first cause, most certain first; undefined when all went well. */
function explain(ending: Ending): TerraneError | undefined {
  const { request, guard, follower, host, policies, stopped, starved, broken } = ending;
  const { stack } = request;
  if (broken instanceof TerraneError) return broken;
  const full = asDiskFull(broken);
  if (full !== undefined) return full;
  if (broken !== undefined) {
    return new TerraneError("internal", `${stack}: ${messageOf(broken)}`, { cause: broken });
  }
  const ruleError = policies.broken();
  if (ruleError !== undefined) {
    return new TerraneError("policy-unavailable", `${stack}: a rule failed: ${messageOf(ruleError.error)}`, {
      cause: ruleError.error,
    });
  }
  const [programError] = host?.errors ?? [];
  if (stopped === undefined && programError === undefined) return undefined;
  const violation = guard?.violation();
  if (violation !== undefined) return new TerraneError("plan-stale", `${stack}: ${violation}`);
  const words = joinMessages([follower.errors(), wordsOf(stopped)]);
  if (starved) return outOfMemory(stack);
  if (stopped?.exit.signal !== undefined && stopped.exit.stopped === "no") {
    return new TerraneError("engine-died", `${stack}: the engine was ended by ${stopped.exit.signal}`, {
      details: { signal: stopped.exit.signal },
    });
  }
  if (stopped !== undefined && stopped.exit.stopped !== "no") {
    const { reason } = request.signal;
    if (reason instanceof TerraneError && reason.code === "out-of-memory") return reason;
    const how = stopped.exit.stopped === "forced" ? "stopped at once" : "stopped";
    return new TerraneError("cancelled", `${stack}: ${how} on request`, { details: { ...stopped.exit } });
  }
  if (programError instanceof TerraneError) return programError;
  if (policies.denied().length > 0) {
    const rules = [...new Set(policies.denied().map((finding) => finding.rule))].join(", ");
    return new TerraneError("denied-by-policy", `${stack}: denied by ${rules}`);
  }
  if (programError !== undefined) {
    return new TerraneError(
      "engine-failed",
      `${stack}: the program failed: ${joinMessages([messageOf(programError), follower.errors()])}`,
      { cause: programError },
    );
  }
  return isLessThanPlanned(words, follower) ? undefined : toEngineError(stack, words, stopped);
}

/**
 * The engine counts the steps of its plan once all is done, and complains of what is left. A replacement that a value
 * unknown in the plan seemed to need, and that turned out to be an update or nothing, is several steps less.
 */
function isLessThanPlanned(words: string, follower: EventFollower): boolean {
  const done = new Set(follower.ends().flatMap(({ urn, outcome }) => (outcome === "done" ? [urn] : [])));
  return words.split("\n").every((line) => done.has(lessThanPlanned(line) ?? ""));
}

function toEngineError(stack: string, words: string, stopped: EngineStopped | undefined): TerraneError {
  const options = stopped === undefined ? {} : { details: { ...stopped.exit } };
  const unsound = integrityFailureOf(stopped?.stderr ?? "");
  if (unsound !== undefined) return new TerraneError("state-corrupt", `${stack}: ${unsound}`, options);
  const crash = crashOf(stopped?.stderr ?? "");
  if (crash !== undefined) {
    return new TerraneError("engine-died", `${stack}: the engine crashed: ${crash}`, options);
  }
  // What the database took no more is worse than why.
  if (/the database took no more/i.test(words)) {
    return new TerraneError("state-not-saved", `${stack}: ${words}`, options);
  }
  if (saysDiskFull(words)) return new TerraneError("disk-full", `${stack}: ${words}`, options);
  if (/incorrect passphrase/i.test(words)) {
    return new TerraneError("wrong-passphrase", `${stack}: the passphrase does not fit its secrets`, options);
  }
  if (/no longer holds|was ended by somebody else/i.test(words)) {
    return new TerraneError("lease-lost", `${stack}: ${words}`, options);
  }
  if (
    /not part of what was agreed to|violates plan|not allowed by the plan|for .* but none were seen/i.test(
      words,
    )
  ) {
    return new TerraneError("plan-stale", `${stack}: ${words}`, options);
  }
  if (/the stack is currently locked/i.test(words))
    return new TerraneError("lease-held", `${stack}: ${words}`, options);
  return new TerraneError(
    "engine-failed",
    `${stack}: ${words === "" ? `the engine ended with code ${stopped?.exit.code}` : words}`,
    options,
  );
}

function outOfMemory(stack: string): TerraneError {
  const limit = memoryLimit();
  const mebibytes = Math.round(limit / 2 ** 20);
  return new TerraneError(
    "out-of-memory",
    `${stack}: the engine needed more memory than there was; ${mebibytes} MiB are there for everybody`,
    {
      next: "Run the command again with a lower --parallel (each stack at work takes some 400 MiB), or on a larger machine: it goes on from what exists.",
      details: { process: "engine", limit },
    },
  );
}

/** What the CLI itself said before or beside any event: `error: …` lines. */
function wordsOf(stopped: EngineStopped | undefined): string {
  if (stopped === undefined) return "";
  const lines = stopped.stderr.split(/\r?\n/);
  const first = lines.findIndex((line) => line.startsWith("error: "));
  return first < 0 ? "" : cleanMessage(lines.slice(first).join("\n"));
}
