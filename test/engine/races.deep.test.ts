/**
 * Two processes that take one environment's lease at one instant, again and again: exactly one wins every time, never
 * both and never none, and the other is told who. TERRANE_ROUNDS makes it longer or shorter.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { readHistory } from "../../src/platform/history.ts";
import { aftermathOf, newestId, openCase } from "../support/kill-case.ts";
import { type KillProject, Stages } from "../support/kill-harness.ts";
import { documents, environment } from "../support/kill-world.ts";
import { isStopped } from "../support/processes.ts";
import type { RaceEnd } from "../support/race-program.ts";
import { brokenConvergence, brokenRules } from "../support/rules.ts";

const rounds = Number(process.env["TERRANE_ROUNDS"] ?? 200);
const program = fileURLToPath(new URL("../support/race-program.ts", import.meta.url));
const patience = { timeout: 120_000, interval: 10 };

function startRunner({ dir, context }: KillProject): ChildProcess {
  return fork(program, [], {
    cwd: dir,
    env: { ...context.environment, TERRANE_HOME: context.home },
    execArgv: [],
  });
}

async function raceOnce(runners: readonly ChildProcess[]): Promise<readonly RaceEnd[]> {
  const ends = runners.map(async (runner) => ((await once(runner, "message")) as [RaceEnd])[0]);
  for (const runner of runners) runner.send("go");
  await Promise.all(
    runners.map(({ pid = 0 }) => vi.waitFor(async () => expect(await isStopped(pid)).toBe(true), patience)),
  );
  for (const runner of runners) runner.kill("SIGCONT");
  return Promise.all(ends);
}

test.skipIf(process.platform !== "linux")(`of two writers exactly one wins, ${rounds} times`, async () => {
  await using stages = new Stages();
  const { project } = await openCase(stages, "update");
  await using _project = project;
  const runners = [startRunner(project), startRunner(project)];
  try {
    for (let round = 1; round <= rounds; round += 1) {
      await project.writeAll(documents(600 + 60 * round));
      const ends = await raceOnce(runners);
      const told = `round ${round}: ${JSON.stringify(ends)}`;
      expect(ends.map(({ result }) => result).sort(), told).toEqual(["lease-held", "succeeded"]);
      expect(new Set(ends.map(({ operation }) => operation)), told).toEqual(
        new Set([await newestId(project)]),
      );
    }
  } finally {
    for (const runner of runners) runner.kill("SIGKILL");
  }
  const history = await readHistory(project.context, { environment, limit: rounds + 2 });
  expect(history.map(({ status }) => status)).toEqual(Array.from({ length: rounds + 1 }, () => "succeeded"));
  const aftermath = { ...(await aftermathOf(project)), runs: [] };
  expect(await brokenRules(aftermath)).toEqual([]);
  expect(await brokenConvergence(aftermath)).toEqual([]);
});
