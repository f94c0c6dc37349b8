import { afterAll, beforeAll, expect, test } from "vitest";
import { Coverage, compareMany, seedsFrom } from "../support/replay-differential.ts";
import { buildTimeout, type Judge, openJudge } from "../support/replay-judge.ts";

/** Journals of each source. */
const journals = 6_000;
const seed = Number(process.env["TERRANE_SEED"] ?? Math.trunc(Math.random() * 1_000_000_000));

let judge: Judge;

beforeAll(async () => {
  judge = await openJudge();
}, buildTimeout);

afterAll(() => judge[Symbol.asyncDispose]());

test.each(["engine", "steps"] as const)(
  "thousands of journals of the %s are replayed as by the engine itself",
  async (source) => {
    const coverage = new Coverage();
    console.log(`TERRANE_SEED=${seed}`);
    await compareMany(judge, source, { seeds: seedsFrom(seed, journals), coverage });
    console.log(`${coverage}`);
    expect(coverage.journals).toBeGreaterThan(1.9 * journals);
  },
);
