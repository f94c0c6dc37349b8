/** The command line killed at each of the ten points of an operation: one suite, run for every operation. */
import { afterAll, describe, expect, test } from "vitest";
import { aftermathOf, type KilledOperation, newestId, openCase } from "./kill-case.ts";
import { Stages } from "./kill-harness.ts";
import { type KillPoint, killPoints } from "./kill-points.ts";
import { brokenConvergence, brokenRules, brokenStillness } from "./rules.ts";

/** Points at which nothing is on record yet, or everything is: what goes on then is another operation. */
const unrecorded: readonly KillPoint[] = ["K1", "K10"];

/** Points after which all of R4 is proven; after the others, that nothing is left to do: a destroy costs two engines. */
const provenToTheEnd: readonly KillPoint[] = ["K5", "K7"];

/** Milliseconds for one kill on a machine with much else to do. */
const timeout = 180_000;

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
        const next = await project.run(argv);
        expect(next.code, next.stdout + next.stderr).toBe(0);
        if (before !== undefined) expect(await newestId(project)).toBe(before);
      }
      const aftermath = await aftermathOf(project);
      expect(await brokenRules(isGone ? { ...aftermath, runs: [] } : aftermath)).toEqual([]);
      const converges = provenToTheEnd.includes(point) || destroyed ? brokenConvergence : brokenStillness;
      expect(await converges({ ...aftermath, destroyed })).toEqual([]);
    });
  });
}
