/**
 * Sums what `.ci/run` left in a folder (vitest's JSON reports, lint's lines, exit codes) into one closing line. Plain
 * JavaScript that any Node from 18 on runs. A step that failed without naming a failure counts as one.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
if (folder === undefined) {
  console.error("usage: node .ci/summary.js FOLDER");
  process.exit(64);
}

/** Tests of a vitest report; a file that could not even be loaded is one failure. */
function countReport(file) {
  const report = JSON.parse(readFileSync(file, "utf8"));
  const broken = report.testResults.filter(
    (suite) => suite.status === "failed" && !suite.assertionResults.some((test) => test.status === "failed"),
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length };
}

/** Checks of lint: lines such as `ok   layers   1.2 s  …`. */
function countChecks(file) {
  const lines = readFileSync(file, "utf8").split("\n");
  const count = (word) => lines.filter((line) => new RegExp(`^${word} +\\S+ +[\\d.]+ s `).test(line)).length;
  return { passed: count("ok"), failed: count("FAIL") };
}

function countStep(name) {
  const report = join(folder, `${name}.json`);
  const log = join(folder, `${name}.log`);
  const none = { passed: 0, failed: 0 };
  let counted = none;
  if (existsSync(report)) counted = countReport(report);
  else if (name === "lint" && existsSync(log)) counted = countChecks(log);
  const exit = readFileSync(join(folder, `${name}.exit`), "utf8").trim();
  const silent = exit !== "0" && counted.failed === 0;
  const empty = exit === "0" && counted.passed === 0;
  if (silent) console.log(`${name}: ended with ${exit === "124" ? "its time over" : `exit code ${exit}`}`);
  if (empty) console.log(`${name}: ran nothing`);
  return { passed: counted.passed, failed: counted.failed + (silent || empty ? 1 : 0) };
}

const steps = readdirSync(folder)
  .filter((file) => file.endsWith(".exit"))
  .map((file) => countStep(file.slice(0, -".exit".length)));
const passed = steps.reduce((sum, step) => sum + step.passed, 0);
const failed = steps.reduce((sum, step) => sum + step.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
