/** `terrane plan`: what up or destroy would change. */
import { type ExitCode, exitCodes } from "../../errors.ts";
import { findingProblem } from "../../model/finding-problem.ts";
import { isWork, type Plan } from "../../model/plan.ts";
import { flagOption, type Invocation, textArgument } from "../descriptor.ts";
import { withOperation } from "../operation.ts";
import { isDenied } from "../output/findings.ts";
import { toJsonLine } from "../output/json.ts";
import { planLines } from "../output/plan.ts";
import { annotateProblems } from "../report-error.ts";
import { printAnswer, type Session } from "../session.ts";

export async function runPlan(session: Session, invocation: Invocation): Promise<ExitCode> {
  const plan = await withOperation(session, invocation, "plan", ({ options }) =>
    session.useCases.planEnvironment(session.context, textArgument(invocation, "environment"), {
      ...options,
      destroy: flagOption(invocation, "destroy"),
    }),
  );
  const verbose = session.settings.verbosity > 0;
  if (flagOption(invocation, "jsonLines")) session.out.write(`${toJsonLine(plan)}\n`);
  else printAnswer(session, "plan", plan, (width) => planLines(plan, { width, verbose }));
  const failed = plan.findings.filter((finding) => finding.verdict === "fail");
  const problems = failed.map((finding) => findingProblem(plan, finding));
  annotateProblems(problems, session.io, session.settings.dir, session.err);
  return exitCodeOf(plan, flagOption(invocation, "detailedExitcode"));
}

function exitCodeOf(plan: Plan, detailed: boolean): ExitCode {
  if (plan.findings.some(isDenied)) return exitCodes.deniedByPolicy;
  return detailed && isWork(plan) ? exitCodes.differences : exitCodes.done;
}
