/** `terrane validate`: check documents, show the stack graphs. */
import { type ExitCode, exitCodes } from "../../errors.ts";
import { type Invocation, listArgument } from "../descriptor.ts";
import { validationLines } from "../output/validation.ts";
import { annotateProblems, readSourceLines } from "../report-error.ts";
import { printAnswer, type Session } from "../session.ts";

export async function runValidate(session: Session, invocation: Invocation): Promise<ExitCode> {
  const report = await session.useCases.validateProject(session.context, {
    files: listArgument(invocation, "files"),
  });
  const valid = report.omitted === 0 && report.problems.every((problem) => problem.severity === "warning");
  printAnswer(session, "validate", { valid, ...report }, (width) =>
    validationLines(report, readSourceLines(session.settings.dir), width),
  );
  annotateProblems(report.problems, session.io, session.settings.dir, session.err);
  return valid ? exitCodes.done : exitCodes.document;
}
