/** Where engine, toolchain and plugins lie: what `TERRANE_HOME` says, or below the user's own folder. */
import { isAbsolute, join, resolve } from "node:path";
import { TerraneError } from "../../errors.ts";

/** @throws TerraneError `bad-home` when what is given is not absolute */
export function homeFolder(given: string | undefined, userHome: string): string {
  if (given === undefined || given === "") return join(userHome, ".terrane");
  if (isAbsolute(given)) return resolve(given);
  throw new TerraneError("bad-home", `TERRANE_HOME is not an absolute path: "${given}"`);
}
