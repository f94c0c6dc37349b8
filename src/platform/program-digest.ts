/** One digest over the sources of all programs and contracts: a plan is only good for the programs it was made with. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const stacksFolder = fileURLToPath(new URL("../../stacks/", import.meta.url));

let known: Promise<string> | undefined;

/** SHA-256, hexadecimal; computed once per process. */
export function programDigest(): Promise<string> {
  known ??= digestOf(stacksFolder);
  return known;
}

async function digestOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && [".ts", ".js"].includes(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash("sha256");
  for (const file of files) {
    hash.update(file.slice(folder.length)).update("\0");
    hash.update(await readFile(file)).update("\0");
  }
  return hash.digest("hex");
}
