/** Programs in Go that tests need: built from a folder of test/ once for each state of its sources. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, mkdir, readdir, readFile, rename } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

/** Where Go's own installer puts it (https://go.dev/doc/install, 2026-11-21), should PATH not say so. */
const goFolder = "/usr/local/go/bin";

/**
 * @param name of its folder
 * @param variables of its packages that the linker sets
 * @returns the path of the executable
 */
export async function buildGoProgram(
  name: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<string> {
  const sources = join(import.meta.dirname, "..", name);
  const cache = join(import.meta.dirname, "..", "..", "node_modules", ".cache", name);
  const file = join(cache, await digestOf(sources), name);
  if (await isThere(file)) return file;
  await mkdir(join(file, ".."), { recursive: true });
  const aside = `${file}.${process.pid}`;
  const flags = ["-s", "-w", ...Object.entries(variables).map(([key, value]) => `-X ${key}=${value}`)].join(
    " ",
  );
  await promisify(execFile)(
    "go",
    ["build", "-buildvcs=false", "-mod=readonly", "-ldflags", flags, "-o", aside, "."],
    { cwd: sources, env: { ...process.env, PATH: `${process.env["PATH"]}${delimiter}${goFolder}` } },
  ).catch((cause) => {
    throw new Error(`${name} could not be built: Go must be on PATH, as for building the engine`, { cause });
  });
  await rename(aside, file);
  return file;
}

async function digestOf(folder: string): Promise<string> {
  const digest = createHash("sha256");
  for (const file of (await readdir(folder)).sort()) digest.update(await readFile(join(folder, file)));
  return digest.digest("hex").slice(0, 16);
}

function isThere(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
