import { defineConfig } from "vitest/config";

const report = process.env["TERRANE_TEST_REPORT"];

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
