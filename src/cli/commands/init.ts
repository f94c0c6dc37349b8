/** `terrane init`: write a project to start from. */
import { type ExitCode, exitCodes } from "../../errors.ts";
import { flagOption, type Invocation, textArgument, textOption } from "../descriptor.ts";
import { line, styled } from "../output/line.ts";
import { printAnswer, type Session } from "../session.ts";

export async function runInit(session: Session, invocation: Invocation): Promise<ExitCode> {
  const blueprint = textOption(invocation, "blueprint");
  const result = await session.useCases.initProject(session.context, {
    dir: textArgument(invocation, "folder") ?? ".",
    force: flagOption(invocation, "force"),
    ...(blueprint === undefined ? {} : { blueprint }),
  });
  printAnswer(session, "init", result, () => [
    ...result.files.map((file) => line(styled("create", "+ "), file)),
    ...(session.settings.quiet
      ? []
      : [line(), line(styled("strong", "Next  "), styled("accent", result.next))]),
  ]);
  return exitCodes.done;
}
