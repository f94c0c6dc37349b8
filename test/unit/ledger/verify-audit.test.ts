/** Any change of any record is found, wherever it stands in the chain. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writeAudited } from "../../../src/ledger/audit.ts";
import { ledgerMigrations } from "../../../src/ledger/migrations.ts";
import { verifyAudit } from "../../../src/ledger/verify-audit.ts";
import type { AuditEntry } from "../../../src/model/audit.ts";
import { openDatabase } from "../../../src/sql/open.ts";

const text = fc.string({ unit: "grapheme", maxLength: 12 }).filter((word) => !word.includes("\0"));
const entry = fc.record(
  {
    at: fc.constant("2026-11-21T10:00:00.000Z"),
    who: text,
    what: text,
    environment: text,
    stack: text,
    operation: text,
    facts: fc.dictionary(
      text.filter((word) => word !== "__proto__"),
      fc.oneof(text, fc.integer()),
      { maxKeys: 3 },
    ),
  },
  { requiredKeys: ["at", "who", "what"] },
);
const columns = [
  "at",
  "who",
  "what",
  "environment",
  "stack",
  "operation",
  "details",
  "previous",
  "hash",
] as const;
const sabotage = fc.oneof(
  fc.record({ how: fc.constant("change" as const), column: fc.constantFrom(...columns) }),
  fc.record({ how: fc.constant("remove" as const) }),
);

async function auditOf(groups: readonly (readonly AuditEntry[])[]) {
  const database = await openDatabase({ path: ":memory:", migrations: ledgerMigrations });
  for (const entries of groups) await writeAudited(database, [], entries);
  return database;
}

describe("verifying the audit", () => {
  it("finds nothing wrong with what was written, and names the record that was changed or removed", async () => {
    const groups = fc.array(fc.array(entry, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(groups, fc.nat(), sabotage, async (written, pick, act) => {
        const count = written.flat().length;
        const database = await auditOf(written);
        expect(await verifyAudit(database)).toMatchObject({ records: count, head: { seq: count } });
        const seq = (pick % count) + 1;
        const sql =
          act.how === "remove"
            ? "DELETE FROM audit WHERE seq = ?"
            : `UPDATE audit SET ${act.column} = coalesce(${act.column}, '') || 'x' WHERE seq = ?`;
        await database.write([{ sql, parameters: [seq], expect: 1 }]);
        expect((await verifyAudit(database)).broken?.seq).toBe(seq);
        await database.close();
      }),
      { numRuns: 60 },
    );
  });
});
