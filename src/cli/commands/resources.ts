/** `terrane resources`: what exists of an environment, as its state has it. */
import { type ExitCode, exitCodes } from "../../errors.ts";
import type { ResourceFilter } from "../../platform/api.ts";
import { type Invocation, textArgument, textOption } from "../descriptor.ts";
import { existingResourceLines } from "../output/existing-resources.ts";
import { printAnswer, type Session } from "../session.ts";

export async function runResources(session: Session, invocation: Invocation): Promise<ExitCode> {
  const entries = (["stack", "type", "component"] as const).flatMap((key) => {
    const value = textOption(invocation, key);
    return value === undefined ? [] : [[key, value] as const];
  });
  const filter: ResourceFilter = Object.fromEntries(entries);
  const name = textArgument(invocation, "environment");
  const found = await session.useCases.readResources(session.context, name, filter);
  printAnswer(session, "resources", found, (width) => existingResourceLines(found, width));
  return exitCodes.done;
}
