/**
 * Whatever is lost, put back and deleted by hand between the changes of an environment: nothing is made twice, and nothing
 * is deleted that no agreed plan names. What each refusal says to do leads back. TERRANE_SEED repeats a run,
 * TERRANE_ROUNDS makes it longer.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { platformUseCases } from "../../src/cli/use-cases.ts";
import { TerraneError } from "../../src/errors.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { PlatformContext } from "../../src/platform/context.ts";
import { destroyEnvironment } from "../../src/platform/destroy.ts";
import { recoverEnvironments } from "../../src/platform/recover.ts";
import { refreshEnvironment } from "../../src/platform/refresh.ts";
import { upEnvironment } from "../../src/platform/up.ts";
import { openClouds } from "../../src/simulator/clouds.ts";
import { canary, components, documents, environment, now, secretVariable } from "../support/kill-world.ts";
import { backUpDatabase, loseStates } from "../support/lose-states.ts";
import { applying, makeProject, type TestProject } from "../support/project.ts";
import { brokenRules, readObjects } from "../support/rules.ts";
import { runFake } from "../unit/cli/fakes.ts";

const seed = Number(process.env["TERRANE_SEED"] ?? Date.now() % 1_000_000);
const rounds = Number(process.env["TERRANE_ROUNDS"] ?? 6);

/** Retentions of the documents: another one is an update; `small` leaves a component out. */
const action = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("up" as const),
      retention: fc.constantFrom(600, 900),
      small: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("back up" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("put back" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("lose states" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("delete by hand" as const), pick: fc.nat() }) },
);

type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

test(`nothing is made twice and nothing is deleted unseen (TERRANE_SEED=${seed})`, async () => {
  await fc.assert(fc.asyncProperty(fc.array(action, { minLength: 3, maxLength: 7 }), live), {
    seed,
    numRuns: rounds,
    endOnFailure: true,
  });
});

/** One life of an environment, up to its destroy. */
async function live(actions: readonly Action[]): Promise<void> {
  await using world = await openWorld();
  // Something to lose.
  await world.write(600, false);
  await world.settle();
  for (const each of actions) {
    switch (each.do) {
      case "up":
        await world.write(each.retention, each.small);
        await world.settle();
        break;
      case "back up":
        await world.backUp();
        break;
      case "put back":
        await world.putBack();
        break;
      case "lose states":
        await loseStates(world.project);
        break;
      case "delete by hand":
        await world.deleteByHand(each.pick);
    }
  }
  await world.settle();
  await world.assertWhole();
  await world.destroy();
}

/** Steps on the way back from one loss: accept, rebuild, up, and once more for what was found then. */
const longestWay = 6;

async function openWorld() {
  const project: TestProject = await makeProject(documents());
  const context: PlatformContext = {
    ...project.context,
    components,
    now,
    environment: { ...project.context.environment, [secretVariable]: canary },
  };
  let backup: Awaited<ReturnType<typeof backUpDatabase>> | undefined;
  const agreed: Plan[] = [];
  const clouds = () => openClouds(`${project.dir}/.terrane/clouds.sqlite`, { now });
  await (await clouds()).close();
  const objects = () => readObjects(project);
  const options = () => {
    const asked = applying();
    return {
      ...asked,
      confirm: async (plan: Plan, dataLoss: readonly string[]) => {
        agreed.push(plan);
        return await asked.confirm(plan, dataLoss);
      },
    };
  };

  /** Runs one command and holds the clouds against what was agreed to. */
  async function watch<T>(what: string, run: () => Promise<T>): Promise<T | TerraneError> {
    const before = objects();
    agreed.length = 0;
    const ended = await run().catch((error: unknown) => {
      if (error instanceof TerraneError) return error;
      throw error;
    });
    const after = objects();
    const ids = new Set(after.map(({ type, id }) => `${type} ${id}`));
    const named = new Set(
      agreed.flatMap(({ stacks }) =>
        stacks.flatMap(({ steps }) =>
          steps.filter(({ action: does }) => does === "delete" || does === "replace").map(({ urn }) => urn),
        ),
      ),
    );
    const unseen = before.filter(({ type, id, urn }) => !ids.has(`${type} ${id}`) && !named.has(urn));
    expect(unseen, `${what} deleted what no plan names`).toEqual([]);
    const urns = after.map(({ urn }) => urn);
    expect(
      urns.filter((urn, at) => urns.indexOf(urn) !== at),
      `${what} made something twice`,
    ).toEqual([]);
    if (ended instanceof TerraneError)
      expect(after, `${what} was refused, and did something`).toEqual(before);
    return ended;
  }

  /** Does what each refusal says until an up goes through. */
  async function settle(): Promise<void> {
    for (let step = 0; step < longestWay; step += 1) {
      const ended = await watch("up", () => upEnvironment(context, environment, options()));
      if (ended instanceof TerraneError) await follow(ended);
      else if (ended.result === "failed" && /does not exist/.test(JSON.stringify(ended.operation?.steps))) {
        // The copy is older than a deletion by hand.
        await refresh();
      } else {
        expect(["succeeded", "unchanged"], JSON.stringify(ended.operation?.steps)).toContain(ended.result);
        return;
      }
    }
    throw new Error("what the refusals said to do did not lead back");
  }

  async function refresh(): Promise<void> {
    await watch("a refresh", () => refreshEnvironment(context, environment, options()));
  }

  async function follow({ code, message, next }: TerraneError): Promise<void> {
    const accept = /`terrane (audit accept \d+:[0-9a-f]{64})`/.exec(next)?.[1];
    if (accept !== undefined) {
      const { code: exit, stderr } = await runFake(
        ["-C", project.dir, ...accept.split(" ")],
        platformUseCases,
      );
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
      return;
    }
    expect(next, `${code}: ${message}`).toContain(`terrane recover ${environment} --rebuild`);
    const request = { environment, testimony: {}, rebuild: true, startedBy: "test" };
    const rebuilt = await watch("a rebuild", () => recoverEnvironments(context, request, options()));
    if (rebuilt instanceof TerraneError) throw rebuilt;
  }

  return {
    project,
    settle,
    write: async (retention: number, small: boolean) => {
      for (const [file, text] of Object.entries(documents(retention)))
        await project.write(file, small ? text.replace(/^ {2}jobs: .*\n/m, "") : text);
    },
    backUp: async () => {
      backup = await backUpDatabase(project);
    },
    putBack: async () => {
      await backup?.restore();
    },
    deleteByHand: async (pick: number) => {
      const found = objects();
      const object = found[pick % Math.max(1, found.length)];
      if (object === undefined) return;
      const open = await clouds();
      await open.remove({ type: object.type, id: object.id }, { force: true });
      await open.close();
      // Only a look into the clouds tells: states go on as if it were there.
      await refresh();
    },
    assertWhole: async () => {
      const aftermath = { dir: project.dir, context, environment, runs: [], canaries: [canary] };
      expect((await brokenRules(aftermath)).filter((each) => /^R[127]/.test(each))).toEqual([]);
    },
    destroy: async () => {
      const ended = await watch("a destroy", () => destroyEnvironment(context, environment, options()));
      expect(ended).toMatchObject({ result: "succeeded" });
      expect(objects()).toEqual([]);
    },
    [Symbol.asyncDispose]: () => project[Symbol.asyncDispose](),
  };
}
