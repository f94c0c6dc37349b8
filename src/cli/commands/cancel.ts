/** `terrane cancel`: ask whoever is at work on an environment to stop. */
import { type ExitCode, exitCodes } from "../../errors.ts";
import { type Invocation, textArgument } from "../descriptor.ts";
import { describeHolder } from "../output/lease.ts";
import { line, styled } from "../output/line.ts";
import { printAnswer, type Session } from "../session.ts";

export async function runCancel(session: Session, invocation: Invocation): Promise<ExitCode> {
  const name = textArgument(invocation, "environment");
  const lease = await session.useCases.cancelOperation(session.context, name, {
    startedBy: session.io.userName,
  });
  printAnswer(session, "cancel", { lease: lease ?? null }, () => [
    lease === undefined
      ? line("Nobody is at work on it: nothing to stop.")
      : line(
          "Asked to stop: ",
          describeHolder(lease),
          styled("faint", "  What runs is finished first. Next: terrane status"),
        ),
  ]);
  return exitCodes.done;
}
