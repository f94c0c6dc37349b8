/**
 * TERRANE_HOME as setup and the `terrane` command see it before TypeScript can run. `src/engine/home.ts` has the same
 * rules; one table of cases tests both.
 */
import fs, { accessSync, constants, existsSync, lstatSync, mkdirSync, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";

/** TERRANE_HOME, or `~/.terrane`. */
export function homeOf(environment) {
  const given = environment.TERRANE_HOME;
  return given === undefined || given === "" ? join(homedir(), ".terrane") : given;
}

const leastFreeBytes = 64 * 2 ** 20;

const ownProbe = {
  uid: process.getuid?.(),
  freeBytes: (folder) => {
    // Node has it from 18.15 on.
    const disk = fs.statfsSync?.(folder);
    return disk === undefined ? Number.POSITIVE_INFINITY : disk.bavail * disk.bsize;
  },
};

/** What is wrong with the folder, for people; undefined when it can be used. Makes nothing. */
export function homeProblem(home, { uid, freeBytes } = ownProbe) {
  if (!isAbsolute(home)) return `TERRANE_HOME is not an absolute path: "${home}"`;
  const folder = resolve(home);
  const there = existsSync(folder);
  if (!there && lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) {
    return `a link that leads nowhere: ${folder}`;
  }
  const looked = there ? folder : dirname(folder);
  if (!existsSync(looked)) return `the folder that would hold TERRANE_HOME does not exist: ${looked}`;
  const real = realpathSync(looked);
  const status = statSync(real);
  if (!status.isDirectory()) return `not a folder: ${looked}`;
  if (there) {
    const where = real === folder ? folder : `${folder} (which leads to ${real})`;
    if (uid !== undefined && status.uid !== uid) return `the folder belongs to another user: ${where}`;
    if ((status.mode & 0o002) !== 0) return `anybody can write to the folder: ${where}`;
  }
  try {
    accessSync(real, constants.W_OK | constants.X_OK);
  } catch {
    return `no permission to write: ${looked}`;
  }
  const free = freeBytes(real);
  return free < leastFreeBytes ? fullDisk(looked, free) : undefined;
}

function fullDisk(folder, free) {
  const [is, least] = [free, leastFreeBytes].map((bytes) => Math.floor(bytes / 2 ** 20));
  return `the disk of ${folder} is full: ${is} MiB are free, and ${least} are needed`;
}

/** The folder, made when missing. Throws `bad-home`. */
export function openHome(environment) {
  const home = homeOf(environment);
  const problem = homeProblem(home);
  if (problem !== undefined) {
    throw new SetupError(
      `bad-home: ${problem}`,
      "Point TERRANE_HOME at a folder that you own and only you can write.",
      64,
    );
  }
  mkdirSync(home, { recursive: true, mode: 0o700 });
  return resolve(home);
}

/** A refusal with what to do next and the exit code of the command line. */
export class SetupError extends Error {
  constructor(message, next, exitCode = 69) {
    super(message);
    this.next = next;
    this.exitCode = exitCode;
  }
}
