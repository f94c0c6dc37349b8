/** `terrane up`: bring an environment up, or up to date. */
import type { ExitCode } from "../../errors.ts";
import { flagOption, type Invocation, textArgument } from "../descriptor.ts";
import { runApply } from "../operation.ts";
import type { Session } from "../session.ts";

export async function runUp(session: Session, invocation: Invocation): Promise<ExitCode> {
  return runApply(session, invocation, "up", (options) =>
    session.useCases.upEnvironment(session.context, textArgument(invocation, "environment"), {
      ...options,
      ...(flagOption(invocation, "live") ? { target: "live" as const } : {}),
    }),
  );
}
