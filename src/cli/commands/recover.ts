/** `terrane recover`: put in order what a killed operation left open. */
import { type ExitCode, exitCodes } from "../../errors.ts";
import { flagOption, type Invocation, listOption, textArgument } from "../descriptor.ts";
import { withOperation } from "../operation.ts";
import { recoveryLines } from "../output/recovery.ts";
import { printAnswer, type Session } from "../session.ts";

export async function runRecover(session: Session, invocation: Invocation): Promise<ExitCode> {
  const request = {
    environment: textArgument(invocation, "environment"),
    testimony: testimonyOf(invocation),
    rebuild: flagOption(invocation, "rebuild"),
    startedBy: session.io.userName,
  };
  const environments = await withOperation(session, invocation, "recover", ({ options }) =>
    session.useCases.recoverEnvironments(session.context, request, options),
  );
  printAnswer(session, "recover", { environments }, (width) => recoveryLines(environments, width));
  return exitCodes.done;
}

/** The id stands behind the first `=` after the name, which has none. */
function testimonyOf(invocation: Invocation): Record<string, string | null> {
  const made = listOption(invocation, "made").map((each) => {
    const at = each.indexOf("=", each.lastIndexOf("::"));
    return [each.slice(0, at), each.slice(at + 1)] as const;
  });
  const absent = listOption(invocation, "notMade").map((urn) => [urn, null] as const);
  return Object.fromEntries([...made, ...absent]);
}
