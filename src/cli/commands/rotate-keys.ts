/** `terrane state rotate-keys`: new keys for the secrets of states. */
import { type ExitCode, exitCodes, TerraneError } from "../../errors.ts";
import type { RotateKeysRequest } from "../../platform/rotate-keys.ts";
import { flagOption, type Invocation, textOption } from "../descriptor.ts";
import { rotatedLines } from "../output/rotate-keys.ts";
import { parseSecretSource } from "../secret-source.ts";
import { printAnswer, type Session } from "../session.ts";

export async function runRotateKeys(session: Session, invocation: Invocation): Promise<ExitCode> {
  const stack = textOption(invocation, "stack");
  const to = newOpener(invocation);
  const rotated = await session.useCases.rotateKeys(session.context, {
    startedBy: session.io.userName,
    dataKeys: flagOption(invocation, "dataKeys"),
    ...(stack === undefined ? {} : { stack }),
    ...(to === undefined ? {} : { to }),
  });
  printAnswer(session, "rotate-keys", rotated, (width) => rotatedLines(rotated, width));
  return exitCodes.done;
}

function newOpener(invocation: Invocation): RotateKeysRequest["to"] {
  const key = textOption(invocation, "key");
  const passphrase = parseSecretSource(textOption(invocation, "passphraseFrom"));
  if (key !== undefined && passphrase !== undefined) {
    throw new TerraneError("bad-usage", "--key and --passphrase-from exclude each other", {
      next: "Give the one that is to open the keys from now on.",
    });
  }
  if (key !== undefined) return { key };
  return passphrase === undefined ? undefined : { passphrase };
}
