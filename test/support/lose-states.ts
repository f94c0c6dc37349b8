/** Takes what terrane keeps away from under it, or back to an earlier day: the clouds stay as they are. */
import { cp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import type { TestProject } from "./project.ts";

const clouds = "clouds";

/** Every state is gone, as after an emptied bucket or a dropped table; the record of environments is kept. */
export async function loseStates({ dir }: TestProject): Promise<void> {
  await rm(join(dir, ".terrane", "state", ".pulumi"), { recursive: true, force: true });
  const database = new DatabaseSync(join(dir, ".terrane", "ledger.sqlite"));
  const isThere = database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?");
  for (const table of ["engine_events", "journal", "checkpoints", "updates", "stacks"]) {
    if (isThere.get(table) !== undefined) database.exec(`DELETE FROM ${table}`);
  }
  database.close();
}

/** A copy of states and ledger, to bring back later. */
export async function backUp({ dir }: TestProject): Promise<{ restore(): Promise<void> }> {
  const copy = join(dir, "backup");
  await cp(join(dir, ".terrane"), copy, { recursive: true });
  return {
    restore: async () => {
      await loseEverything({ dir });
      for (const name of await ours(copy)) {
        await cp(join(copy, name), join(dir, ".terrane", name), { recursive: true });
      }
    },
  };
}

/** A copy of the ledger's database alone: what this machine remembers of it stays where it is. */
export async function backUpDatabase({
  dir,
}: Pick<TestProject, "dir">): Promise<{ restore(): Promise<void> }> {
  const [file, copy] = [join(dir, ".terrane", "ledger.sqlite"), join(dir, `ledger-${backups++}.sqlite`)];
  const database = new DatabaseSync(file, { readOnly: true });
  await backup(database, copy);
  database.close();
  return {
    restore: async () => {
      for (const end of ["", "-wal", "-shm"]) await rm(`${file}${end}`, { force: true });
      await cp(copy, file);
    },
  };
}

let backups = 1;

/** States and ledger are gone: only the clouds know. */
export async function loseEverything({ dir }: Pick<TestProject, "dir">): Promise<void> {
  for (const name of await ours(join(dir, ".terrane"))) {
    await rm(join(dir, ".terrane", name), { recursive: true, force: true });
  }
}

async function ours(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => !name.startsWith(clouds));
}
