/** `terrane state`: saved states of stacks, and bringing one back. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type ExitCode, exitCodes, messageOf, TerraneError } from "../../errors.ts";
import { type Invocation, textArgument, textOption } from "../descriptor.ts";
import { toJson } from "../output/json.ts";
import { line, styled } from "../output/line.ts";
import { checkpointLines, savedStackLines, shownStateLines, stateDifferenceLines } from "../output/state.ts";
import { printAnswer, type Session } from "../session.ts";

export async function runStateList(session: Session, invocation: Invocation): Promise<ExitCode> {
  const environment = textArgument(invocation, "environment");
  const stacks = await session.useCases.listSavedStacks(session.context, environment);
  const now = session.io.now();
  printAnswer(session, "state-list", { stacks }, (width) => savedStackLines(stacks, now, width));
  return exitCodes.done;
}

export async function runStateCheckpoints(session: Session, invocation: Invocation): Promise<ExitCode> {
  const stack = required(invocation, "stack");
  const checkpoints = await session.useCases.listCheckpoints(session.context, stack);
  const now = session.io.now();
  printAnswer(session, "state-checkpoints", { stack, checkpoints }, (width) =>
    checkpointLines(checkpoints, now, width),
  );
  return exitCodes.done;
}

export async function runStateShow(session: Session, invocation: Invocation): Promise<ExitCode> {
  const serial = serialOption(invocation, "serial");
  const state = await session.useCases.showState(session.context, required(invocation, "stack"), serial);
  printAnswer(session, "state-show", { state }, (width) => shownStateLines(state, width));
  return exitCodes.done;
}

export async function runStateDiff(session: Session, invocation: Invocation): Promise<ExitCode> {
  const to = textArgument(invocation, "to");
  const difference = await session.useCases.compareCheckpoints(session.context, {
    stack: required(invocation, "stack"),
    from: toSerial(required(invocation, "from")),
    ...(to === undefined ? {} : { to: toSerial(to) }),
  });
  printAnswer(session, "state-diff", { difference }, (width) => stateDifferenceLines(difference, width));
  const isSame = difference.resources.length === 0 && difference.others.length === 0;
  return isSame ? exitCodes.done : exitCodes.differences;
}

export async function runStateRestore(session: Session, invocation: Invocation): Promise<ExitCode> {
  const stack = required(invocation, "stack");
  const [serial, accept] = [serialOption(invocation, "serial"), textOption(invocation, "accept")];
  if ((serial === undefined) === (accept === undefined)) {
    throw new TerraneError("bad-usage", "name one of the two: --serial or --accept", {
      next: `terrane state checkpoints ${stack}`,
    });
  }
  const restored = await session.useCases.restoreState(session.context, {
    stack,
    restoring: serial === undefined ? { accept: accept ?? "" } : { serial },
    startedBy: session.io.userName,
  });
  const what = serial === undefined ? "what stands there is accepted" : `checkpoint ${serial} is back`;
  printAnswer(session, "state-restore", { restored }, () => [
    line(styled("good", "✓ "), `${what}, as checkpoint ${restored.serial} of `, styled("strong", stack)),
    line(styled("faint", `Next: terrane up${environmentOf(stack)}: it shows what the clouds have besides`)),
  ]);
  return exitCodes.done;
}

export async function runStateExport(session: Session, invocation: Invocation): Promise<ExitCode> {
  const serial = serialOption(invocation, "serial");
  const state = await session.useCases.exportState(session.context, required(invocation, "stack"), serial);
  session.out.write(`${toJson(state)}\n`);
  return exitCodes.done;
}

export async function runStatePush(session: Session, invocation: Invocation): Promise<ExitCode> {
  const [stack, file] = [required(invocation, "stack"), required(invocation, "file")];
  const over = serialOption(invocation, "over");
  const pushed = await session.useCases.pushState(session.context, {
    stack,
    text: await readText(resolve(session.context.dir, file), file),
    startedBy: session.io.userName,
    ...(over === undefined ? {} : { over }),
  });
  printAnswer(session, "state-push", { pushed }, () => [
    line(
      styled("good", "✓ "),
      `checkpoint ${pushed.serial} of `,
      styled("strong", stack),
      ` is what ${file} says`,
    ),
  ]);
  return exitCodes.done;
}

async function readText(path: string, shown: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new TerraneError("bad-usage", `${shown} cannot be read: ${messageOf(cause)}`, { cause });
  }
}

function required(invocation: Invocation, name: string): string {
  const value = textArgument(invocation, name);
  if (value === undefined || value === "") throw new TerraneError("bad-usage", `the ${name} is missing`);
  return value;
}

function serialOption(invocation: Invocation, name: string): number | undefined {
  const value = textOption(invocation, name);
  return value === undefined ? undefined : toSerial(value);
}

function toSerial(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new TerraneError("bad-usage", `"${text}" is no serial: a whole number from 1 on`);
}

/** Stacks of plain Pulumi projects belong to none. */
function environmentOf(stack: string): string {
  return stack.includes("/") ? "" : ` ${stack.split(".")[0]}`;
}
