import { afterAll, beforeAll, expect, test } from "vitest";
import { entryKinds } from "../../src/state/deployment/journal-entry.ts";
import { Coverage, compareMany, seedsFrom } from "../support/replay-differential.ts";
import { buildTimeout, type Judge, openJudge } from "../support/replay-judge.ts";

let judge: Judge;

beforeAll(async () => {
  judge = await openJudge();
}, buildTimeout);

afterAll(() => judge[Symbol.asyncDispose]());

test("random programs through the engine leave what its own replayer makes of their journals, wherever they are cut off", async () => {
  const coverage = new Coverage();
  await compareMany(judge, "engine", { seeds: seedsFrom(1, 200), coverage });
  expect(coverage.crashed, "programs that bring the engine down").toBeLessThan(10);
  expect(coverage.occurred).toEqual(
    expect.arrayContaining([
      ...[
        "creating",
        "updating",
        "deleting",
        "reading",
        "importing",
        "pending",
        "failure",
        "outputs",
        "secrets",
      ],
      ...["removeOld", "removeNew", "deleteOld", "deleteNew", "pendingReplacementOld", "aliases"],
      ...["isRefresh", "refreshSuccess", "rebuiltBaseState", "imported", "external", "deletedWith"],
    ]),
  );
});

test("random steps of every kind leave what the engine's own replayer makes of their journals, wherever they are cut off", async () => {
  const coverage = new Coverage();
  await compareMany(judge, "steps", { seeds: seedsFrom(1, 250), coverage });
  expect(coverage.unsound / coverage.states).toBeLessThan(0.25);
  expect(coverage.occurred).toEqual(
    expect.arrayContaining([
      ...Object.keys(entryKinds),
      ...[
        "removeOld",
        "removeNew",
        "deleteOld",
        "deleteNew",
        "pendingReplacementOld",
        "pendingReplacementNew",
      ],
      ...["creating", "updating", "deleting", "reading", "importing", "pending", "isRefresh"],
      ...["aliases", "views", "deletedWith", "replaceWith", "external", "imported", "secrets", "extensions"],
    ]),
  );
});
