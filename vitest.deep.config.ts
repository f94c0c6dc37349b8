import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const report = process.env["TERRANE_TEST_REPORT"];

// For every worker and every command line that tests start: compiling what they load again and again was a third of a run.
process.env["NODE_COMPILE_CACHE"] ??= fileURLToPath(new URL("node_modules/.cache/compiled", import.meta.url));

/** Long, seeded suites: `npm run test:deep`. TERRANE_SEED repeats a run. */
export default defineConfig({
  test: {
    include: ["test/**/*.deep.test.ts"],
    // A file for the counts of `.ci/run`, beside the usual lines.
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 1_500_000,
    hookTimeout: 120_000,
  },
});
