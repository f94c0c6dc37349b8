/** Two hosts at one ledger, through the real engine: one writes, and the other is told who and where. */
import { hostname } from "node:os";
import pg from "pg";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { hasOtherHosts, processOn } from "../support/hosts.ts";
import { newestId } from "../support/kill-case.ts";
import { type KillProject, Stages } from "../support/kill-harness.ts";
import { environment } from "../support/kill-world.ts";
import { hasPostgres, type PostgresServer, startPostgres } from "../support/postgres.ts";
import { isStopped } from "../support/processes.ts";
import { brokenRules, brokenStillness } from "../support/rules.ts";
import { aftermathOn, openServerProject, variablesFor } from "../support/server-project.ts";

/** Milliseconds for one test on a machine with much else to do. */
const timeout = 180_000;
const patience = { timeout: 60_000, interval: 20 };
const argv = ["up", environment, "--yes"];

describe.skipIf(!hasPostgres || !hasOtherHosts)("two hosts", { timeout }, () => {
  const stages = new Stages();
  let server: PostgresServer;
  let url: string;
  let project: KillProject;

  beforeEach(async () => {
    server = await startPostgres();
    url = await server.createDatabase();
    project = await openServerProject(stages);
  });
  afterEach(async () => {
    await project[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  afterAll(() => stages[Symbol.asyncDispose]());

  /** Starts the command on a host, and answers how to wake it where it is about to take the lease. */
  async function startAtLease(host?: string) {
    const running = project.start(argv, { point: "K1", nth: 1, victim: "freeze" }, variablesFor(url), host);
    const frozen = await vi.waitFor(async () => {
      const pid = host === undefined ? running.pid : await processOn(running.pid);
      expect(pid !== undefined && (await isStopped(pid))).toBe(true);
      return pid ?? 0;
    }, patience);
    return { ended: running.ended, wake: () => process.kill(frozen, "SIGCONT") };
  }

  async function age(seconds: number): Promise<void> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(`UPDATE leases SET renewed_at = renewed_at - ${seconds * 1000}`);
    await client.end();
  }

  test("fault 18: of two that begin at one instant exactly one wins, and the other is told where it is", async () => {
    const both = await Promise.all([startAtLease(), startAtLease("far")]);
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
  });

  test("fault 17: a holder whose host has died is waited for as long as its lease, and no longer", async () => {
    const died = await project.run(argv, { point: "K5", nth: 2, victim: "cli" }, variablesFor(url), "far");
    expect(died.code, died.stdout + died.stderr).toBe(137);
    const refused = await project.run(argv, undefined, variablesFor(url));
    expect(refused.code, refused.stdout + refused.stderr).toBe(5);
    expect(refused.stderr).toMatch(/lease-held[\s\S]* on far \(process \d+, since [\s\S]*free in \d+ s/);
    const id = await newestId(await aftermathOn(url, project));
    await age(60);
    const next = await project.run(argv, undefined, variablesFor(url));
    expect(next.code, next.stdout + next.stderr).toBe(0);
    expect(next.stderr).toMatch(/broke off: \S+ on far \(process \d+, last heard of \d+ s ago\) is gone/);
    const aftermath = await aftermathOn(url, project);
    expect(await newestId(aftermath)).toBe(id);
    expect(await brokenRules({ ...aftermath, runs: [next] })).toEqual([]);
    expect(await brokenStillness(aftermath)).toEqual([]);
  });
});
