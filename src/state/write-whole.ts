/** Writes a file so that whoever reads it, now or after a crash, sees the old text or the new one. */
import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** Mode of files that nobody else may read. */
export const privateMode = 0o600;

/** On disk before this returns, name and all. @param mode default: what the process makes files with */
export async function writeWhole(file: string, text: string, mode?: number): Promise<void> {
  const aside = await writeAside(file, text, mode);
  try {
    await rename(aside, file);
  } finally {
    await rm(aside, { force: true });
  }
  await syncFolder(dirname(file));
}

/** Writes beside a file and answers where; the text is on disk, and what becomes of it is the caller's. */
export async function writeAside(file: string, text: string, mode?: number): Promise<string> {
  const aside = `${file}.${randomBytes(6).toString("hex")}.tmp`;
  const handle = await open(aside, "wx", mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  return aside;
}

/** A new name is on disk only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
