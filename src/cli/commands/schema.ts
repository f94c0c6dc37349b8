/** `terrane schema`: JSON Schema of the documents, on stdout or into the project. */
import { type ExitCode, exitCodes } from "../../errors.ts";
import { flagOption, type Invocation, textArgument } from "../descriptor.ts";
import { toJson } from "../output/json.ts";
import { line, styled } from "../output/line.ts";
import { printAnswer, type Session } from "../session.ts";

export async function runSchema(session: Session, invocation: Invocation): Promise<ExitCode> {
  if (flagOption(invocation, "write")) {
    const written = await session.useCases.writeSchema(session.context);
    printAnswer(session, "schema", written, () => [line(styled("create", "+ "), written.file)]);
    return exitCodes.done;
  }
  // The schema itself is the answer, with --json too: what reads it knows no envelope.
  const schema = await session.useCases.readSchema(session.context, textArgument(invocation, "kind"));
  session.out.write(`${toJson(schema)}\n`);
  return exitCodes.done;
}
