/** The engine killed at work, through the real engine: it is told, the printed command goes on, every rule holds. */
import { afterAll, describe, expect, test } from "vitest";
import { aftermathOf, newestId, openCase, printedCommand } from "../support/kill-case.ts";
import { Stages } from "../support/kill-harness.ts";
import { environment } from "../support/kill-world.ts";
import { stillRunning } from "../support/processes.ts";
import { brokenConvergence, brokenRules, brokenStillness } from "../support/rules.ts";

/** Milliseconds for one kill on a machine with much else to do. */
const timeout = 180_000;

const stages = new Stages();
afterAll(() => stages[Symbol.asyncDispose]());

describe.skipIf(process.platform !== "linux")("the engine dies", { timeout }, () => {
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
      const converges = destroyed ? brokenConvergence : brokenStillness;
      expect(await converges({ ...aftermath, destroyed })).toEqual([]);
    },
  );

  test("and the command line with it: every look says so, and recover who it was and what goes on", async () => {
    const { project, argv } = await openCase(stages, "up");
    await using _project = project;
    const killed = await project.run(argv, { point: "K5", nth: 1, victim: "both" });
    expect(killed.signal).toBe("SIGKILL");
    for (const verb of ["status", "list", "history"]) {
      const { environments, operations } = JSON.parse((await project.run([verb, "--json"])).stdout);
      const [told] = operations ?? environments.map((each: { operation: unknown }) => each.operation);
      expect(told, verb).toMatchObject({ kind: "up", status: "interrupted" });
    }
    expect((await project.run(["status"])).stdout).toMatch(/^shop .* up interrupted /m);
    const recovered = await project.run(["recover", environment, "--json"]);
    expect(recovered.code, recovered.stderr).toBe(0);
    const { environments } = JSON.parse(recovered.stdout) as { environments: { next?: string }[] };
    expect(environments[0]?.next).toBe(`terrane up ${environment}`);
    expect((await project.run(argv)).code).toBe(0);
    const aftermath = await aftermathOf(project);
    expect(await brokenRules(aftermath)).toEqual([]);
    expect(await brokenConvergence(aftermath)).toEqual([]);
  });

  test("not even begun when its command line dies before it is on record", async () => {
    const { project, argv } = await openCase(stages, "up");
    await using _project = project;
    const killed = await project.run(argv, { point: "waiting", nth: 1, victim: "cli" });
    expect(killed.signal, killed.stdout + killed.stderr).toBe("SIGKILL");
    const engines = await project.struckEngines();
    expect(engines).toHaveLength(1);
    // By itself: nobody has been told of it, so nobody could end it.
    await expect.poll(() => stillRunning(engines)).toEqual([]);
    const id = await newestId(project);
    const next = await project.run(argv);
    expect(next.code, next.stdout + next.stderr).toBe(0);
    expect(await newestId(project)).toBe(id);
    expect(await brokenRules(await aftermathOf(project))).toEqual([]);
  });
});
