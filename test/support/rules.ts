/**
 * What must be true after any fault, whatever it was: rules R1 to R8. Told from the outside: by the simulated clouds'
 * own database, the use cases that people have, the processes of this machine and the bytes on its disk.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { exitCodes, TerraneError } from "../../src/errors.ts";
import { environmentScope } from "../../src/ledger/lease.ts";
import { Ledger } from "../../src/ledger/ledger.ts";
import { ledgerMigrations } from "../../src/ledger/migrations.ts";
import { type Operation, outcomes } from "../../src/model/operation.ts";
import type { PlatformContext } from "../../src/platform/context.ts";
import { destroyEnvironment } from "../../src/platform/destroy.ts";
import { readResources } from "../../src/platform/resources.ts";
import { upEnvironment } from "../../src/platform/up.ts";
import type { Database, DatabaseLocation } from "../../src/sql/database.ts";
import { openDatabase } from "../../src/sql/open.ts";
import { stillRunning } from "./processes.ts";
import { applying } from "./project.ts";

/** More than any test does to one environment. */
const mostOperations = 1000;

/** What a fault has left, once the command after it has ended. */
export interface Aftermath {
  /** The project's folder: everything below it is searched for secrets. */
  readonly dir: string;
  readonly context: PlatformContext;
  readonly environment: string;
  /** Commands that were run, the last one last. */
  readonly runs: readonly {
    readonly argv: readonly string[];
    readonly code?: number;
    readonly stdout: string;
    readonly stderr: string;
  }[];
  /** Values of secret parameters, which nothing may hold in clear. */
  readonly canaries: readonly string[];
  /** Default: the project's file. */
  readonly ledger?: DatabaseLocation;
  /** Engines that may have been at work. */
  readonly engines?: readonly number[];
}

function ledgerOf({ dir, ledger }: Aftermath): DatabaseLocation {
  return ledger ?? { path: join(dir, ".terrane", "ledger.sqlite") };
}

export interface CloudObject {
  readonly type: string;
  readonly id: string;
  readonly urn: string;
}

/** Rules that are broken, in words; empty after a fault that was survived. R4 is {@link assertConverges}. */
export async function brokenRules(aftermath: Aftermath): Promise<readonly string[]> {
  const operations = await operationsOf(aftermath);
  const objects = readObjects(aftermath);
  const held = await readHeld(aftermath);
  return [
    ...everythingIsKnown(objects, held, operations),
    ...nothingIsTwice(objects, held),
    ...theOperationEnded(operations),
    ...(await nobodyHolds(aftermath, operations)),
    ...(await noSecretIsTold(aftermath)),
    ...(await theAuditTells(aftermath, operations)),
    ...theExitCodeFits(aftermath, operations),
  ];
}

/**
 * R4: what follows the command that goes on. `up` has nothing left to do, twice; `destroy` leaves clouds, record and
 * lease empty.
 * @param aftermath.destroyed the environment is gone already
 */
export async function brokenConvergence(
  aftermath: Aftermath & { readonly destroyed?: boolean },
): Promise<readonly string[]> {
  const { context, environment } = aftermath;
  const broken: string[] = [];
  if (aftermath.destroyed !== true) {
    for (const time of ["first", "second"] as const) {
      // The first one asks the engine about every stack, whatever the ledger says of them.
      const { result } = await upEnvironment(context, environment, applying({ full: time === "first" }));
      if (result !== "unchanged") broken.push(`R4: the ${time} up after it ${result}`);
    }
    const { result } = await destroyEnvironment(context, environment, applying());
    if (result !== "succeeded") broken.push(`R4: the destroy after it ${result}`);
  }
  const left = readObjects(aftermath).map(({ type, id }) => `${type} ${id}`);
  if (left.length > 0) broken.push(`R4: the clouds still hold ${left.join(", ")}`);
  return broken;
}

/** The cheap part of R4: by what the ledger and the states say, nothing is left to do. */
export async function brokenStillness({ context, environment }: Aftermath): Promise<readonly string[]> {
  const { result } = await upEnvironment(context, environment, applying());
  return result === "unchanged" ? [] : [`R4: the up after it ${result}`];
}

