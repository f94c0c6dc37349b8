/** `terrane explain`: a key, a component type, an error code, or where a value comes from. */
import { type ExitCode, exitCodes } from "../../errors.ts";
import { type Invocation, textArgument } from "../descriptor.ts";
import { explanationLines } from "../output/explanation.ts";
import { printAnswer, type Session } from "../session.ts";

export async function runExplain(session: Session, invocation: Invocation): Promise<ExitCode> {
  const topic = textArgument(invocation, "topic");
  const detail = textArgument(invocation, "detail");
  const explanation = await session.useCases.explain(session.context, {
    ...(topic === undefined ? {} : { topic }),
    ...(detail === undefined ? {} : { detail }),
  });
  printAnswer(session, "explain", explanation, (width) =>
    explanationLines(explanation, Math.min(width, 110)),
  );
  return exitCodes.done;
}
