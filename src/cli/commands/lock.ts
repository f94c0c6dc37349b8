/** `terrane lock`: hold environments to a version of their blueprint, or move them to the newest one. */
import { type ExitCode, exitCodes } from "../../errors.ts";
import { flagOption, type Invocation, textArgument } from "../descriptor.ts";
import { lockLines } from "../output/lock.ts";
import { printAnswer, type Session } from "../session.ts";

export async function runLock(session: Session, invocation: Invocation): Promise<ExitCode> {
  const environments = await session.useCases.lockEnvironments(session.context, {
    environment: textArgument(invocation, "environment"),
    update: flagOption(invocation, "update"),
  });
  printAnswer(session, "lock", { environments }, (width) => lockLines(environments, width));
  return exitCodes.done;
}
