import { defineConfig } from "vitest/config";

/** Long, seeded suites: `npm run test:deep`. TERRANE_SEED repeats a run. */
export default defineConfig({
  test: {
    include: ["test/**/*.deep.test.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 1_500_000,
    hookTimeout: 120_000,
  },
});
