/**
 * What TERRANE_HOME must be: a folder that we own and only we can write, since programs that run as us are started
 * from it. `bin/home.js` has the same rules for the time before TypeScript can run; one table of cases tests both.
 */
import { constants } from "node:fs";
import { access, lstat, mkdir, realpath, stat, statfs } from "node:fs/promises";
import { dirname, isAbsolute, resolve } from "node:path";
import { TerraneError } from "../errors.ts";

/** What an engine writes of its own while it works: a disk that fills up meanwhile ends it between two steps. */
const leastFreeBytes = 64 * 2 ** 20;

/** What is asked of the machine. */
export interface HomeProbe {
  /** Who we are; undefined where users have no numbers. */
  readonly uid: number | undefined;
  /** Bytes that we may still write to the disk of an existing folder. */
  readonly freeBytes: (folder: string) => Promise<number>;
}

const ownProbe: HomeProbe = {
  uid: process.getuid?.(),
  freeBytes: async (folder) => {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  },
};

/** What is wrong with the folder, for people; undefined when it can be used. Makes nothing. */
export async function homeProblem(
  home: string,
  { uid, freeBytes }: HomeProbe = ownProbe,
): Promise<string | undefined> {
  if (!isAbsolute(home)) return `TERRANE_HOME is not an absolute path: "${home}"`;
  const folder = resolve(home);
  const there = await isThere(folder);
  if (!there && (await isLink(folder))) return `a link that leads nowhere: ${folder}`;
  const looked = there ? folder : dirname(folder);
  if (!there && !(await isThere(looked))) {
    return `the folder that would hold TERRANE_HOME does not exist: ${looked}`;
  }
  const real = await realpath(looked);
  const status = await stat(real);
  if (!status.isDirectory()) return `not a folder: ${looked}`;
  if (there) {
    const where = real === folder ? folder : `${folder} (which leads to ${real})`;
    if (uid !== undefined && status.uid !== uid) return `the folder belongs to another user: ${where}`;
    if ((status.mode & 0o002) !== 0) return `anybody can write to the folder: ${where}`;
  }
  const writable = await access(real, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!writable) return `no permission to write: ${looked}`;
  const free = await freeBytes(real);
  return free < leastFreeBytes ? fullDisk(looked, free) : undefined;
}

/**
 * Makes the folder when it is missing.
 * @throws TerraneError `bad-home`
 */
export async function openHome(home: string): Promise<void> {
  const problem = await homeProblem(home);
  if (problem !== undefined) throw new TerraneError("bad-home", problem);
  await mkdir(home, { recursive: true, mode: 0o700 });
}

function fullDisk(folder: string, free: number): string {
  const [is, least] = [free, leastFreeBytes].map((bytes) => Math.floor(bytes / 2 ** 20));
  return `the disk of ${folder} is full: ${is} MiB are free, and ${least} are needed`;
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function isLink(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
}
