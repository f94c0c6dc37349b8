/** A disk that fills up: a small one of this test's own, mounted where only its process sees it. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "terrane-disk-"));
afterAll(() => rmSync(folder, { recursive: true }));

function onSmallDisk(command: string): string {
  const script = `mount -t tmpfs -o size=2m tmpfs "$0" && exec ${command}`;
  return execFileSync("unshare", ["-Urm", "sh", "-c", script, folder], { encoding: "utf8", stdio: "pipe" });
}

function canMount(): boolean {
  try {
    onSmallDisk("true");
    return true;
  } catch {
    return false;
  }
}

// Needs a kernel that lets anybody have namespaces.
test.skipIf(!canMount())(
  "a database on a full disk says so, and keeps every write that it acknowledged",
  () => {
    const fill = fileURLToPath(new URL("fill-disk.ts", import.meta.url));
    const told: unknown = JSON.parse(onSmallDisk(`"${process.execPath}" "${fill}" "$0/ledger.sqlite"`));
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
