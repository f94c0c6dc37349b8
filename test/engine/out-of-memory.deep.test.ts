/** Fault 10: the real engine runs out of memory, under limits that are real. */
import { afterAll, describe, expect, test } from "vitest";
import { aftermathOf, printedCommand } from "../support/kill-case.ts";
import { type CommandRun, Stages } from "../support/kill-harness.ts";
import type { KillPoint, Victim } from "../support/kill-points.ts";
import { stockDocuments, stockEnvironment } from "../support/kill-world.ts";
import { makeMemoryGroup } from "../support/memory-group.ts";
import { brokenRules, brokenStillness } from "../support/rules.ts";

const stages = new Stages();
afterAll(() => stages[Symbol.asyncDispose]());

/** Milliseconds for one test on a machine with much else to do. */
const timeout = 180_000;
const mebibyte = 2 ** 20;

/** Asserts what is said, and that the printed command goes on. */
async function runOut(
  kill: { readonly point: KillPoint; readonly victim: Victim },
  says: (run: CommandRun) => void,
  variables: Readonly<Record<string, string>> = {},
): Promise<void> {
  await using project = await stages.open("new");
  await project.writeAll(stockDocuments(200));
  const argv = ["up", stockEnvironment, "--yes"];
  const starved = await project.run(argv, { ...kill, nth: 1 }, variables);
  expect(starved.code, starved.stdout + starved.stderr).toBe(1);
  says(starved);
  const next = await project.run(printedCommand(starved));
  expect(next.code, next.stdout + next.stderr).toBe(0);
  const aftermath = await aftermathOf(project, stockEnvironment);
  expect(await brokenRules(aftermath)).toEqual([]);
  expect(await brokenStillness(aftermath)).toEqual([]);
}

describe.skipIf(process.platform !== "linux")("fault 10: the engine is out of memory", { timeout }, () => {
  test("because it is given no more: told with what to do, and the printed command goes on", async () => {
    await runOut({ point: "K4", victim: "starve" }, ({ stdout }) => {
      expect(stdout).toMatch(
        /out-of-memory: the engine needed more memory than there was; \d+ MiB are there for everybody/,
      );
      expect(stdout).toContain("lower --parallel");
    });
  });

  const group = makeMemoryGroup(768 * mebibyte);
  afterAll(() => group?.[Symbol.dispose]());
  test.skipIf(group === undefined)(
    "because the kernel ended it: the limit that is told is the real one",
    async () => {
      await runOut(
        { point: "K4", victim: "squeeze" },
        ({ stdout }) => {
          expect(stdout).toContain("out-of-memory: the engine needed more memory than there was; 768 MiB");
        },
        { TERRANE_TEST_GROUP: group?.members ?? "" },
      );
    },
  );
});
