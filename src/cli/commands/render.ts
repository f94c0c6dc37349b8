/** `terrane render`: the desired resources of an environment. */
import { type ExitCode, exitCodes } from "../../errors.ts";
import { type Invocation, textArgument } from "../descriptor.ts";
import { isDenied } from "../output/findings.ts";
import { renderLines } from "../output/resources.ts";
import { printAnswer, type Session } from "../session.ts";

export async function runRender(session: Session, invocation: Invocation): Promise<ExitCode> {
  const name = textArgument(invocation, "environment");
  const rendered = await session.useCases.renderEnvironment(session.context, name);
  const verbose = session.settings.verbosity > 0;
  printAnswer(session, "render", rendered, (width) => renderLines(rendered, { width, verbose }));
  return rendered.findings.some(isDenied) ? exitCodes.deniedByPolicy : exitCodes.done;
}
