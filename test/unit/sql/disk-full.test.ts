/** A disk that fills up: a small one of this test's own, mounted where only its process sees it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { hasSmallDisks, runOnSmallDisk } from "../../support/small-disk.ts";

const folder = mkdtempSync(join(tmpdir(), "terrane-disk-"));
afterAll(() => rmSync(folder, { recursive: true }));

test.skipIf(!hasSmallDisks())(
  "a database on a full disk says so, and keeps every write that it acknowledged",
  async () => {
    const fill = fileURLToPath(new URL("fill-disk.ts", import.meta.url));
    const command = [process.execPath, fill, join(folder, "ledger.sqlite")];
    const told: unknown = JSON.parse(await runOnSmallDisk({ folder, mebibytes: 2 }, command));
    const { acknowledged } = told as { acknowledged: number };
    expect(acknowledged).toBeGreaterThan(5);
    expect(told).toEqual({
      acknowledged,
      code: "disk-full",
      message: `the database ${folder}/ledger.sqlite cannot grow: its disk is full; what it held before is unharmed`,
      during: { count: acknowledged, least: 40_000 },
      after: { count: acknowledged, least: 40_000 },
      integrity: { integrity_check: "ok" },
    });
  },
);
