/** `terrane completion`: print what lets a shell complete. */
import { type ExitCode, exitCodes, TerraneError } from "../../errors.ts";
import { nearest } from "../../values/nearest.ts";
import { completionScript } from "../completion/script.ts";
import { type Shell, shells } from "../completion-command.ts";
import { type Invocation, textArgument } from "../descriptor.ts";
import { printAnswer, type Session } from "../session.ts";

export async function runCompletion(session: Session, invocation: Invocation): Promise<ExitCode> {
  const shell = toShell(textArgument(invocation, "shell") ?? "");
  const script = await completionScript(shell);
  if (session.settings.json) printAnswer(session, "completion", { shell, script }, () => []);
  else session.out.write(script);
  return exitCodes.done;
}

function toShell(text: string): Shell {
  const shell = shells.find((each) => each === text);
  if (shell !== undefined) return shell;
  const near = nearest(text, shells);
  throw new TerraneError("bad-usage", `there is no completion for the shell "${text}"`, {
    next: `${near === undefined ? "" : `Did you mean ${near}? `}Allowed: ${shells.join(", ")}.`,
  });
}
