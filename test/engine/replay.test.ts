import { afterAll, beforeAll, expect, test } from "vitest";
import { Coverage, compareReplays, cutsOf } from "../support/replay-differential.ts";
import { buildTimeout, type Judge, openJudge } from "../support/replay-judge.ts";

let judge: Judge;

beforeAll(async () => {
  judge = await openJudge();
}, buildTimeout);

afterAll(() => judge[Symbol.asyncDispose]());

test("random operations of the engine leave the state that its own replayer makes of them, wherever they are cut off", async () => {
  const coverage = new Coverage();
  for (let seed = 1; seed <= 300; seed++) {
    const journal = await judge.engine(seed);
    const cuts = cutsOf(journal.entries.length, seed, 6);
    await compareReplays(judge, journal, { cuts, coverage, name: `engine seed ${seed}` });
  }
  console.log(coverage);
  expect(coverage.states).toBeGreaterThan(300);
});
