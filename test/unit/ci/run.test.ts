import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";

/** Runs `.ci/run` with an npm that does what the script says instead of the work. */
function runCi(npm: string, environment: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "terrane-npm-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "npm"), `#!/bin/sh\nset -e\n${npm}\n`);
  chmodSync(join(folder, "npm"), 0o755);
  const path = [folder, dirname(process.execPath), process.env["PATH"]].join(":");
  const { status, stdout } = spawnSync(resolve(".ci/run"), [], {
    encoding: "utf8",
    env: { HOME: folder, PATH: path, ...environment },
  });
  return { status, lines: stdout.trimEnd().split("\n") };
}

const work = [
  `report() { echo "{\\"numPassedTests\\":$1,\\"numFailedTests\\":$2,\\"testResults\\":[]}" >"$TERRANE_TEST_REPORT"; }`,
  `case "$*" in`,
  `  test) report 3 0; test "$CI" = true; read line && echo "was asked: $line"; true ;;`,
  `  "run lint") echo "ok   types  1.0 s  sound" ;;`,
  `  "run test:deep") report 1 0 ;;`,
  `esac`,
].join("\n");

test("ends with the plain sum of all three steps", () => {
  const { status, lines } = runCi(work);

  expect(lines.at(-1)).toBe("5 passed, 0 failed");
  expect(status).toBe(0);
});

test("goes on after a failed step, and fails", () => {
  const { status, lines } = runCi(work.replace("report 3 0;", "report 2 1; exit 1;"));

  expect(lines).toContain("== npm run test:deep");
  expect(lines.at(-1)).toBe("4 passed, 1 failed");
  expect(status).toBe(1);
});

test("fails when a step dies without a report", () => {
  const { status, lines } = runCi(work.replace("report 1 0", "exit 7"));

  expect(lines.slice(-2)).toEqual(["deep: ended with exit code 7", "4 passed, 1 failed"]);
  expect(status).toBe(1);
});

test("leaves the long suites out when told to", () => {
  const { lines } = runCi(work, { TERRANE_CI_SKIP_DEEP: "1" });

  expect(lines).not.toContain("== npm run test:deep");
  expect(lines.at(-1)).toBe("4 passed, 0 failed");
});
