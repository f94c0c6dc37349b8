/**
 * Finds the pinned Pulumi engine: on PATH, then below TERRANE_HOME. Never installs anything, and must not load
 * Pulumi's SDK: `doctor` and `version` ask here.
 */
import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, readFile, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import { z } from "zod";
import { TerraneError } from "../errors.ts";
import { pinnedEngineVersion } from "./version.ts";

export interface FoundEngine {
  /** Absolute path of the `pulumi` executable. */
  readonly command: string;
  /** Always the pinned one. */
  readonly version: string;
  readonly origin: "PATH" | "TERRANE_HOME";
}

export interface EngineSearch {
  /** TERRANE_HOME, absolute. */
  readonly home: string;
  /** The caller's PATH; undefined or empty: not looked at. */
  readonly path: string | undefined;
}

/** Where setup puts the engine. */
export function enginePath(home: string): string {
  return join(home, "engine", pinnedEngineVersion, "bin", "pulumi");
}

/**
 * The pinned engine. The executable is run once per process to ask for its version.
 * @throws TerraneError `engine-version` when every engine found has another version, `engine-missing` when there is
 * none; `details.looked` lists what was looked at.
 */
export async function findEngine(search: EngineSearch): Promise<FoundEngine> {
  const own = enginePath(search.home);
  const candidates: { readonly command: string; readonly origin: FoundEngine["origin"] }[] = [
    ...(search.path ?? "")
      .split(delimiter)
      .filter((folder) => isAbsolute(folder))
      .map((folder) => ({ command: join(folder, "pulumi"), origin: "PATH" as const })),
    { command: own, origin: "TERRANE_HOME" },
  ];
  const looked: { path: string; found: string }[] = [];
  for (const { command, origin } of candidates) {
    if (!(await isExecutable(command))) continue;
    const verified = origin === "TERRANE_HOME" && (await isVerified(command));
    const version = verified ? pinnedEngineVersion : await askVersion(command, search.home);
    if (version === pinnedEngineVersion) return { command, version, origin };
    looked.push({ path: command, found: version ?? "does not tell its version" });
  }
  const found = looked.map((each) => `${each.path}: ${each.found}`).join("; ");
  throw new TerraneError(
    looked.length > 0 ? "engine-version" : "engine-missing",
    looked.length > 0
      ? `Pulumi ${pinnedEngineVersion} is needed exactly; found ${found}`
      : `no Pulumi ${pinnedEngineVersion}: neither on PATH nor at ${own}`,
    { details: { pinned: pinnedEngineVersion, looked, expectedAt: own } },
  );
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** Setup ran the very file it put there and left size and time of change beside it: no need to start it again. */
async function isVerified(command: string): Promise<boolean> {
  try {
    const noted = verifiedSchema.parse(JSON.parse(await readFile(`${command}.verified.json`, "utf8")));
    const { size, mtimeMs } = await stat(command);
    return (
      noted.version === pinnedEngineVersion && noted.size === size && noted.mtimeMs === Math.trunc(mtimeMs)
    );
  } catch {
    return false;
  }
}

const verifiedSchema = z.object({ version: z.string(), size: z.number(), mtimeMs: z.number() });

const asked = new Map<string, Promise<string | undefined>>();

/** `3.250.0`; undefined when the executable gives no version within 10 s. */
function askVersion(command: string, home: string): Promise<string | undefined> {
  const known = asked.get(command);
  if (known !== undefined) return known;
  const answer = new Promise<string | undefined>((resolve) => {
    const environment = { PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_HOME: join(home, "pulumi") };
    execFile(command, ["version"], { env: environment, timeout: 10_000 }, (error, stdout) => {
      resolve(error === null ? /^v?(\d+\.\d+\.\d+\S*)\s*$/.exec(stdout)?.[1] : undefined);
    });
  });
  asked.set(command, answer);
  return answer;
}
