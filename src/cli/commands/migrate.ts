/** `terrane migrate`: states to another Pulumi backend, or from one. */
import { type ExitCode, exitCodes, TerraneError } from "../../errors.ts";
import type { MigrateRequest } from "../../platform/migrate.ts";
import { flagOption, type Invocation, listOption, textOption } from "../descriptor.ts";
import { migrationLines } from "../output/migration.ts";
import { parseSecretSource } from "../secret-source.ts";
import { printAnswer, type Session } from "../session.ts";

export async function runMigrate(session: Session, invocation: Invocation): Promise<ExitCode> {
  const passphrase = parseSecretSource(textOption(invocation, "passphraseFrom"));
  const migration = await session.useCases.migrateStates(session.context, {
    ...whereOf(invocation),
    startedBy: session.io.userName,
    ...(passphrase === undefined ? {} : { passphrase }),
  });
  printAnswer(session, "migrate", migration, (width) => migrationLines(migration, width));
  return exitCodes.done;
}

function whereOf(invocation: Invocation): Pick<MigrateRequest, "direction" | "url" | "stacks"> {
  const [to, from] = [textOption(invocation, "to"), textOption(invocation, "from")];
  const stacks = listOption(invocation, "stack");
  const all = flagOption(invocation, "all");
  if (to !== undefined && from !== undefined) throw excluding("--to and --from");
  if (all && stacks.length > 0) throw excluding("--all and --stack");
  const url = to ?? from;
  if (url === undefined) return { direction: "from", stacks };
  return { direction: to === undefined ? "from" : "to", url, stacks };
}

function excluding(flags: string): TerraneError {
  return new TerraneError("bad-usage", `${flags} exclude each other`, { next: "Give one of them." });
}
