/** What the system says of a disk that is full, in terrane's words. Pure. */
import { TerraneError } from "../errors.ts";

/** errno(3): no space, and no more of it for this user. */
const codes = ["ENOSPC", "EDQUOT"];

/** Undefined for any other failure. */
export function asDiskFull(thrown: unknown): TerraneError | undefined {
  if (!(thrown instanceof Error) || thrown instanceof TerraneError) return undefined;
  const { code, path } = thrown as NodeJS.ErrnoException;
  if (code === undefined || !codes.includes(code)) return undefined;
  const where = path === undefined ? "a disk that terrane writes to" : `the disk of ${path}`;
  return new TerraneError("disk-full", `${where} is full`, {
    cause: thrown,
    ...(path === undefined ? {} : { details: { path } }),
  });
}

/** Whether that is what a Go program says. */
export function saysDiskFull(words: string): boolean {
  return /no space left on device|disk quota exceeded/i.test(words);
}
