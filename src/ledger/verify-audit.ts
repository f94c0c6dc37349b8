/**
 * Verifies the audit: each record follows from the one before it, the last one is the head, and operations, records of
 * environments and stacks are what the last record that names them left. Names the first record that does not fit.
 */
import type { AuditHead, AuditVerdict, BrokenRecord } from "../model/audit.ts";
import type { Database } from "../sql/database.ts";
import { type AuditRow, auditColumns, hashOf, readHead, toRecord } from "./audit.ts";
import { AuditClaims } from "./audit-claims.ts";
import { noHash } from "./audit-tables.ts";

/** Rows read at once. */
const pageSize = 500;
/** Tries to find a moment at which nobody writes, before a misfit is believed. */
const mostTries = 5;

export async function verifyAudit(database: Database, noted?: AuditHead): Promise<AuditVerdict> {
  const claims = new AuditClaims();
  let last: AuditHead = { seq: 0, hash: noHash };
  for (let round = 1; ; round += 1) {
    const chain = await followChain(database, last, noted, claims);
    if ("fault" in chain) return { records: chain.seq - 1, broken: chain, unnamed: 0 };
    last = chain;
    const { misfits, unnamed } = await claims.compare(database);
    const [first] = misfits.toSorted((left, right) => left.seq - right.seq);
    if (first === undefined) return { records: last.seq, head: last, unnamed };
    // What does not fit may have been written since, with a record of its own.
    const isStill = (await readHead(database)).seq === last.seq;
    if (isStill || round === mostTries) return { records: first.seq - 1, broken: first, unnamed };
  }
}

/** Goes on from the record that was last; answers the head, or the first record that does not follow. */
async function followChain(
  database: Database,
  from: AuditHead,
  noted: AuditHead | undefined,
  claims: AuditClaims,
): Promise<AuditHead | BrokenRecord> {
  const head = await readHead(database);
  let last = from;
  for (let isWhole = false; !isWhole; ) {
    const rows = await database.read<AuditRow>(
      `SELECT ${auditColumns} FROM audit WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?`,
      [last.seq, head.seq, pageSize],
    );
    for (const row of rows) {
      const fault = faultOf(row, last, noted);
      if (fault !== undefined) return { ...fault, ...readable(row, fault.seq) };
      claims.add(toRecord(row));
      last = { seq: row.seq, hash: row.hash };
    }
    isWhole = rows.length < pageSize;
  }
  if (last.seq < head.seq) return { seq: last.seq + 1, fault: `record ${last.seq + 1} is missing` };
  if (last.hash !== head.hash)
    return { seq: last.seq, fault: `record ${last.seq} is not the one that was written last` };
  if (noted !== undefined && noted.seq > last.seq)
    return { seq: last.seq + 1, fault: `record ${noted.seq}, which was noted, is missing` };
  return (await findBehind(database)) ?? last;
}

/** A record that was put there without the head, both seen at one moment. */
async function findBehind(database: Database): Promise<BrokenRecord | undefined> {
  const [row] = await database.read<AuditRow>(
    `SELECT ${auditColumns} FROM audit WHERE seq > (SELECT seq FROM audit_head WHERE name = 'audit')
      ORDER BY seq LIMIT 1`,
  );
  if (row === undefined) return undefined;
  return { seq: row.seq, fault: `record ${row.seq} stands behind the last one`, ...readable(row, row.seq) };
}

function faultOf(row: AuditRow, last: AuditHead, noted: AuditHead | undefined): BrokenRecord | undefined {
  const seq = last.seq + 1;
  if (row.seq !== seq) return { seq, fault: `record ${seq} is missing` };
  if (hashOf(row) !== row.hash) return { seq, fault: `record ${seq} was changed` };
  if (row.previous !== last.hash) return { seq, fault: `record ${seq} does not follow record ${last.seq}` };
  if (noted?.seq === seq && noted.hash !== row.hash)
    return { seq, fault: `record ${seq} is not the one that was noted` };
  return undefined;
}

function readable(row: AuditRow, seq: number): Pick<BrokenRecord, "record"> {
  if (row.seq !== seq) return {};
  try {
    return { record: toRecord(row) };
  } catch {
    return {};
  }
}
