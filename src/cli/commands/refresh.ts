/** `terrane refresh`: bring the states in line with what the clouds hold. */
import type { ExitCode } from "../../errors.ts";
import { flagOption, type Invocation, textArgument } from "../descriptor.ts";
import { exitCodeOf, withOperation } from "../operation.ts";
import { toJsonLine } from "../output/json.ts";
import { refreshLines } from "../output/refresh.ts";
import { printAnswer, type Session } from "../session.ts";

export async function runRefresh(session: Session, invocation: Invocation): Promise<ExitCode> {
  return withOperation(session, invocation, "refresh", async ({ options, reporter, signal }) => {
    const { useCases, context, io, settings } = session;
    const result = await useCases.refreshEnvironment(context, textArgument(invocation, "environment"), {
      ...options,
      startedBy: io.userName,
    });
    reporter.pause();
    if (flagOption(invocation, "jsonLines")) {
      session.out.write(`${toJsonLine({ format: "terrane.dev/refresh/v1", ...result })}\n`);
    } else {
      printAnswer(session, "refresh", result, (width) => {
        const lines = refreshLines(result, { width, verbose: settings.verbosity > 0 });
        return settings.quiet && result.result === "succeeded" ? lines.slice(0, 1) : lines;
      });
    }
    return exitCodeOf(result, signal);
  });
}
