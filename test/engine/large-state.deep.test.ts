/**
 * Fault 22: one stack of 5,000 resources through the real engine, in processes with half of the heap that node gives by
 * default: up, plan, a change killed while it saves, and all that follows. How long each took is printed.
 */
import { afterAll, describe, expect, test } from "vitest";
import { aftermathOf, newestId } from "../support/kill-case.ts";
import { type CommandRun, type KillProject, Stages } from "../support/kill-harness.ts";
import { stockDocuments, stockEnvironment } from "../support/kill-world.ts";
import { brokenRules, brokenStillness } from "../support/rules.ts";

const count = 5000;
/** A stock changes every tenth of its queues. */
const changed = count / 10;
const stack = `${stockEnvironment}.here.data`;
/** MiB. Node's own default is 4 GiB on a machine that has them. */
const heap = 2048;

const stages = new Stages();
afterAll(() => stages[Symbol.asyncDispose]());

async function ask(project: KillProject, retention: number): Promise<void> {
  await project.writeAll(stockDocuments(count, retention));
}

/** Runs a command and prints how long it took. */
async function run(
  project: KillProject,
  argv: readonly string[],
  kill?: Parameters<KillProject["run"]>[1],
): Promise<CommandRun> {
  const started = performance.now();
  const ended = await project.run(argv, kill, { NODE_OPTIONS: `--max-old-space-size=${heap}` });
  tell(`${argv.join(" ")}: ${ended.signal ?? ended.code}`, started);
  return ended;
}

function tell(what: string, started: number): void {
  process.stderr.write(`  ${what}, ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}

describe.skipIf(process.platform !== "linux")("fault 22", () => {
  test("a stack of 5,000 resources comes up, is found unchanged, and survives a kill while it is saved", async () => {
    await using project = await stages.open("new");
    await ask(project, 600);
    const argv = ["up", stockEnvironment, "--yes"];
    const up = await run(project, argv);
    expect(up.code, up.stderr).toBe(0);
    expect(up.stdout).toContain(`${count + 2} created`);
    // Nobody is left without a word for longer than half a minute.
    expect(up.stderr).toMatch(/planning depot[\s\S]*→ here\.data {2}up[\s\S]*✓ here\.data {2}done/);
    const plan = await run(project, ["plan", stockEnvironment, "--json"]);
    expect(JSON.parse(plan.stdout)).toMatchObject({ counts: { create: 0, update: 0, delete: 0 } });
    const state = await run(project, ["state", "export", stack]);
    process.stderr.write(`  state: ${(state.stdout.length / 1e6).toFixed(1)} MB\n`);

    await ask(project, 900);
    const killed = await run(project, argv, { point: "K7", nth: 1, victim: "cli" });
    expect(killed.signal, killed.stdout.slice(-2000) + killed.stderr).toBe("SIGKILL");
    expect(killed.stdout).toContain(`${changed} update`);
    const id = await newestId(project, stockEnvironment);
    const next = await run(project, argv);
    expect(next.code, next.stdout.slice(-2000) + next.stderr).toBe(0);
    expect(await newestId(project, stockEnvironment)).toBe(id);

    const started = performance.now();
    const aftermath = await aftermathOf(project, stockEnvironment);
    expect(await brokenRules(aftermath)).toEqual([]);
    tell("the rules", started);
    expect(await brokenStillness(aftermath)).toEqual([]);
    tell("and that nothing is left to do", started);
  });
});
