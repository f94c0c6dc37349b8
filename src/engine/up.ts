/** Makes one stack what its program says, and tells truthfully what became of each resource. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeSettings } from "./backend.ts";
import { makePlanGuard } from "./plan-guard.ts";
import type { ApplyResult, EnginePlan, ResourceEnd, UpRequest } from "./request.ts";
import { type EngineRun, runEngine } from "./run.ts";

/**
 * Applies a program to its stack; an empty program removes all resources. Failure is an answer, not an exception.
 * Starts one engine process.
 */
export async function upStack(request: UpRequest): Promise<ApplyResult> {
  const run = await runEngine({
    request,
    program: request.program,
    traces: request.traces ?? false,
    preview: false,
    ...(request.policy === undefined ? {} : { policy: request.policy }),
    // The engine's own plan is the stronger guard of the two.
    ...(request.expected === undefined || request.plan !== undefined
      ? {}
      : { guard: makePlanGuard(request.expected) }),
    act: async (stack, options, folder) => {
      const plan = request.plan === undefined ? {} : { plan: await writePlan(request, request.plan, folder) };
      await stack.up({
        ...options,
        ...plan,
        exclude: [...(request.keep ?? [])],
        suppressOutputs: true,
        suppressProgress: true,
      });
    },
  });
  return toApplyResult(run, request.expected ?? []);
}

/** `expected`: what was planned, to name what was never begun. */
export function toApplyResult(run: EngineRun, expected: NonNullable<UpRequest["expected"]>): ApplyResult {
  const ends = run.follower.ends();
  const begun = new Set(ends.map((end) => end.urn));
  // An engine that was killed took its last events with it: what it did not tell may have been begun.
  // SIGINT only ends one that has not come to its first step; later it ends in good order.
  const orderly = run.exit.signal === undefined || (run.exit.signal === "SIGINT" && begun.size === 0);
  const outcome = orderly ? "not-started" : "unknown";
  const rest = expected
    .filter(({ urn, action }) => action !== "same" && !begun.has(urn))
    .map(({ urn, action }): ResourceEnd => ({ urn, action, outcome }));
  return {
    outcome: run.error === undefined ? "done" : "failed",
    counts: run.follower.counts(),
    resources: run.error === undefined ? ends : [...ends, ...rest],
    outputs: run.outputs,
    findings: run.findings,
    ...(run.hasAsked === undefined ? {} : { hasAsked: run.hasAsked }),
    exit: run.exit,
    ...(run.error === undefined ? {} : { error: run.error }),
  };
}

async function writePlan(
  request: UpRequest,
  { plan, settings }: EnginePlan,
  folder: string,
): Promise<string> {
  // The salt that the preview of a new stack made up must become the stack's own: the plan's secrets hang on it.
  if (settings !== undefined && !request.state.exists)
    await writeSettings(request.state, request.stack, settings);
  const file = join(folder, "plan.json");
  await writeFile(file, plan, { mode: 0o600 });
  return file;
}
