/** What writes the rows of an environment. */
import type { EnvironmentRecord } from "../model/record.ts";
import type { Statement } from "../sql/database.ts";
import { sha256 } from "../values/digest.ts";
import { forgetBrief, saveBrief } from "./environment-briefs.ts";
import { forgetGrounds } from "./grounds.ts";

export function saveRecord(record: EnvironmentRecord): Statement[] {
  return [
    {
      sql: "INSERT INTO environments (name, record) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET record = excluded.record",
      parameters: [record.name, JSON.stringify(record)],
    },
    saveBrief(record),
  ];
}

/** What the audit says of the record. */
export function recordDigest(record: EnvironmentRecord): string {
  return sha256(JSON.stringify(record));
}

/** Its operations stay: they are history. */
export function forget(environment: string): Statement[] {
  return [
    { sql: "DELETE FROM environments WHERE name = ?", parameters: [environment] },
    { sql: "DELETE FROM address_blocks WHERE environment = ?", parameters: [environment] },
    { sql: "DELETE FROM stack_outputs WHERE environment = ?", parameters: [environment] },
    forgetBrief(environment),
    forgetGrounds(environment),
  ];
}

/** Writes the record where what is there is still this text, or nothing where there was none. */
export function replaceRecord(record: EnvironmentRecord, before: string | undefined): Statement[] {
  const text = JSON.stringify(record);
  const replaced =
    before === undefined
      ? {
          sql: "INSERT INTO environments (name, record) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
          parameters: [record.name, text],
          expect: 1,
        }
      : {
          sql: "UPDATE environments SET record = ? WHERE name = ? AND record = ?",
          parameters: [text, record.name, before],
          expect: 1,
        };
  return [replaced, saveBrief(record)];
}

/** A guard that fails, so that a lease held by somebody else is still told first. */
export const neverHolds: Statement = { sql: "DELETE FROM environments WHERE 1 = 0", expect: 1 };
