/** PULUMI_HOME: the engine's own folder below TERRANE_HOME. */
import { lstat, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openHome } from "./home.ts";

/** Where it is, whether or not it is there yet. */
export function engineHome(home: string): string {
  return join(home, "pulumi");
}

/**
 * Makes it where it is missing.
 * @throws TerraneError `bad-home`
 */
export async function openEngineHome(home: string): Promise<string> {
  await openHome(home);
  const folder = engineHome(home);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await keepLogsOut(join(folder, "logs"));
  return folder;
}

const why = `The Pulumi engine would keep debug logs in a folder of this name, with every input of every resource.
terrane keeps it from that by this file: half of the engine's time went into them, and nobody read them.
`;

/**
 * Every engine writes all its debug messages to a file of its own in a folder `logs`, at the highest level, and looks
 * through all that others left there; no setting of 3.250.0 says that it should not. Where the folder cannot be made, it
 * goes on without (`StartLogging` in `pkg/logging/encrypted.go`).
 */
async function keepLogsOut(logs: string): Promise<void> {
  const status = await lstat(logs).catch(() => undefined);
  if (status?.isFile()) return;
  try {
    await rm(logs, { recursive: true, force: true, maxRetries: 3 });
    await writeFile(logs, why, { flag: "wx", mode: 0o600 });
  } catch {
    // An engine that keeps its logs is slower and no worse; another process may have been quicker, too.
  }
}
