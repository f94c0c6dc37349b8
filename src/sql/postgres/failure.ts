/** What PostgreSQL's error codes mean to us: the connection is lost, try again, or an error of ours. */
import pg from "pg";
import { type ErrorCode, TerraneError } from "../../errors.ts";
import { type DatabaseUrl, formatDatabaseUrl } from "../../values/database-url.ts";

/** SQLSTATEs: https://www.postgresql.org/docs/current/errcodes-appendix.html (read 2026-11-21). */
const states = {
  badPassword: "28P01",
  badAuthorization: "28000",
  noSuchDatabase: "3D000",
  insufficientPrivilege: "42501",
  readOnly: "25006",
  diskFull: "53100",
  tooManyConnections: "53300",
  cannotConnectNow: "57P03",
  queryCanceled: "57014",
  lockNotAvailable: "55P03",
  serializationFailure: "40001",
  deadlockDetected: "40P01",
} as const;

/** What went wrong on the way to the server, rather than in it. */
const hopeless =
  /^(ENOTFOUND|ERR_TLS|ERR_SSL|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|HOSTNAME_MISMATCH|EACCES)/;
const noTls = "The server does not support SSL connections";
/** The driver's own words when the server wants a password and there is none, or its proof is wrong. */
const noPassword = /^SASL: |password must be a (?:non-empty )?string/;

/** The server's own code of an error; undefined where the error is none of the server's. */
export function stateOf(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}

/**
 * The connection is gone, or the server ends it: shut down, restarted, cut off, or its answer did not come in time.
 * What had been sent may have been done.
 */
export function isLost(error: unknown): boolean {
  // A refusal or a slip of our own code says nothing of the connection.
  if (error instanceof TerraneError || error instanceof TypeError || error instanceof RangeError)
    return false;
  if (!(error instanceof pg.DatabaseError)) return true;
  return error.severity === "FATAL" || error.severity === "PANIC" || (error.code ?? "").startsWith("08");
}

/** Nothing was done, and the same may succeed in a moment. */
export function isPassing(error: unknown): boolean {
  const state = stateOf(error);
  return (
    state === states.serializationFailure ||
    state === states.deadlockDetected ||
    state === states.lockNotAvailable ||
    state === states.queryCanceled
  );
}

/** No connection now, and perhaps in a moment: the server starts, is full, or the network is away. */
export function mayConnectLater(error: unknown): boolean {
  const state = stateOf(error);
  if (state !== undefined)
    return (
      state === states.cannotConnectNow || state === states.tooManyConnections || /^(08|57P)/.test(state)
    );
  const { code, message } = error as { code?: unknown; message?: unknown };
  return (
    isLost(error) &&
    !hopeless.test(String(code ?? "")) &&
    message !== noTls &&
    !noPassword.test(String(message))
  );
}

/** The failure in our words, without a password; anything unknown stays what it is. */
export function toTerraneError(error: unknown, url: DatabaseUrl): unknown {
  if (error instanceof TerraneError) return error;
  const make = (code: ErrorCode, what: string, next?: string) =>
    new TerraneError(code, `the database ${formatDatabaseUrl(url)} ${what}`, {
      cause: error,
      ...(next === undefined ? {} : { next }),
    });
  const who = url.user ?? "this user";
  switch (stateOf(error)) {
    case states.noSuchDatabase:
      return make("bad-url", "does not exist", `Make it: createdb ${url.database}`);
    case states.badPassword:
    case states.badAuthorization:
      return make("permission-denied", `lets ${who} not in`, "Check user and password of its URL.");
    case states.insufficientPrivilege:
      return make("permission-denied", `refuses ${who} what terrane needs`, `Make ${who} its owner.`);
    case states.readOnly:
      return make("database-unavailable", "is read-only", "Name the server that takes writes in its URL.");
    case states.diskFull:
      return make("disk-full", "cannot grow: its disk is full; what it held before is unharmed");
    case states.lockNotAvailable:
    case states.serializationFailure:
    case states.deadlockDetected:
      return make("database-unavailable", "stays locked by another process");
    case states.queryCanceled:
      return make("database-unavailable", "does not answer in time");
  }
  const { message } = error as Error;
  if (noPassword.test(message))
    return make("permission-denied", `asks ${who} for a password`, "Give it in the URL, or as PGPASSWORD.");
  if (message === noTls) return make("bad-url", "speaks no TLS", "Switch TLS on in the server (ssl = on).");
  return isLost(error) ? make("database-unavailable", `cannot be reached: ${reasonOf(error)}`) : error;
}

/** Several addresses fail with an error that holds one for each. */
function reasonOf(error: unknown): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error ? first.message : String(first);
}
