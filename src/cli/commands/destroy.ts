/** `terrane destroy`: remove everything an environment has made. */
import type { ExitCode } from "../../errors.ts";
import { type Invocation, textArgument } from "../descriptor.ts";
import { runApply } from "../operation.ts";
import type { Session } from "../session.ts";

export async function runDestroy(session: Session, invocation: Invocation): Promise<ExitCode> {
  return runApply(session, invocation, "destroy", (options) =>
    session.useCases.destroyEnvironment(session.context, textArgument(invocation, "environment"), options),
  );
}
