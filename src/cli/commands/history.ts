/** `terrane history`: operations on record, or one of them with its steps. */
import { type ExitCode, exitCodes, TerraneError } from "../../errors.ts";
import { type Invocation, textArgument, textOption } from "../descriptor.ts";
import { historyLines, operationDetailLines } from "../output/history.ts";
import { printAnswer, type Session } from "../session.ts";

export async function runHistory(session: Session, invocation: Invocation): Promise<ExitCode> {
  const environment = textArgument(invocation, "environment");
  const operation = textArgument(invocation, "operation");
  const limit = textOption(invocation, "limit");
  const operations = await session.useCases.readHistory(session.context, {
    ...(environment === undefined ? {} : { environment }),
    ...(operation === undefined ? {} : { operation }),
    ...(limit === undefined ? {} : { limit: Number(limit) }),
  });
  const now = session.io.now();
  if (operation === undefined) {
    printAnswer(session, "history", { operations }, (width) => historyLines(operations, now, width));
    return exitCodes.done;
  }
  const [found] = operations;
  if (found === undefined)
    throw new TerraneError("operation-not-found", `there is no operation "${operation}"`);
  printAnswer(session, "operation", { operation: found }, (width) => operationDetailLines(found, now, width));
  return exitCodes.done;
}
