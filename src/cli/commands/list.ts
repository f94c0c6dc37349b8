/** `terrane list`: every environment that the ledger or a document knows. */
import { type ExitCode, exitCodes } from "../../errors.ts";
import { environmentListLines } from "../output/environments.ts";
import { printAnswer, type Session } from "../session.ts";

export async function runList(session: Session): Promise<ExitCode> {
  const environments = await session.useCases.listEnvironments(session.context);
  printAnswer(session, "list", { environments }, (width) =>
    environmentListLines(environments, session.io.now(), width),
  );
  return exitCodes.done;
}
