/** Two hosts at one ledger, through the real engine: one writes, and the other is told who and where. */
import { hostname } from "node:os";
import { expect, test, vi } from "vitest";
import { hasOtherHosts, processOn } from "../support/hosts.ts";
import { newestId } from "../support/kill-case.ts";
import { type KillProject, Stages } from "../support/kill-harness.ts";
import { environment } from "../support/kill-world.ts";
import { hasPostgres, startPostgres } from "../support/postgres.ts";
import { isStopped } from "../support/processes.ts";
import { brokenRules, brokenStillness } from "../support/rules.ts";
import { aftermathOn, openServerProject, variablesFor } from "../support/server-project.ts";

/** Milliseconds for one test on a machine with much else to do. */
const timeout = 180_000;
const patience = { timeout: 60_000, interval: 20 };
const argv = ["up", environment, "--yes"];

/** Starts the command on a host, and answers how to wake it where it is about to take the lease. */
async function startAtLease(project: KillProject, url: string, host?: string) {
  const running = project.start(argv, { point: "K1", nth: 1, victim: "freeze" }, variablesFor(url), host);
  const frozen = await vi.waitFor(async () => {
    const pid = host === undefined ? running.pid : await processOn(running.pid);
    expect(pid !== undefined && (await isStopped(pid))).toBe(true);
    return pid ?? 0;
  }, patience);
  return { ended: running.ended, wake: () => process.kill(frozen, "SIGCONT") };
}

test.skipIf(!hasPostgres || !hasOtherHosts)(
  "fault 18: of two hosts that begin at one instant exactly one wins, and the other is told where it is",
  async () => {
    await using stages = new Stages();
    await using server = await startPostgres();
    const url = await server.createDatabase();
    await using project = await openServerProject(stages);
    const both = await Promise.all([startAtLease(project, url), startAtLease(project, url, "far")]);
    for (const { wake } of both) wake();
    const [here, there] = await Promise.all(both.map(({ ended }) => ended));
    if (here === undefined || there === undefined) throw new Error("two were started");
    const [won, lost, winner] = here.code === 0 ? [here, there, hostname()] : [there, here, "far"];
    expect([won.code, lost.code], here.stderr + there.stderr).toEqual([0, 5]);
    const aftermath = await aftermathOn(url, project);
    const id = await newestId(aftermath);
    expect(lost.stderr).toMatch(
      new RegExp(`lease-held[\\s\\S]* on ${winner} \\(process \\d+, since [\\s\\S]*${id}`),
    );
    expect(await brokenRules({ ...aftermath, runs: [won] })).toEqual([]);
    expect(await brokenStillness(aftermath)).toEqual([]);
  },
  timeout,
);
