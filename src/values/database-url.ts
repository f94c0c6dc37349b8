/**
 * The URL of a PostgreSQL database, read strictly: what a driver would guess at or ignore is refused. A password in it
 * is never part of a message, and of no text that is made of the URL.
 */
import { isIP } from "node:net";
import type { Refusal } from "./refusal.ts";
import { Secret } from "./secret.ts";

/**
 * How the way to the server is protected, weakest first, with libpq's words:
 * https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-SSLMODE-STATEMENTS (read 2026-11-21).
 * `disable`: not at all; `require`: encrypted, whoever the server is; `verify-ca`: its certificate is checked;
 * `verify-full`: its name as well.
 */
export const tlsModes = ["disable", "require", "verify-ca", "verify-full"] as const;
export type TlsMode = (typeof tlsModes)[number];

export interface DatabaseUrl {
  /** Name or address of the host, or the folder of its socket. */
  readonly host: string;
  readonly port: number;
  /** Absent: who runs the process. */
  readonly user?: string;
  /** Absent: the server asks for none. */
  readonly password?: Secret<string>;
  readonly database: string;
  readonly tls: TlsMode;
  /** PEM file of the authorities that may sign the server's certificate; absent: those of Node. */
  readonly rootCertificate?: string;
}

export type ParsedDatabaseUrl =
  | { readonly ok: true; readonly url: DatabaseUrl }
  | { readonly ok: false; readonly refusal: Refusal<"bad-url"> };

const allowed = "postgresql://user@host:5432/database?sslmode=verify-full";
const defaultPort = 5432;
const parameters = ["host", "sslmode", "sslrootcert"] as const;
/** libpq's modes that fall back to no encryption without a word. */
const mayGoWithout = ["allow", "prefer"];

/** Reads `postgresql://user:password@host:port/database?sslmode=…`. */
export function parseDatabaseUrl(text: string): ParsedDatabaseUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return refuse("this is no URL");
  if (url.protocol !== "postgres:" && url.protocol !== "postgresql:")
    return refuse(`${url.protocol}// is no database that terrane knows`);
  const known: readonly string[] = parameters;
  for (const name of url.searchParams.keys()) {
    if (!known.includes(name)) return refuse(`the parameter "${name}" is not known`, parameters.join(", "));
    if (url.searchParams.getAll(name).length > 1) return refuse(`the parameter "${name}" stands there twice`);
  }
  if (url.hash !== "") return refuse("a # does not belong here: write %23 for one in a password");
  const parts = decodeParts(url);
  const socket = url.searchParams.get("host");
  if (socket !== null && !isSocket(socket))
    return refuse("host= names the folder of a socket, from the root on");
  if (parts === undefined) return refuse("a % is not followed by two hexadecimal digits: write %25 for it");
  if (parts.host === "") return refuse("the host is missing");
  if (parts.database === "") return refuse("the name of the database is missing");
  if (parts.database.includes("/")) return refuse("the name of the database holds a slash");
  return withTls(parts, url.searchParams);
}

/** The URL for people and machines, never with its password. */
export function formatDatabaseUrl({ host, port, user, database, tls }: DatabaseUrl): string {
  const who = user === undefined ? "" : `${encodeURIComponent(user)}@`;
  const name = isSocket(host) ? "localhost" : isIP(host) === 6 ? `[${host}]` : host;
  const query = isSocket(host) ? `host=${encodeURIComponent(host)}` : `sslmode=${tls}`;
  return `postgresql://${who}${name}:${port}/${encodeURIComponent(database)}?${query}`;
}

type Parts = Pick<DatabaseUrl, "host" | "port" | "user" | "password" | "database">;

function decodeParts(url: URL): Parts | undefined {
  try {
    const user = decodeURIComponent(url.username);
    const password = decodeURIComponent(url.password);
    return {
      host: url.searchParams.get("host") ?? decodeURIComponent(url.hostname).replace(/^\[|\]$/g, ""),
      port: url.port === "" ? defaultPort : Number(url.port),
      ...(user === "" ? {} : { user }),
      ...(password === "" ? {} : { password: new Secret(password) }),
      database: decodeURIComponent(url.pathname.slice(1)),
    };
  } catch {
    return undefined;
  }
}

function withTls(parts: Parts, query: URLSearchParams): ParsedDatabaseUrl {
  const isNear = isLoopback(parts.host);
  const mode = query.get("sslmode") ?? (isNear ? "disable" : "verify-full");
  const rootCertificate = query.get("sslrootcert");
  if (rootCertificate !== null && !rootCertificate.startsWith("/"))
    return refuse("sslrootcert= names a file, from the root on");
  const remote = tlsModes.slice(1).join(", ");
  if (mayGoWithout.includes(mode))
    return refuse(
      `sslmode=${mode} goes without encryption where the server has none`,
      isNear ? tlsModes.join(", ") : remote,
    );
  const tls = tlsModes.find((each) => each === mode);
  if (tls === undefined) return refuse(`sslmode=${mode} is not known`, isNear ? tlsModes.join(", ") : remote);
  if (tls === "disable" && !isNear)
    return refuse(
      `sslmode=disable sends everything in clear to ${parts.host}, which is not this machine`,
      remote,
    );
  return {
    ok: true,
    url: { ...parts, tls, ...(rootCertificate === null ? {} : { rootCertificate }) },
  };
}

/** A host that no network lies before: this machine's loopback (RFC 1122 3.2.1.3, RFC 4291 2.5.3) or a socket file. */
function isLoopback(host: string): boolean {
  return (
    isSocket(host) || host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."))
  );
}

function isSocket(host: string): boolean {
  return host.startsWith("/");
}

function refuse(message: string, instead: string = allowed): ParsedDatabaseUrl {
  return { ok: false, refusal: { code: "bad-url", message, allowed: instead } };
}
