import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

function summarize(files: Readonly<Record<string, string>>): { exitCode: number; lines: string[] } {
  const folder = mkdtempSync(join(tmpdir(), "terrane-ci-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  try {
    const stdout = execFileSync(process.execPath, [".ci/summary.js", folder], { encoding: "utf8" });
    return { exitCode: 0, lines: stdout.trim().split("\n") };
  } catch (error) {
    const { status, stdout } = error as { status: number; stdout: string };
    return { exitCode: status, lines: stdout.trim().split("\n") };
  }
}

const suite = (status: string, tests: readonly string[]) => ({
  status,
  assertionResults: tests.map((each) => ({ status: each })),
});
const report = (passed: number, failed: number, suites: readonly unknown[] = []) =>
  JSON.stringify({ numPassedTests: passed, numFailedTests: failed, testResults: suites });
const lintLog =
  "> terrane lint\nok   layers         1.2 s  imports\nok   sizes          1.2 s  files\n\nlint: fine\n";

test("sums tests of every step and the checks of lint", () => {
  const files = {
    "test.json": report(40, 0),
    "test.exit": "0\n",
    "deep.json": report(2, 0),
    "deep.exit": "0\n",
    "lint.log": lintLog,
    "lint.exit": "0\n",
  };

  expect(summarize(files)).toEqual({ exitCode: 0, lines: ["44 passed, 0 failed"] });
});

test("counts failed tests, and files that could not be loaded, once each", () => {
  const suites = [suite("failed", ["failed", "passed"]), suite("failed", []), suite("passed", ["passed"])];

  expect(summarize({ "test.json": report(2, 1, suites), "test.exit": "1\n" })).toEqual({
    exitCode: 1,
    lines: ["2 passed, 2 failed"],
  });
});

test("counts failed checks of lint", () => {
  const log = lintLog.replace("ok   sizes", "FAIL sizes");

  expect(summarize({ "lint.log": log, "lint.exit": "1\n" }).lines.at(-1)).toBe("1 passed, 1 failed");
});

test("never calls a step passed that ended badly or ran nothing", () => {
  expect(summarize({ "test.json": report(5, 0), "test.exit": "1\n" })).toEqual({
    exitCode: 1,
    lines: ["test: ended with exit code 1", "5 passed, 1 failed"],
  });
  expect(summarize({ "test.exit": "124\n" })).toEqual({
    exitCode: 1,
    lines: ["test: ended with its time over", "0 passed, 1 failed"],
  });
  expect(summarize({ "test.exit": "0\n" })).toEqual({
    exitCode: 1,
    lines: ["test: ran nothing", "0 passed, 1 failed"],
  });
});
