/** `terrane addresses`: the address plan as a picture and a table, or as SVG. */
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type ExitCode, exitCodes, messageOf, TerraneError } from "../../errors.ts";
import { type Invocation, textArgument, textOption } from "../descriptor.ts";
import { line, styled } from "../output/line.ts";
import { printAnswer, type Session } from "../session.ts";

export async function runAddresses(session: Session, invocation: Invocation): Promise<ExitCode> {
  const name = textArgument(invocation, "environment");
  const report = await session.useCases.readAddressReport(session.context, name);
  const file = textOption(invocation, "svg");
  if (file === undefined) {
    const { addressLines } = await import("../output/address-plan/screen.ts");
    printAnswer(session, "addresses", report, (width) => addressLines(report, width));
    return exitCodes.done;
  }
  const { drawAddresses } = await import("../output/address-plan/svg.ts");
  await writeFile(resolve(session.settings.dir, file), drawAddresses(report)).catch((error: unknown) => {
    throw new TerraneError("permission-denied", `${file} could not be written: ${messageOf(error)}`);
  });
  printAnswer(session, "addresses", { ...report, svg: file }, () => [line(styled("create", "+ "), file)]);
  return exitCodes.done;
}
