/**
 * Two hosts that take one environment's lease at one instant, again and again, at one ledger on a server: exactly one
 * wins every time, and the other is told on which host; and a host that dies while it holds the lease. TERRANE_ROUNDS
 * makes it longer or shorter.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { expect, test, vi } from "vitest";
import { readHistory } from "../../src/platform/history.ts";
import { hasOtherHosts, onHost, processOn } from "../support/hosts.ts";
import { newestId } from "../support/kill-case.ts";
import { type KillProject, Stages } from "../support/kill-harness.ts";
import { documents, environment } from "../support/kill-world.ts";
import { hasPostgres, startPostgres } from "../support/postgres.ts";
import { isStopped } from "../support/processes.ts";
import type { RaceEnd } from "../support/race-program.ts";
import { brokenConvergence, brokenRules, brokenStillness } from "../support/rules.ts";
import { aftermathOn, openServerProject, variablesFor } from "../support/server-project.ts";

const rounds = Number(process.env["TERRANE_ROUNDS"] ?? 20);
const program = fileURLToPath(new URL("../support/race-program.ts", import.meta.url));
const patience = { timeout: 120_000, interval: 10 };

interface Runner {
  readonly child: ChildProcess;
  readonly host: string;
  /** Of the program, by its number here. */
  pid(): Promise<number | undefined>;
}

function startRunner({ dir, context }: KillProject, url: string, host?: string): Runner {
  const here = { program: process.execPath, args: [program] };
  const started = host === undefined ? here : onHost(host, here.program, here.args);
  const child = spawn(started.program, started.args, {
    cwd: dir,
    env: { ...context.environment, ...variablesFor(url), TERRANE_HOME: context.home },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const pid = async () => (host === undefined ? child.pid : processOn(child.pid ?? 0));
  return { child, host: host ?? hostname(), pid };
}

async function raceOnce(
  runners: readonly Runner[],
): Promise<readonly (RaceEnd & { readonly host: string })[]> {
  const ends = runners.map(async ({ child, host }) => {
    const [end] = (await once(child, "message")) as [RaceEnd];
    return { ...end, host };
  });
  for (const { child } of runners) child.send("go");
  const pids = await Promise.all(
    runners.map((runner) =>
      vi.waitFor(async () => {
        const pid = (await runner.pid()) ?? 0;
        expect(await isStopped(pid)).toBe(true);
        return pid;
      }, patience),
    ),
  );
  for (const pid of pids) process.kill(pid, "SIGCONT");
  return Promise.all(ends);
}

test.skipIf(!hasPostgres || !hasOtherHosts)(`of two hosts exactly one wins, ${rounds} times`, async () => {
  await using stages = new Stages();
  await using server = await startPostgres();
  const url = await server.createDatabase();
  await using project = await openServerProject(stages);
  const runners = [startRunner(project, url), startRunner(project, url, "far")];
  try {
    for (let round = 1; round <= rounds; round += 1) {
      await project.writeAll(documents(600 + 60 * round));
      const ends = await raceOnce(runners);
      const told = `round ${round}: ${JSON.stringify(ends)}`;
      const [won, lost] = [...ends].sort((one, other) => (one.result < other.result ? 1 : -1));
      expect([won?.result, lost?.result], told).toEqual(["succeeded", "lease-held"]);
      expect(lost?.message, told).toMatch(new RegExp(` on ${won?.host} \\(process \\d+, since `));
      const newest = await newestId(await aftermathOn(url, project));
      expect([won?.operation, lost?.operation], told).toEqual([newest, newest]);
    }
  } finally {
    for (const { child } of runners) child.kill("SIGKILL");
  }
  const aftermath = await aftermathOn(url, project);
  const history = await readHistory(aftermath.context, { environment, limit: rounds + 2 });
  expect(history.map(({ status }) => status)).toEqual(Array.from({ length: rounds }, () => "succeeded"));
  expect(await brokenRules(aftermath)).toEqual([]);
  expect(await brokenConvergence(aftermath)).toEqual([]);
});

async function age(url: string, seconds: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`UPDATE leases SET renewed_at = renewed_at - ${seconds * 1000}`);
  await client.end();
}

test.skipIf(!hasPostgres || !hasOtherHosts)(
  "fault 17: a holder whose host has died is waited for as long as its lease, and no longer",
  async () => {
    await using stages = new Stages();
    await using server = await startPostgres();
    const url = await server.createDatabase();
    await using project = await openServerProject(stages);
    const argv = ["up", environment, "--yes"];
    const died = await project.run(argv, { point: "K5", nth: 2, victim: "cli" }, variablesFor(url), "far");
    expect(died.code, died.stdout + died.stderr).toBe(137);
    const refused = await project.run(argv, undefined, variablesFor(url));
    expect(refused.code, refused.stdout + refused.stderr).toBe(5);
    expect(refused.stderr).toMatch(/lease-held[\s\S]* on far \(process \d+, since [\s\S]*free in \d+ s/);
    const id = await newestId(await aftermathOn(url, project));
    await age(url, 60);
    const next = await project.run(argv, undefined, variablesFor(url));
    expect(next.code, next.stdout + next.stderr).toBe(0);
    expect(next.stderr).toMatch(/broke off: \S+ on far \(process \d+, last heard of \d+ s ago\) is gone/);
    const aftermath = await aftermathOn(url, project);
    expect(await newestId(aftermath)).toBe(id);
    expect(await brokenRules({ ...aftermath, runs: [next] })).toEqual([]);
    expect(await brokenStillness(aftermath)).toEqual([]);
  },
);
