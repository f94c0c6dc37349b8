/**
 * Kills at random points of random operations, of the command line, of its engine or of both, some of them of the command
 * that was to go on: after each, whatever it was, one more run brings the environment to what was asked for, and every
 * rule holds. TERRANE_SEED repeats a run, TERRANE_ROUNDS makes it longer or shorter.
 */
import { afterAll, describe, expect, test } from "vitest";
import { aftermathOf, type KilledOperation } from "../support/kill-case.ts";
import { type CommandRun, type KillProject, Stages } from "../support/kill-harness.ts";
import { killPoints, type Victim } from "../support/kill-points.ts";
import { documents, environment } from "../support/kill-world.ts";
import { randomNumbers } from "../support/random.ts";
import { brokenConvergence, brokenRules, brokenStillness } from "../support/rules.ts";

const seed = Number(process.env["TERRANE_SEED"] ?? Date.now() % 1_000_000);
const rounds = Number(process.env["TERRANE_ROUNDS"] ?? 200);
/** Projects side by side: one for each core of the smallest machine. */
const lanes = 2;
const victims: readonly Victim[] = ["cli", "cli", "engine", "both"];

const stages = new Stages();
afterAll(() => stages[Symbol.asyncDispose]());

type Random = ReturnType<typeof randomNumbers>;

/** What is asked for next, by whether the environment is there. */
function chooseOperation(random: Random, isThere: boolean): KilledOperation {
  return isThere ? random.pick(["update", "update", "destroy", "refresh"] as const) : "up";
}

function chooseKill(random: Random) {
  return { point: random.pick(killPoints), nth: 1 + random.below(3), victim: random.pick(victims) };
}

async function runLane(lane: number, kills: number): Promise<void> {
  const random = randomNumbers(seed + lane);
  const { project } = { project: await stages.open("new") };
  await using _project = project;
  let isThere = false;
  for (let kill = 0; kill < kills; kill += 1) {
    const operation = chooseOperation(random, isThere);
    if (operation === "update") await ask(project, 600 + 60 * kill);
    const story = await killAndGoOn(project, operation, random);
    isThere = operation !== "destroy";
    const aftermath = { ...(await aftermathOf(project)), runs: story.runs };
    const broken = [
      ...(await brokenRules(aftermath)),
      ...(isThere
        ? await brokenStillness(aftermath)
        : await brokenConvergence({ ...aftermath, destroyed: true })),
    ];
    expect(broken, `lane ${lane}, kill ${kill}: ${story.told}`).toEqual([]);
  }
  if (isThere) expect(await brokenConvergence(await aftermathOf(project))).toEqual([]);
}

async function ask(project: KillProject, retention: number): Promise<void> {
  await project.writeAll(documents(retention));
}

/** Runs the operation with a kill, perhaps with a second one as it goes on, and then to its end. */
async function killAndGoOn(
  project: KillProject,
  operation: KilledOperation,
  random: Random,
): Promise<{ readonly runs: readonly CommandRun[]; readonly told: string }> {
  const verb = operation === "update" ? "up" : operation;
  const argv = [verb, environment, "--yes"];
  const wishes = [chooseKill(random), ...(random.below(5) === 0 ? [chooseKill(random)] : [])];
  const runs: CommandRun[] = [];
  for (const wish of wishes) runs.push(await project.run(argv, wish));
  const told = () =>
    [operation, JSON.stringify(wishes), ...runs.map(({ stdout, stderr }) => stdout + stderr)].join("\n");
  // A destroy that was through before it was killed has left nothing to destroy.
  const last = await project.run(argv);
  runs.push(last);
  const isGone = operation === "destroy" && /does not exist/.test(last.stderr);
  if (!isGone) expect(last.code, told()).toBe(0);
  return { runs: isGone ? [] : runs, told: told() };
}

describe.skipIf(process.platform !== "linux")(`kills at random (TERRANE_SEED=${seed})`, () => {
  test.concurrent.each(Array.from({ length: lanes }, (_, lane) => lane))("in project %i", async (lane) => {
    await runLane(lane, Math.ceil(rounds / lanes));
  });
});
