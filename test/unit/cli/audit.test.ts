import { describe, expect, it } from "vitest";
import type { AuditRecord } from "../../../src/platform/api.ts";
import { runFake } from "./fakes.ts";
import { text } from "./screen.ts";

const hash = "ab".repeat(32);
const ended: AuditRecord = {
  seq: 2,
  at: "2026-11-21T09:55:00.000Z",
  who: "ada",
  what: "operation ended",
  environment: "shop",
  operation: "op-3f2a9c01",
  facts: { kind: "up", status: "succeeded", create: 12, update: 0 },
  hash,
};
const begun: AuditRecord = {
  ...ended,
  seq: 1,
  at: "2026-11-21T09:50:00.000Z",
  what: "operation begun",
  facts: { kind: "up", target: "simulated" },
};

describe("terrane audit list", () => {
  it("says who did what, when, to what, and how it ended", async () => {
    const asked: unknown[] = [];
    const { code, stdout } = await runFake(["audit", "list", "shop", "--limit", "2"], {
      listAudit: async (_context, request) => {
        asked.push(request);
        return [ended, begun];
      },
    });
    expect(code).toBe(0);
    expect(asked).toEqual([{ environment: "shop", limit: 2 }]);
    expect(stdout.trimEnd()).toBe(text`
      RECORD  WHAT             OF    HOW                                         WHEN  BY   OPERATION
           2  operation ended  shop  kind up, status succeeded, create 12   5 min ago  ada  op-3f2a9c01
           1  operation begun  shop  kind up, target simulated             10 min ago  ada  op-3f2a9c01
    `);
  });

  it("is one object for machines", async () => {
    const { stdout } = await runFake(["audit", "list", "--json"], { listAudit: async () => [begun] });
    expect(JSON.parse(stdout)).toEqual({ format: "terrane.dev/audit/v1", records: [begun] });
  });
});

describe("terrane audit verify", () => {
  it("prints the head, to be noted elsewhere", async () => {
    const { code, stdout } = await runFake(["audit", "verify"], {
      verifyAudit: async () => ({ records: 2, head: { seq: 2, hash }, unnamed: 3 }),
    });
    expect(code).toBe(0);
    expect(stdout.split("\n")).toEqual([
      "✓ 2 records fit each other and what is there",
      `  head  2:${hash}`,
      "  3 older rows are named by no record",
      "",
    ]);
  });

  it("91: exits with 1 and names the first record that does not fit", async () => {
    const verdict = {
      records: 1,
      broken: { seq: 2, fault: "record 2 was changed", record: ended },
      unnamed: 0,
    };
    const fake = { verifyAudit: async () => verdict };
    const { code, stdout } = await runFake(["audit", "verify"], fake);
    expect(code).toBe(1);
    expect(stdout.trimEnd()).toBe(text`
      ✗ record 2 was changed
        it says    operation ended of shop, by ada, 2026-11-21T09:55:00.000Z (5 min ago)
        before it  1 record fits

      Next: restore the database from a backup, or find out who wrote to it since
    `);
    const machine = await runFake(["audit", "verify", "--json"], fake);
    expect(machine.code).toBe(1);
    expect(JSON.parse(machine.stdout)).toEqual({ format: "terrane.dev/audit-verdict/v1", verdict });
  });

  it("hands a noted head on, and refuses what is none", async () => {
    const noted: unknown[] = [];
    const fake = {
      verifyAudit: async (_context: unknown, head: unknown) => {
        noted.push(head);
        return { records: 2, head: { seq: 2, hash }, unnamed: 0 };
      },
    };
    expect((await runFake(["audit", "verify", "--noted", `2:${hash}`], fake)).code).toBe(0);
    expect(noted).toEqual([{ seq: 2, hash }]);
    for (const wrong of ["2", `0:${hash}`, `2:${hash}0`, "2:xyz"])
      expect((await runFake(["audit", "verify", "--noted", wrong], fake)).code).toBe(64);
  });
});
