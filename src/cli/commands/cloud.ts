/** `terrane cloud ls|show|rm`: look into the simulated clouds, or edit them behind terrane's back. */
import { type ExitCode, exitCodes, TerraneError } from "../../errors.ts";
import type { CloudFilter } from "../../platform/api.ts";
import { flagOption, type Invocation, textArgument, textOption } from "../descriptor.ts";
import { cloudListLines, cloudObjectLines } from "../output/cloud.ts";
import { line, styled } from "../output/line.ts";
import { targetBadge } from "../output/plan.ts";
import { printAnswer, type Session } from "../session.ts";

export async function runCloudList(session: Session, invocation: Invocation): Promise<ExitCode> {
  const entries = (["cloud", "region", "type", "environment"] as const).flatMap((key) => {
    const value = textOption(invocation, key);
    return value === undefined ? [] : [[key, value] as const];
  });
  const filter: CloudFilter = Object.fromEntries(entries);
  const objects = await session.useCases.listObjects(session.context, filter);
  printAnswer(session, "cloud-ls", { simulated: true, objects }, (width) => cloudListLines(objects, width));
  return exitCodes.done;
}

export async function runCloudShow(session: Session, invocation: Invocation): Promise<ExitCode> {
  const object = await session.useCases.showObject(session.context, idOf(invocation));
  printAnswer(session, "cloud-show", { simulated: true, object }, (width) => cloudObjectLines(object, width));
  return exitCodes.done;
}

export async function runCloudRemove(session: Session, invocation: Invocation): Promise<ExitCode> {
  const id = idOf(invocation);
  await session.useCases.removeObject(session.context, id, { force: flagOption(invocation, "force") });
  printAnswer(session, "cloud-rm", { simulated: true, removed: id }, () => [
    line(styled("delete", "- "), `removed ${id} by hand`, ...targetBadge("simulated")),
  ]);
  return exitCodes.done;
}

function idOf(invocation: Invocation): string {
  const id = textArgument(invocation, "id");
  if (id === undefined || id === "") throw new TerraneError("bad-usage", "the id of the object is missing");
  return id;
}
