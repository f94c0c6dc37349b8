/** What SQLite's result codes mean to us: wait and try again, or an error of ours. */
import { type ErrorCode, TerraneError } from "../../errors.ts";

/** Primary result codes: https://sqlite.org/rescode.html */
const resultCodes = {
  perm: 3,
  busy: 5,
  locked: 6,
  readonly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cantOpen: 14,
  notADb: 26,
};

function resultCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | undefined)?.errcode;
  return typeof code === "number" ? code & 0xff : undefined;
}

/** Another connection holds the lock. */
export function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code === resultCodes.busy || code === resultCodes.locked;
}

/** The failure in our words; anything unknown stays what it is. */
export function toTerraneError(error: unknown, path: string): unknown {
  const code = resultCode(error);
  const system = (error as { code?: unknown } | undefined)?.code;
  const make = (terrane: ErrorCode, what: string) =>
    new TerraneError(terrane, `the database ${path} ${what}`, { cause: error });
  if (code === resultCodes.busy || code === resultCodes.locked)
    return make("database-unavailable", "stays locked by another process");
  if (code === resultCodes.corrupt || code === resultCodes.notADb)
    return make("state-corrupt", "cannot be read");
  if (code === resultCodes.full || system === "ENOSPC" || system === "EDQUOT")
    return make("disk-full", "cannot grow: its disk is full; what it held before is unharmed");
  if (code === resultCodes.ioError || system === "EIO")
    return make(
      "database-unavailable",
      "could not be brought to disk: what it has of the last changes shows once it is opened again",
    );
  if (
    code === resultCodes.perm ||
    code === resultCodes.readonly ||
    code === resultCodes.cantOpen ||
    system === "EACCES" ||
    system === "EPERM" ||
    system === "EROFS"
  )
    return make("permission-denied", "cannot be opened or written");
  return error;
}