/** As they stand on record, newest first. */
async function operationsOf(aftermath: Aftermath): Promise<readonly Operation[]> {
  await using ledger = await Ledger.open(ledgerOf(aftermath));
  const operations = await ledger.history.list({ environment: aftermath.environment, limit: mostOperations });
  return operations;
}

/** What the simulated clouds hold. */
export function readObjects({ dir }: Pick<Aftermath, "dir">): readonly CloudObject[] {
  const database = new DatabaseSync(join(dir, ".terrane", "clouds.sqlite"), { readOnly: true });
  try {
    const rows = database.prepare("SELECT type, id, urn FROM objects WHERE owner IS NULL").all();
    return rows.map(({ type, id, urn }) => ({ type: `${type}`, id: `${id}`, urn: `${urn}` }));
  } finally {
    database.close();
  }
}

interface Held {
  readonly type: string;
  readonly id?: string | undefined;
  readonly urn: string;
}

async function readHeld({ context, environment }: Aftermath): Promise<readonly Held[]> {
  try {
    const { stacks } = await readResources(context, environment, {});
    return stacks.flatMap((stack) => stack.resources);
  } catch (error) {
    if (error instanceof TerraneError && error.code === "environment-not-found") return [];
    throw error;
  }
}

/** R1: an object of a cloud is in a state, or the newest operation names its resource as unknown. */
function everythingIsKnown(
  objects: readonly CloudObject[],
  held: readonly Held[],
  [latest]: readonly Operation[],
): readonly string[] {
  const known = new Set(held.map(({ type, id }) => `${type} ${id}`));
  const unknown = new Set(
    latest?.steps
      .flatMap((step) => step.resources)
      .filter((resource) => resource.outcome === "unknown")
      .map(({ urn }) => urn),
  );
  return objects
    .filter(({ type, id, urn }) => !known.has(`${type} ${id}`) && !unknown.has(urn))
    .map(({ type, id, urn }) => `R1: ${type} ${id} exists, no state has it and nothing names it (${urn})`);
}

/** R2: no two objects for one URN, neither in the clouds nor in the states. */
function nothingIsTwice(objects: readonly CloudObject[], held: readonly Held[]): readonly string[] {
  return [
    ...repeated(objects.map(({ urn }) => urn)).map((urn) => `R2: the clouds have ${urn} more than once`),
    ...repeated(held.map(({ urn }) => urn)).map((urn) => `R2: the states have ${urn} more than once`),
  ];
}

function repeated(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.filter((text, index) => texts.indexOf(text) !== index))];
}

/** R3: no operation is open, and each step says what became of it. */
function theOperationEnded(operations: readonly Operation[]): readonly string[] {
  const [latest] = operations;
  if (latest === undefined) return ["R3: there is no operation on record"];
  return [
    ...operations
      .filter(({ status }) => status === "running")
      .map(({ id, kind }) => `R3: ${kind} ${id} is still running on record`),
    ...(latest.status === "interrupted" ? [`R3: ${latest.kind} ${latest.id} was never gone on with`] : []),
    ...latest.steps
      .filter((step) => !outcomes.includes(step.outcome) || step.outcome === "unknown")
      .map((step) => `R3: the step ${step.id} ended as ${step.outcome}`),
  ];
}

/** R5: the lease is free, no engine is left, and whoever held it before can write nothing any more. */
async function nobodyHolds(aftermath: Aftermath, [latest]: readonly Operation[]): Promise<readonly string[]> {
  const { environment, engines = [] } = aftermath;
  await using ledger = await Ledger.open(ledgerOf(aftermath));
  const scope = environmentScope(environment);
  const { number, row } = await ledger.leases.look(scope);
  const old = { scope, number: number - 1, operation: latest?.id ?? "op-old" };
  const refused = await ledger.removeOutputs(old, environment, "no-such-stack").then(
    () => false,
    (error: unknown) => error instanceof TerraneError && error.code === "lease-lost",
  );
  const noted = await ledger.leases.enginesBefore({ ...old, number: number + 1 });
  return [
    ...(row === undefined ? [] : [`R5: ${row.operation} still holds the lease (${row.state})`]),
    ...(refused ? [] : ["R5: a write under an old lease was not refused"]),
    ...noted.map(({ stack }) => `R5: an engine of ${stack} is still noted`),
    ...(await stillRunning(engines)).map((pid) => `R5: the engine of process ${pid} still runs`),
  ];
}

