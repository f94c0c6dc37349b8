/** `terrane doctor`: what is needed, what is there, and where each setting comes from. */
import { type ExitCode, exitCodes } from "../../errors.ts";
import type { DoctorCheck } from "../../platform/api.ts";
import { doctorLines } from "../output/doctor.ts";
import { printAnswer, type Session } from "../session.ts";

export async function runDoctor(session: Session): Promise<ExitCode> {
  const found = await session.useCases.runDoctor(session.context);
  const known = new Set(found.map((check) => check.name));
  const settings = session.settings.origins
    .filter((setting) => !known.has(setting.name))
    .map((setting): DoctorCheck => ({ ...setting, status: "ok" }));
  const checks = [...found, ...settings];
  printAnswer(session, "doctor", { checks }, (width) => doctorLines(checks, width));
  return checks.some((check) => check.status === "problem") ? exitCodes.failed : exitCodes.done;
}
