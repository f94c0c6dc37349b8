/**
 * Whether the database was put back to an earlier day. Nothing inside it can tell: so each machine keeps, beside the
 * database, the last head of the audit that it has seen. A chain that no longer holds that record is an older copy, or
 * another one, and what stands in it is not what is.
 */
import { z } from "zod";
import { TerraneError } from "../errors.ts";
import type { AuditEntry, AuditHead } from "../model/audit.ts";
import type { Database } from "../sql/database.ts";
import { readHead, writeAudited } from "./audit.ts";
import { forgetAllGrounds } from "./grounds.ts";

/** A head, and when a machine saw it by its own clock (ISO 8601). */
export interface SeenHead extends AuditHead {
  readonly at: string;
}

/** What a machine remembers of one ledger, outside of it. */
export interface Witness {
  /** Undefined where it has seen nothing yet, or what it kept cannot be read. */
  read(): Promise<SeenHead | undefined>;
  /** On disk before it returns. */
  note(head: SeenHead): Promise<void>;
}

/** A ledger that is not the one that was seen. */
export interface Rollback {
  /** Where it ends. `at`: when its last record was written; absent where there is none. */
  readonly head: AuditHead & { readonly at?: string };
  readonly seen: SeenHead;
}

/** What an acceptance says in the audit: records `head + 1` to `over` of the chain that was left are void. */
const acceptance = "ledger accepted";
const acceptanceSchema = z.object({ facts: z.object({ head: z.int(), over: z.int() }) });

/** Undefined where the chain still holds what was seen, or somebody has accepted that it does not. */
export async function findRollback(database: Database, seen: SeenHead): Promise<Rollback | undefined> {
  const [row] = await database.read<{ seq: number; hash: string; at: string | null; then: string | null }>(
    `SELECT head.seq AS seq, head.hash AS hash, newest.at AS at, same.hash AS "then"
       FROM audit_head head
       LEFT JOIN audit newest ON newest.seq = head.seq
       LEFT JOIN audit same ON same.seq = ? AND same.seq <= head.seq
      WHERE head.name = 'audit'`,
    [seen.seq],
  );
  if (row === undefined) throw new TerraneError("state-corrupt", "the audit has no head");
  if (seen.seq === 0 || row.then === seen.hash || (await isAccepted(database, seen))) return undefined;
  const { seq, hash, at } = row;
  return { head: { seq, hash, ...(at === null ? {} : { at }) }, seen };
}

/** Whether what was seen is among the records that were given up, by somebody, after it was seen. */
async function isAccepted(database: Database, seen: SeenHead): Promise<boolean> {
  const rows = await database.read<{ at: string; details: string }>(
    "SELECT at, details FROM audit WHERE what = ? ORDER BY seq",
    [acceptance],
  );
  return rows.some(({ at, details }) => {
    const { data } = acceptanceSchema.safeParse(JSON.parse(details));
    return data !== undefined && data.facts.head < seen.seq && seen.seq <= data.facts.over && at >= seen.at;
  });
}

export function ledgerRolledBack({ head, seen }: Rollback): TerraneError {
  const what =
    head.seq < seen.seq
      ? `it ends with ${head.seq === 0 ? "no record at all" : `record ${head.seq}${dated(head.at)}`}, and this machine saw record ${seen.seq} on ${seen.at}`
      : `its record ${seen.seq} is not the one that this machine saw on ${seen.at}; it ends with record ${head.seq}${dated(head.at)}`;
  const accept = `terrane audit accept ${formatHead(head)}`;
  return new TerraneError(
    "ledger-rolled-back",
    `the ledger's database is an older copy, or another one: ${what}`,
    {
      next: `Put the newest copy of the database back. If this one is to count from now on: \`${accept}\`; then \`terrane recover ENVIRONMENT --rebuild\` takes in what the clouds have and it does not know.`,
      details: { head, seen },
    },
  );
}

function dated(at: string | undefined): string {
  return at === undefined ? "" : ` of ${at}`;
}

/** `42:<64 digits>`, as people type it. */
export function formatHead({ seq, hash }: AuditHead): string {
  return `${seq}:${hash}`;
}

/**
 * Makes a ledger that was put back the one that counts, and says so in it. What it says of unchanged stacks is
 * forgotten, so that each environment is held against its clouds before anything is done to it.
 * @param typed the head that whoever accepts has seen: nothing else is accepted
 * @returns the head from here on
 * @throws TerraneError `bad-usage` when the ledger ends elsewhere
 */
export async function acceptHead(
  database: Database,
  { head, seen }: Rollback,
  typed: AuditHead,
  by: { readonly who: string; readonly at: string },
): Promise<AuditHead> {
  const entry: AuditEntry = {
    ...by,
    what: acceptance,
    facts: { head: head.seq, over: seen.seq, overHash: seen.hash, seenAt: seen.at },
  };
  const isTyped = {
    sql: "UPDATE audit_head SET seq = seq WHERE name = 'audit' AND seq = ? AND hash = ?",
    parameters: [typed.seq, typed.hash],
    expect: 1,
  };
  if ((await writeAudited(database, [isTyped, forgetAllGrounds], [entry])).ok)
    return await readHead(database);
  throw new TerraneError("bad-usage", `the ledger does not end with ${formatHead(typed)}`, {
    next: `It ends with this: \`terrane audit accept ${formatHead(await readHead(database))}\`.`,
  });
}