/** R6: no secret value in any byte that was written or said, packed or not. */
async function noSecretIsTold(aftermath: Aftermath): Promise<readonly string[]> {
  const { dir, runs, canaries } = aftermath;
  const said = runs.map(({ argv, stdout, stderr }) => ({
    where: `the output of ${argv.join(" ")}`,
    bytes: Buffer.from(stdout + stderr),
  }));
  const files = (await readdir(dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const written = await Promise.all(
    files.map(async (file) => ({ where: file.slice(dir.length + 1), bytes: await readFile(file) })),
  );
  return [...said, ...written, ...(await unpackedOf(aftermath))].flatMap(({ where, bytes }) =>
    canaries
      .flatMap((canary) => [canary, Buffer.from(canary).toString("base64").replace(/=+$/, "")])
      .filter((text) => bytes.includes(text))
      .map(() => `R6: a secret stands in ${where}`),
  );
}

/** What the database keeps compressed: states, and what engines have said. */
async function unpackedOf(aftermath: Aftermath): Promise<readonly { where: string; bytes: Buffer }[]> {
  await using database = await openLedgerOf(aftermath);
  const tables = [
    { table: "checkpoints", unpack: zstdDecompressSync },
    { table: "journal", unpack: gunzipSync },
    { table: "engine_events", unpack: gunzipSync },
  ];
  const found = tables.map(async ({ table, unpack }) => {
    const rows = await database.read<{ bytes: Uint8Array }>(`SELECT bytes FROM ${table}`);
    return rows.map(({ bytes }) => ({ where: `the table ${table}`, bytes: unpack(bytes) }));
  });
  const all = await Promise.all(found);
  return [...all.flat()];
}

async function openLedgerOf(aftermath: Aftermath): Promise<Database & AsyncDisposable> {
  const database = await openDatabase({ ...ledgerOf(aftermath), migrations: ledgerMigrations });
  return Object.assign(database, { [Symbol.asyncDispose]: () => database.close() });
}

/** R7: who, what, when, and how it ended; and nobody has touched what the audit says. */
async function theAuditTells(
  aftermath: Aftermath,
  [latest]: readonly Operation[],
): Promise<readonly string[]> {
  const { environment } = aftermath;
  await using ledger = await Ledger.open(ledgerOf(aftermath));
  const { broken } = await ledger.audit.verify();
  const records = await ledger.audit.list({ environment, limit: 10_000 });
  const told = (what: string) =>
    records.some(
      (each) => each.operation === latest?.id && each.what === what && each.who !== "" && each.at !== "",
    );
  return [
    ...(broken === undefined ? [] : [`R7: the audit is broken: ${JSON.stringify(broken)}`]),
    ...(latest === undefined ? [] : ["operation begun", "operation ended"])
      .filter((what) => !told(what))
      .map((what) => `R7: no record says that ${latest?.id} was ${what}`),
  ];
}

const codeOf: { readonly [S in Operation["status"]]?: number } = {
  succeeded: exitCodes.done,
  failed: exitCodes.failed,
  cancelled: exitCodes.interrupted,
};

/** R8: the last command's exit code is that of how its operation ended. */
function theExitCodeFits({ runs }: Aftermath, [latest]: readonly Operation[]): readonly string[] {
  const last = runs.at(-1);
  if (last === undefined || latest === undefined) return [];
  const wanted = codeOf[latest.status];
  if (last.code === wanted) return [];
  return [`R8: ${last.argv.join(" ")} ended with ${last.code}, and its operation ${latest.status}`];
}
