/** `terrane state serve`: open the project's states to the plain Pulumi CLI, until Ctrl-C. */
import { type ExitCode, exitCodes } from "../../errors.ts";
import { type Invocation, textOption } from "../descriptor.ts";
import { line, styled } from "../output/line.ts";
import { printAnswer, type Session } from "../session.ts";

export async function runStateServe(session: Session, invocation: Invocation): Promise<ExitCode> {
  const { io } = session;
  const stopped = Promise.withResolvers<void>();
  const release = io.onInterrupt(() => stopped.resolve());
  const [host, port, tokenFile] = ["host", "port", "tokenFile"].map((name) => textOption(invocation, name));
  try {
    await using served = await session.useCases.serveState(session.context, {
      startedBy: io.userName,
      ...(host === undefined ? {} : { host }),
      ...(port === undefined ? {} : { port: Number(port) }),
      ...(tokenFile === undefined ? {} : { tokenFile }),
      onClosed: ({ stack, kind }) =>
        session.err.print([
          line(
            styled("warning", `closed a ${kind} of ${stack} that was at work; what it was doing is unknown`),
          ),
          line(styled("faint", `next  pulumi refresh --stack ${stack}, while this serves again`)),
        ]),
      onError: (error) => session.err.print([line(styled("error", String(error)))]),
    });
    const { url, tokenFile: file } = served;
    printAnswer(session, "state-serve", { url, tokenFile: file }, () => [
      line("Serving the states of this project at ", styled("strong", url), ". In another terminal:"),
      line(""),
      line(`  export PULUMI_ACCESS_TOKEN="$(cat '${file}')"`),
      line(`  pulumi login ${url}`),
      line(""),
      line(styled("faint", "A change takes the same lease as an operation of ours. Ctrl-C ends it.")),
    ]);
    await stopped.promise;
  } finally {
    release();
  }
  return exitCodes.done;
}
