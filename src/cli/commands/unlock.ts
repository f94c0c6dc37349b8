/** `terrane unlock`: take an environment away from a holder that hangs. */
import { type ExitCode, exitCodes, TerraneError } from "../../errors.ts";
import { type Invocation, textArgument, textOption } from "../descriptor.ts";
import { describeHolder } from "../output/lease.ts";
import { line, styled } from "../output/line.ts";
import { printAnswer, type Session } from "../session.ts";

export async function runUnlock(session: Session, invocation: Invocation): Promise<ExitCode> {
  const environment = textArgument(invocation, "environment");
  const holder = textOption(invocation, "holder");
  if (holder === undefined) {
    throw new TerraneError("bad-usage", "unlock needs the operation that holds the environment", {
      next: "Look at `terrane status`, then give it: --holder op-…",
    });
  }
  const lease = await session.useCases.unlockEnvironment(session.context, {
    ...{ environment, holder },
    startedBy: session.io.userName,
  });
  printAnswer(session, "unlock", { lease: lease ?? null }, () => [
    lease === undefined
      ? line("Nobody held it.")
      : line("Taken away from ", describeHolder(lease), styled("faint", "  Next: terrane up")),
  ]);
  return exitCodes.done;
}
