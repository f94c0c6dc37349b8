/** What the engine would change on one stack, and the outputs that it would have. Changes nothing. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { TerraneError } from "../errors.ts";
import { countSteps } from "../model/plan.ts";
import { readSettings } from "./backend.ts";
import type { EnginePlan, PreviewRequest, PreviewResult } from "./request.ts";
import { runEngine } from "./run.ts";

/**
 * Previews one stack. Rules are asked and reported, never enforced: what they deny is for the caller to stop.
 * @throws TerraneError `engine-failed`, `engine-died`, `policy-unavailable`, `wrong-passphrase`, `cancelled`, or
 * whatever the program threw.
 */
export async function previewStack(request: PreviewRequest): Promise<PreviewResult> {
  let plan: EnginePlan | undefined;
  const run = await runEngine({
    request,
    program: request.program,
    traces: request.traces ?? false,
    preview: true,
    ...(request.policy === undefined ? {} : { policy: request.policy }),
    act: async (stack, options, folder) => {
      const file = join(folder, "plan.json");
      await stack.preview({ ...options, exclude: [...(request.keep ?? [])], plan: file });
      const settings = request.state.exists ? undefined : await readSettings(request.state, request.stack);
      plan = { plan: await readFile(file, "utf8"), ...(settings === undefined ? {} : { settings }) };
    },
  });
  if (run.error !== undefined) throw run.error;
  if (plan === undefined) throw new TerraneError("internal", `${request.stack}: the engine wrote no plan`);
  const steps = run.follower.steps();
  return {
    steps,
    counts: countSteps(steps),
    outputs: run.outputs,
    findings: run.findings,
    hasAsked: run.hasAsked ?? true,
    plan,
  };
}
