/**
 * Processes killed at each of the ten points of an operation, through the real engine: the next command goes on under the
 * same id, asks nobody, and every rule holds afterwards.
 */
import { afterAll, describe, expect, test } from "vitest";
import { aftermathOf, killedOperations, newestId, openCase, printedCommand } from "../support/kill-case.ts";
import { Stages } from "../support/kill-harness.ts";
import { type KillPoint, killPoints } from "../support/kill-points.ts";
import { environment } from "../support/kill-world.ts";
import { brokenConvergence, brokenRules } from "../support/rules.ts";

const stages = new Stages();
afterAll(() => stages[Symbol.asyncDispose]());

/** Points at which nothing is on record yet, or everything is: what goes on then is another operation. */
const unrecorded: readonly KillPoint[] = ["K1", "K10"];

describe.skipIf(process.platform !== "linux").each(killedOperations)("in %s", (operation) => {
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
    expect(await brokenConvergence({ ...aftermath, destroyed })).toEqual([]);
  });
});

describe.skipIf(process.platform !== "linux")("the engine dies", () => {
  const cases = [
    ...(["K3", "K4", "K5", "K6", "K7"] as const).map((point) => ({ operation: "up", point }) as const),
    { operation: "update", point: "K5" } as const,
    { operation: "destroy", point: "K5" } as const,
    { operation: "refresh", point: "K5" } as const,
  ];
  test.each(cases)(
    "in $operation at $point: told with its signal, and the printed command goes on",
    async (each) => {
      const { project, argv } = await openCase(stages, each.operation);
      await using _project = project;
      const died = await project.run(argv, { point: each.point, nth: 1, victim: "engine" });
      expect(died.code, died.stdout + died.stderr).toBe(1);
      expect(died.stdout).toContain("the engine was ended by SIGKILL");
      const next = await project.run(printedCommand(died));
      expect(next.code, next.stdout + next.stderr).toBe(0);
      const aftermath = await aftermathOf(project);
      expect(await brokenRules(aftermath)).toEqual([]);
      const destroyed = each.operation === "destroy";
      expect(await brokenConvergence({ ...aftermath, destroyed })).toEqual([]);
    },
  );

  test("and the command line with it: recover says who it was and what goes on", async () => {
    const { project, argv } = await openCase(stages, "up");
    await using _project = project;
    const killed = await project.run(argv, { point: "K5", nth: 1, victim: "both" });
    expect(killed.signal).toBe("SIGKILL");
    const recovered = await project.run(["recover", environment, "--json"]);
    expect(recovered.code, recovered.stderr).toBe(0);
    const { environments } = JSON.parse(recovered.stdout) as { environments: { next?: string }[] };
    expect(environments[0]?.next).toBe(`terrane up ${environment}`);
    expect((await project.run(argv)).code).toBe(0);
    const aftermath = await aftermathOf(project);
    expect(await brokenRules(aftermath)).toEqual([]);
    expect(await brokenConvergence(aftermath)).toEqual([]);
  });
});
