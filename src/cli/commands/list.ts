/** `terrane list`: every environment that the ledger or a document knows. */
import { type ExitCode, exitCodes } from "../../errors.ts";
import { type Invocation, textOption } from "../descriptor.ts";
import { environmentListLines } from "../output/environments.ts";
import { printAnswer, type Session } from "../session.ts";

export async function runList(session: Session, invocation: Invocation): Promise<ExitCode> {
  const [after, limit] = [textOption(invocation, "after"), textOption(invocation, "limit")];
  const environments = await session.useCases.listEnvironments(session.context, {
    ...(after === undefined ? {} : { after }),
    ...(limit === undefined ? {} : { limit: Number(limit) }),
  });
  printAnswer(session, "list", { environments }, (width) =>
    environmentListLines(environments, session.io.now(), width),
  );
  return exitCodes.done;
}
