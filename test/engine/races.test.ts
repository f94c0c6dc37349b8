/** Several who want the same environment at one time, through the real engine: one writes, the others are told. */

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, describe, expect, test, vi } from "vitest";
import { readHistory } from "../../src/platform/history.ts";
import { aftermathOf, newestId, openCase } from "../support/kill-case.ts";
import { type KillProject, type RunningCommand, Stages } from "../support/kill-harness.ts";
import type { KillPoint } from "../support/kill-points.ts";
import { documents, environment } from "../support/kill-world.ts";
import { isStopped } from "../support/processes.ts";
import { brokenConvergence, brokenRules } from "../support/rules.ts";

const stages = new Stages();
afterAll(() => stages[Symbol.asyncDispose]());
const patience = { timeout: 120_000, interval: 20 };
/** Milliseconds for one test on a machine with much else to do. */
const timeout = 300_000;

/** Starts a command that freezes at the point, and waits until it has. */
async function startFrozen(
  project: KillProject,
  argv: readonly string[],
  point: KillPoint,
): Promise<RunningCommand> {
  const running = project.start(argv, { point, nth: 1, victim: "freeze" });
  await vi.waitFor(async () => expect(await isStopped(running.pid)).toBe(true), patience);
  return running;
}

function changeLease(project: KillProject, sql: string): void {
  const database = new DatabaseSync(join(project.dir, ".terrane", "ledger.sqlite"));
  database.exec(`UPDATE leases SET ${sql} WHERE scope = 'environment/${environment}'`);
  database.close();
}

const elsewhere = "holder = json_set(holder, '$.machine', 'another', '$.host', 'far')";
const silentFor = (seconds: number) => `renewed_at = renewed_at - ${seconds * 1000}`;

/** Races of two writers; the long suites run many more. */
const rounds = 2;

describe.skipIf(process.platform !== "linux")("two at once", { timeout }, () => {
  test("fault 18: of two that begin at one instant exactly one wins, and the other is told who", async () => {
    const { project, argv } = await openCase(stages, "update");
    await using _project = project;
    for (let round = 1; round <= rounds; round += 1) {
      await project.writeAll(documents(600 + 60 * round));
      const both = await Promise.all([startFrozen(project, argv, "K1"), startFrozen(project, argv, "K1")]);
      for (const { pid } of both) process.kill(pid, "SIGCONT");
      const runs = await Promise.all(both.map(({ ended }) => ended));
      const said = runs.map(({ stdout, stderr }) => stdout + stderr).join("\n");
      expect(runs.map(({ code }) => code).sort(), said).toEqual([0, 5]);
      const winner = await newestId(project);
      expect(runs.find(({ code }) => code === 5)?.stderr).toMatch(
        new RegExp(`lease-held[\\s\\S]*\\(process \\d+, [\\s\\S]*${winner}`),
      );
    }
    const history = await readHistory(project.context, { environment });
    expect(history.map(({ status }) => status)).toEqual(
      Array.from({ length: rounds + 1 }, () => "succeeded"),
    );
    const aftermath = await aftermathOf(project);
    expect(await brokenRules({ ...aftermath, runs: [] })).toEqual([]);
  });

  test("fault 19: a holder that was frozen past its lease writes nothing more once it is woken", async () => {
    const { project, argv } = await openCase(stages, "up");
    await using _project = project;
    const frozen = await startFrozen(project, argv, "K5");
    changeLease(project, silentFor(60));
    const next = await project.run(argv);
    expect(next.code, next.stdout + next.stderr).toBe(0);
    expect(next.stderr).toMatch(/broke off: \S+ on \S+ \(process \d+, last heard of \d+ s ago\) is gone/);
    const before = await readHistory(project.context, { environment });
    process.kill(frozen.pid, "SIGCONT");
    const woken = await frozen.ended;
    expect({ code: woken.code, stderr: woken.stderr }).toEqual({
      code: 5,
      stderr: expect.stringContaining("lease-lost"),
    });
    expect(await readHistory(project.context, { environment })).toEqual(before);
    const aftermath = await aftermathOf(project);
    expect(await brokenRules({ ...aftermath, runs: [next] })).toEqual([]);
    expect(await brokenConvergence(aftermath)).toEqual([]);
  });

  test("fault 25: a plan during an up says so, waits for nobody and sees only what was saved", async () => {
    const { project, argv } = await openCase(stages, "update");
    await using _project = project;
    const frozen = await startFrozen(project, argv, "K5");
    const plan = await project.run(["plan", environment, "--json"]);
    expect(plan.code, plan.stderr).toBe(0);
    expect(plan.stderr).toContain("an operation is running");
    expect(JSON.parse(plan.stdout)).toMatchObject({ counts: { create: 0, update: 2, delete: 0 } });
    process.kill(frozen.pid, "SIGCONT");
    const up = await frozen.ended;
    expect(up.code, up.stdout + up.stderr).toBe(0);
    expect(await brokenRules({ ...(await aftermathOf(project)), runs: [plan, up] })).toEqual([]);
  });

  test("fault 17: a dead holder of another machine is waited for no longer than its lease", async () => {
    const { project, argv } = await openCase(stages, "up");
    await using _project = project;
    await project.run(argv, { point: "K2", nth: 1, victim: "cli" });
    const id = await newestId(project);
    changeLease(project, `${elsewhere}, renewed_at = unixepoch('subsec') * 1000`);
    const refused = await project.run(argv);
    expect(refused.code).toBe(5);
    expect(refused.stderr).toMatch(
      /on far \(process \d+, since .*\)[\s\S]*heard of \d+ s ago, free in \d+ s/,
    );
    changeLease(project, silentFor(60));
    const next = await project.run(argv);
    expect(next.code, next.stdout + next.stderr).toBe(0);
    expect(await newestId(project)).toBe(id);
    expect(await brokenRules({ ...(await aftermathOf(project)), runs: [next] })).toEqual([]);
  });

  test("fault 17: a process that has the dead holder's number is not taken for it", async () => {
    const { project, argv } = await openCase(stages, "up");
    await using _project = project;
    await project.run(argv, { point: "K2", nth: 1, victim: "cli" });
    changeLease(project, `holder = json_set(holder, '$.pid', ${process.pid})`);
    const next = await project.run(argv);
    expect(next.code, next.stdout + next.stderr).toBe(0);
    expect(await brokenRules(await aftermathOf(project))).toEqual([]);
  });
});
