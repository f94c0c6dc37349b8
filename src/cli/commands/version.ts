/** `terrane version`: versions of terrane and of what it runs on. */
import { type ExitCode, exitCodes } from "../../errors.ts";
import { versionLines } from "../output/doctor.ts";
import { printAnswer, type Session } from "../session.ts";

export async function runVersion(session: Session): Promise<ExitCode> {
  const report = await session.useCases.readVersion(session.context);
  printAnswer(session, "version", report, () => versionLines(report));
  return exitCodes.done;
}
