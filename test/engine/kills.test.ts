/**
 * Processes killed at each of the ten points of an operation, through the real engine: the next command goes on under the
 * same id, asks nobody, and every rule holds afterwards.
 */
import { afterAll, describe, expect, test } from "vitest";
import { readHistory } from "../../src/platform/history.ts";
import { type KillProject, Stages } from "../support/kill-harness.ts";
import { type KillPoint, killPoints } from "../support/kill-points.ts";
import { canary, documents, environment } from "../support/kill-world.ts";
import { type Aftermath, brokenConvergence, brokenRules } from "../support/rules.ts";

const stages = new Stages();
afterAll(() => stages[Symbol.asyncDispose]());

type Operation = "up" | "update" | "destroy" | "refresh";

/** The project before the operation, and the command that is killed and run again. */
async function openFor(operation: Operation): Promise<{ project: KillProject; argv: readonly string[] }> {
  const project = await stages.open(operation === "up" ? "new" : "up");
  if (operation === "update") {
    for (const [file, text] of Object.entries(documents(900))) await project.write(file, text);
  }
  const verb = operation === "update" ? "up" : operation;
  return { project, argv: [verb, environment, "--yes"] };
}

async function aftermathOf(project: KillProject): Promise<Aftermath> {
  const engine = (await project.struck())?.engine;
  const { dir, context, runs } = project;
  return {
    ...{ dir, context, runs, environment, canaries: [canary] },
    engines: engine === undefined ? [] : [engine],
  };
}

const idOf = async (project: KillProject) => (await readHistory(project.context, { environment }))[0]?.id;

/** Points at which nothing is on record yet, or everything is: what goes on then is another operation. */
const unrecorded: readonly KillPoint[] = ["K1", "K10"];

describe.skipIf(process.platform !== "linux")("the command line is killed", () => {
  describe.each<Operation>(["up", "update", "destroy", "refresh"])("in %s", (operation) => {
    // A refresh begins nothing that a cloud could have half done, and an engine's last words differ from operation to
    // operation: every point is worth its seconds all the same.
    test.each(killPoints)("at %s, and the next run goes on", async (point) => {
      const { project, argv } = await openFor(operation);
      await using _project = project;
      const killed = await project.run(argv, { point, nth: 1, victim: "cli" });
      expect(killed.signal).toBe("SIGKILL");
      const before = unrecorded.includes(point) ? undefined : await idOf(project);
      const isGone = operation === "destroy" && point === "K10";
      if (!isGone) {
        const next = await project.run(argv);
        expect(next.code, next.stderr + next.stdout).toBe(0);
        if (before !== undefined) expect(await idOf(project)).toBe(before);
      }
      const aftermath = await aftermathOf(project);
      const runs = isGone ? [] : aftermath.runs;
      expect(await brokenRules({ ...aftermath, runs })).toEqual([]);
      const destroyed = operation === "destroy";
      expect(await brokenConvergence({ ...aftermath, destroyed })).toEqual([]);
    });
  });
});
