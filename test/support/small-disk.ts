/** A small disk of a test's own, mounted where only one process and what it starts see it. */
import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";

/** Shell words that mount one at the folder `$0` and become the command after it. */
const mounting = (mebibytes: number): readonly string[] => [
  "-Urm",
  "sh",
  "-c",
  `mount -t tmpfs -o size=${mebibytes}m tmpfs "$0" && exec "$@"`,
];

export interface SmallDisk {
  /** An empty folder: the disk is there for the command only. */
  readonly folder: string;
  readonly mebibytes: number;
}

/** What the command prints. */
export async function runOnSmallDisk(
  { folder, mebibytes }: SmallDisk,
  command: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const { stdout } = await promisify(execFile)("unshare", [...mounting(mebibytes), folder, ...command], {
    env,
    maxBuffer: 2 ** 26,
  });
  return stdout;
}

/** It needs a kernel that lets anybody have namespaces. */
export function hasSmallDisks(): boolean {
  try {
    execFileSync("unshare", [...mounting(1), "/mnt", "true"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
