/** `terrane status`: what environments there are, or one of them. */
import { type ExitCode, exitCodes } from "../../errors.ts";
import { type Invocation, textArgument } from "../descriptor.ts";
import { emptyLine } from "../output/line.ts";
import { statusLines, statusListLines } from "../output/status.ts";
import { printAnswer, type Session } from "../session.ts";

export async function runStatus(session: Session, invocation: Invocation): Promise<ExitCode> {
  const name = textArgument(invocation, "environment");
  const environments = await session.useCases.readStatus(session.context, name);
  const now = session.io.now();
  const verbose = session.settings.verbosity > 0;
  printAnswer(session, "status", { environments }, (width) =>
    name === undefined
      ? statusListLines(environments, now, width)
      : environments.flatMap((each, index) => [
          ...(index === 0 ? [] : [emptyLine]),
          ...statusLines(each, { now, width, verbose }),
        ]),
  );
  return exitCodes.done;
}
