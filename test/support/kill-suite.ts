/** The command line killed at each of the ten points of an operation: one suite, run for every operation. */
import { afterAll, describe, expect, test } from "vitest";
import { addCounts } from "../../src/model/plan.ts";
import { readHistory } from "../../src/platform/history.ts";
import { readStatus } from "../../src/platform/status.ts";
import { aftermathOf, type KilledOperation, newestId, openCase } from "./kill-case.ts";
import { type KillProject, Stages } from "./kill-harness.ts";
import { type KillPoint, killPoints } from "./kill-points.ts";
import { environment } from "./kill-world.ts";
import { brokenConvergence, brokenRules, brokenStillness } from "./rules.ts";

/** Points at which nothing is on record yet, or everything is: what goes on then is another operation. */
const unrecorded: readonly KillPoint[] = ["K1", "K10"];

/** Points after which all of R4 is proven; after the others, that nothing is left to do: a destroy costs two engines. */
const provenToTheEnd: readonly KillPoint[] = ["K5", "K7"];

/** Milliseconds for one kill on a machine with much else to do. */
const timeout = 180_000;

/** What a person would paste who asks for the status. */
async function toldByStatus(
  { context }: KillProject,
  argv: readonly string[],
  { operation, point }: { readonly operation: KilledOperation; readonly point: KillPoint },
): Promise<readonly string[]> {
  const [status] = await readStatus(context, environment);
  const unknown = status?.operation?.steps.flatMap(({ resources }) => resources) ?? [];
  expect(status?.next).toBe(`terrane ${argv[0]} ${environment}`);
  // The first intent is on record: it is told by name. Where much stays the same, the first entry need not begin any.
  if (point === "K4" && operation === "up") expect(unknown).toMatchObject([{ outcome: "unknown" }]);
  return [...(status?.next?.split(" ").slice(1) ?? []), "--yes"];
}

/** Made by the newest operation, all its attempts together. */
async function created({ context }: KillProject): Promise<number> {
  const [newest] = await readHistory(context, { environment, limit: 1 });
  return addCounts((newest?.steps ?? []).map(({ counts }) => counts)).create;
}

async function there({ context }: KillProject): Promise<number> {
  const [status] = await readStatus(context, environment);
  return Object.values(status?.resources ?? {}).reduce((sum, count) => sum + count, 0);
}

export function describeKills(operation: KilledOperation): void {
  describe.skipIf(process.platform !== "linux")(`in ${operation}`, { timeout }, () => {
    const stages = new Stages();
    afterAll(() => stages[Symbol.asyncDispose]());

    test.each(killPoints)("the command line dies at %s, and the next run goes on", async (point) => {
      const { project, argv } = await openCase(stages, operation);
      await using _project = project;
      const killed = await project.run(argv, { point, nth: 1, victim: "cli" });
      expect(killed.signal, killed.stdout + killed.stderr).toBe("SIGKILL");
      const before = unrecorded.includes(point) ? undefined : await newestId(project);
      const destroyed = operation === "destroy";
      const isGone = destroyed && point === "K10";
      if (!isGone) {
        const next = await project.run(
          before === undefined ? argv : await toldByStatus(project, argv, { operation, point }),
        );
        expect(next.code, next.stdout + next.stderr).toBe(0);
        if (before !== undefined) expect(await newestId(project)).toBe(before);
      }
      if (operation === "up" && before !== undefined)
        expect(await created(project)).toBe(await there(project));
      const aftermath = await aftermathOf(project);
      expect(await brokenRules(isGone ? { ...aftermath, runs: [] } : aftermath)).toEqual([]);
      const converges = provenToTheEnd.includes(point) || destroyed ? brokenConvergence : brokenStillness;
      expect(await converges({ ...aftermath, destroyed })).toEqual([]);
    });
  });
}
