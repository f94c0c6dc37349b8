/**
 * Removes what a killed engine leaves in a state folder: its lock, which the engine itself never lets expire. Only locks
 * whose process on this machine is gone; who may write at all is for the ledger's lease.
 */
import { readdir, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { projectName } from "./project.ts";

/** Source: `pkg/backend/diy/lock.go` of Pulumi 3.250.0. */
const lockSchema = z.object({ pid: z.int().positive(), hostname: z.string() });

/** `stateUrl`: only those of folders have such locks. */
export async function removeDeadLocks(stateUrl: string, stack: string): Promise<void> {
  if (!stateUrl.startsWith("file://")) return;
  const folder = join(fileURLToPath(stateUrl), ".pulumi", "locks", "organization", projectName, stack);
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  for (const name of names.filter((each) => each.endsWith(".json"))) {
    const file = join(folder, name);
    if (await isDead(file)) {
      await rm(file, { force: true });
      await rm(`${file}.attrs`, { force: true });
    }
  }
}

// What cannot be read is left alone: it may be just being written.
async function isDead(file: string): Promise<boolean> {
  try {
    const lock = lockSchema.parse(JSON.parse(await readFile(file, "utf8")));
    return lock.hostname === hostname() && !(await runsEngine(lock.pid));
  } catch {
    return false;
  }
}

/** Whether the process lives and is an engine: its number may have been given to another one since. */
async function runsEngine(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  // Where there is no such file, a living process counts as the engine.
  return readFile(`/proc/${pid}/cmdline`, "utf8").then(
    (command) => command.includes("pulumi"),
    () => true,
  );
}
