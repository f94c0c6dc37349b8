/** Fault 9: the disk of the project is full from some instant on, in an `up` by the real engine. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import type { FullDiskAccount } from "../support/full-disk-program.ts";
import { hasSmallDisks, runOnSmallDisk } from "../support/small-disk.ts";

const program = fileURLToPath(new URL("../support/full-disk-program.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "terrane-disk-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** More than an operation must find free before it begins. */
const mebibytes = 160;

describe.skipIf(!hasSmallDisks())("fault 9: a disk that is full", { timeout: 180_000 }, () => {
  test.each(["K2", "K4", "K6", "K7", "K9"])(
    "at %s is told, harms nothing, and once there is room the same command goes on",
    async (point) => {
      const env = { ...process.env, TMPDIR: folder };
      const told = await runOnSmallDisk({ folder, mebibytes }, [process.execPath, program, point], env);
      const { full, readable, next, sameOperation, broken } = JSON.parse(told) as FullDiskAccount;
      expect(full.code, full.said).not.toBe(0);
      expect(full.said).toMatch(/disk-full|disk is full/);
      expect(readable).toBe(true);
      expect(next.code, next.said).toBe(0);
      expect(sameOperation).toBe(true);
      expect(broken).toEqual([]);
    },
  );
});
