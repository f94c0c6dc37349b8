/**
 * A PostgreSQL server of the tests' own, from Debian's package: a cluster in a temporary folder, on a loopback port,
 * with a password, synced to disk as in production. The server refuses to run as root, so root runs it as another user.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chownSync,
  existsSync,
  globSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import pg from "pg";
import { type DatabaseUrl, parseDatabaseUrl } from "../../src/values/database-url.ts";

export const postgresPassword = "canary-p%40ss/word";
const user = "terrane";

/** Folder of `postgres` and `initdb`: Debian keeps them off PATH. */
const programs = [
  ...(process.env["PATH"] ?? "").split(delimiter),
  ...globSync("/usr/lib/postgresql/*/bin").sort().reverse(),
].find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")));

/** `describe.skipIf(!hasPostgres)`: `npm test` installs it where it can, and says what is missing where it cannot. */
export const hasPostgres = programs !== undefined;

export interface PostgresServer extends AsyncDisposable {
  readonly port: number;
  /** Text of the URL of a new, empty database, password included. */
  createDatabase(): Promise<string>;
  /** Ends the server as a machine that loses its power does, and lets it recover. */
  crash(): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
}

export async function startPostgres(): Promise<PostgresServer> {
  if (programs === undefined) throw new Error("PostgreSQL is missing: apt-get install postgresql");
  const bin = programs;
  const as = otherUser();
  const folder = mkdtempSync(join(tmpdir(), "terrane-postgres-"));
  if (as !== undefined) chownSync(folder, as.uid, as.gid);
  const data = join(folder, "data");
  run("cp", ["-a", emptyCluster(bin, as), data], folder, as);
  const port = await freePort();
  let server: ChildProcess | undefined;
  let count = 0;

  const start = async (): Promise<void> => {
    const settings = {
      listen_addresses: "127.0.0.1",
      unix_socket_directories: "",
      fsync: "on",
      // A second by default, and tests that bring deadlocks about would take many.
      deadlock_timeout: "20ms",
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const child = spawn(join(bin, "postgres"), ["-D", data, "-p", String(port), ...flags], {
      ...as,
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
    server = child;
    let log = "";
    await new Promise<void>((resolve, reject) => {
      child.once("exit", (code) => reject(new Error(`postgres ended (${code}): ${log}`)));
      child.stderr?.setEncoding("utf8").on("data", (text: string) => {
        log += text;
        if (text.includes("ready to accept connections")) resolve();
      });
    });
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    server.kill(signal);
    await once(server, "exit");
  };
  const endAtExit = () => server?.kill("SIGQUIT");
  process.once("exit", endAtExit);
  await start();

  return {
    port,
    createDatabase: async () => {
      count += 1;
      const name = `database_${count}`;
      const client = new pg.Client({
        host: "127.0.0.1",
        port,
        user,
        password: postgresPassword,
        database: "postgres",
      });
      await client.connect();
      await client.query(`CREATE DATABASE ${name}`);
      await client.end();
      return `postgresql://${user}:${encodeURIComponent(postgresPassword)}@127.0.0.1:${port}/${name}`;
    },
    // SIGQUIT is "immediate shutdown": no goodbye, the next start replays the log.
    crash: async () => {
      await end("SIGQUIT");
      await start();
    },
    stop: () => end("SIGINT"),
    start,
    [Symbol.asyncDispose]: async () => {
      await end("SIGINT");
      process.off("exit", endAtExit);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Making one takes seconds, so it is made once for this user and version, and copied from then on. */
function emptyCluster(bin: string, as: User | undefined): string {
  const version = run(join(bin, "postgres"), ["--version"], "/", as).replace(/[^\d.]+/g, "-");
  const cluster = join(tmpdir(), `terrane-postgres${version}for-${as?.uid ?? process.getuid?.() ?? ""}`);
  if (existsSync(cluster)) return cluster;
  const folder = mkdtempSync(`${cluster}-`);
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, postgresPassword);
  if (as !== undefined) for (const path of [folder, passwordFile]) chownSync(path, as.uid, as.gid);
  const made = join(folder, "data");
  const flags = [
    "-U",
    user,
    "-E",
    "UTF8",
    "--locale=C.UTF-8",
    "-A",
    "scram-sha-256",
    "--pwfile",
    passwordFile,
  ];
  run(join(bin, "initdb"), ["-D", made, ...flags], folder, as);
  try {
    renameSync(made, cluster);
  } catch (error) {
    // Another test was quicker.
    if (!existsSync(cluster)) throw error;
  }
  rmSync(folder, { recursive: true, force: true });
  return cluster;
}

function run(program: string, flags: readonly string[], cwd: string, as: User | undefined): string {
  const { status, stdout, stderr, error } = spawnSync(program, flags, { ...as, cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program}: ${error?.message ?? stderr}`);
  return stdout;
}

/** The URL as the code under test takes it. */
export function databaseUrl(text: string): DatabaseUrl {
  const parsed = parseDatabaseUrl(text);
  if (!parsed.ok) throw new Error(parsed.refusal.message);
  return parsed.url;
}

interface User {
  readonly uid: number;
  readonly gid: number;
}

function otherUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  const found = ["postgres", "nobody"]
    .map((name) => lines.find((line) => line.startsWith(`${name}:`)))
    .find((line) => line !== undefined);
  const [, , uid, gid] = found?.split(":") ?? [];
  if (uid === undefined || gid === undefined) throw new Error("there is no user to run PostgreSQL as");
  return { uid: Number(uid), gid: Number(gid) };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
