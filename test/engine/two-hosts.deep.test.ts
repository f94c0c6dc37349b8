/**
 * Two hosts that take one environment's lease at one instant, again and again, at one ledger on a server: exactly one
 * wins every time, and the other is told on which host. TERRANE_ROUNDS makes it longer or shorter.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { readHistory } from "../../src/platform/history.ts";
import { hasOtherHosts, onHost, processOn } from "../support/hosts.ts";
import { newestId } from "../support/kill-case.ts";
import { type KillProject, Stages } from "../support/kill-harness.ts";
import { documents, environment } from "../support/kill-world.ts";
import { hasPostgres, startPostgres } from "../support/postgres.ts";
import { isStopped } from "../support/processes.ts";
import type { RaceEnd } from "../support/race-program.ts";
import { brokenConvergence, brokenRules } from "../support/rules.ts";
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
      const asked = documents(600 + 60 * round);
      for (const [file, text] of Object.entries(asked)) await project.write(file, text);
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
