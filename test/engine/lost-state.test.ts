/** States that are lost, old or another's, through the real engine: recognised, refused, rebuilt; never a second copy. */
import { describe, expect, it } from "vitest";
import { platformUseCases } from "../../src/cli/use-cases.ts";
import type { TerraneError } from "../../src/errors.ts";
import type { EventBody } from "../../src/model/event.ts";
import { isWork } from "../../src/model/plan.ts";
import { listObjects, removeObject } from "../../src/platform/cloud.ts";
import { destroyEnvironment } from "../../src/platform/destroy.ts";
import { planEnvironment } from "../../src/platform/plan.ts";
import { recoverEnvironments } from "../../src/platform/recover.ts";
import { refreshEnvironment } from "../../src/platform/refresh.ts";
import { upEnvironment } from "../../src/platform/up.ts";
import { openClouds } from "../../src/simulator/clouds.ts";
import { backUp, backUpDatabase, loseEverything, loseStates } from "../support/lose-states.ts";
import { applying, environmentText, makeProject, type TestProject } from "../support/project.ts";
import { runFake } from "../unit/cli/fakes.ts";

const vpc = "  vpc: { type: vpc, zones: 2 }";
const orders = "  orders: { type: postgres, network: vpc }";
const blueprint = (...components: readonly string[]) =>
  [
    "apiVersion: terrane.dev/v1",
    "kind: Blueprint",
    'metadata: { name: platform, version: "1.0.0" }',
    "sites: { virginia: { cloud: aws, region: us-east-1 } }",
    "components:",
    ...components,
    "",
  ].join("\n");
const file = "blueprints/platform/blueprint.yaml";
const environments = { "environments/shop.yaml": environmentText("shop", "platform") };

const up = (project: TestProject) => upEnvironment(project.context, "shop", applying());
const objectsOf = (project: TestProject) => listObjects(project.context, {});
const rebuild = async (project: TestProject) => {
  const request = { environment: "shop", testimony: {}, rebuild: true, startedBy: "test" };
  const options = { emit: () => {}, signal: new AbortController().signal };
  const [rebuilt] = await recoverEnvironments(project.context, request, options);
  return rebuilt;
};

describe("a state that is lost", () => {
  it("fault 15: is never taken for a new environment, and is rebuilt from tags and import ids to a plan of nothing", async () => {
    await using project = await makeProject({ [file]: blueprint(vpc, orders), ...environments });
    expect((await up(project)).result).toBe("succeeded");
    const before = await objectsOf(project);
    await loseStates(project);

    const refusal = {
      code: "state-missing",
      message: expect.stringMatching(/^the cloud holds \d+ objects of this environment: /),
      next: "terrane recover shop --rebuild",
    };
    await expect(up(project)).rejects.toMatchObject(refusal);
    await expect(planEnvironment(project.context, "shop", applying())).rejects.toMatchObject(refusal);
    await expect(destroyEnvironment(project.context, "shop", applying())).rejects.toMatchObject(refusal);

    // More are known than were missing: what takes no tags is in no list, and was found by its id.
    const { taken = 0, known = 0 } = (await rebuild(project))?.rebuilt ?? {};
    expect(taken).toBeGreaterThan(20);
    expect(known).toBeGreaterThan(taken);
    expect(await objectsOf(project)).toEqual(before);
    expect((await up(project)).result).toBe("unchanged");
    expect((await destroyEnvironment(project.context, "shop", applying())).result).toBe("succeeded");
    expect(await objectsOf(project)).toEqual([]);
  }, 120_000);

  it("with the record lost too, leaves what the clouds hold alone", async () => {
    await using project = await makeProject({ [file]: blueprint(vpc), ...environments });
    await up(project);
    const before = await objectsOf(project);
    await loseEverything(project);
    await expect(up(project)).rejects.toMatchObject({
      code: "state-missing",
      message: expect.stringMatching(
        /^the cloud holds \d+ objects of an environment shop that is not on record/,
      ),
      next: expect.stringContaining("terrane cloud ls --environment shop"),
    });
    expect(await objectsOf(project)).toEqual(before);
  });

  it("that cannot be rebuilt whole is refused with everything that does not fit, by name", async () => {
    await using project = await makeProject({ [file]: blueprint(vpc), ...environments });
    await up(project);
    const [route] = (await objectsOf(project)).filter(({ type }) => type === "aws:ec2/route:Route");
    await removeObject(project.context, route?.id ?? "", { force: false });
    await loseStates(project);
    const before = await objectsOf(project);
    await expect(rebuild(project)).rejects.toMatchObject({
      code: "state-not-rebuilt",
      message: expect.stringMatching(/Route .*: is not in the cloud/),
    });
    expect(await objectsOf(project)).toEqual(before);
  });
});

describe("a state that is old", () => {
  it("fault 16: is refused while the clouds hold what it does not know, and nothing is made or deleted", async () => {
    await using project = await makeProject({ [file]: blueprint(vpc), ...environments });
    await up(project);
    const backup = await backUp(project);
    await project.write(file, blueprint(vpc, orders));
    expect((await up(project)).result).toBe("succeeded");
    const before = await objectsOf(project);
    await backup.restore();
    const refusal = { code: "state-older-than-cloud", message: expect.stringContaining("no state knows: ") };
    await expect(up(project)).rejects.toMatchObject(refusal);
    await expect(destroyEnvironment(project.context, "shop", applying())).rejects.toMatchObject(refusal);
    expect(await objectsOf(project)).toEqual(before);
  });

  it("fault 16: of a whole database put back is refused by whoever saw more of it, also where nothing would change", async () => {
    await using project = await makeProject({ [file]: blueprint(vpc), ...environments });
    await up(project);
    const backup = await backUpDatabase(project);
    await project.write(file, blueprint(vpc, orders));
    expect((await up(project)).result).toBe("succeeded");
    const before = await objectsOf(project);
    await backup.restore();
    // The documents of that day too: by what the ledger says, nothing is left to do.
    await project.write(file, blueprint(vpc));

    const refusal = {
      code: "ledger-rolled-back",
      message: expect.stringMatching(/it ends with record \d+ of .*, and this machine saw record \d+/),
    };
    const rejected = up(project);
    await expect(rejected).rejects.toMatchObject(refusal);
    await expect(destroyEnvironment(project.context, "shop", applying())).rejects.toMatchObject(refusal);
    await expect(refreshEnvironment(project.context, "shop", applying())).rejects.toMatchObject(refusal);
    await expect(rebuild(project)).rejects.toMatchObject(refusal);
    const told: EventBody[] = [];
    const plan = await planEnvironment(
      project.context,
      "shop",
      applying({ emit: (event) => told.push(event) }),
    );
    expect(isWork(plan)).toBe(false);
    expect(told).toContainEqual(
      expect.objectContaining({ severity: "warning", message: expect.stringContaining("an older copy") }),
    );
    const status = await runFake(["-C", project.dir, "status", "shop"], platformUseCases);
    expect(status.stderr).toMatch(/^warning {2}the ledger's database is an older copy/);

    const next: string = await rejected.then(String, (error: TerraneError) => error.next);
    const accept = /`terrane (audit accept \d+:[0-9a-f]{64})`/.exec(next)?.[1]?.split(" ") ?? [];
    expect(await runFake(["-C", project.dir, ...accept], platformUseCases)).toMatchObject({ code: 0 });
    // Accepted, but not believed: what stood on unchanged ground is held against the clouds.
    const older = { code: "state-older-than-cloud", next: "terrane recover shop --rebuild" };
    await expect(up(project)).rejects.toMatchObject(older);
    await expect(destroyEnvironment(project.context, "shop", applying())).rejects.toMatchObject(older);
    expect(await objectsOf(project)).toEqual(before);
  }, 120_000);

  it("of an earlier life of the environment is refused too", async () => {
    await using project = await makeProject({ [file]: blueprint(vpc), ...environments });
    await up(project);
    const backup = await backUp(project);
    await destroyEnvironment(project.context, "shop", applying());
    await up(project);
    const before = await objectsOf(project);
    await backup.restore();
    await project.write(file, blueprint(vpc, orders));
    await expect(up(project)).rejects.toMatchObject({
      code: "state-older-than-cloud",
      message: expect.stringContaining("of another life of shop"),
    });
    expect(await objectsOf(project)).toEqual(before);
  });
});

describe("clocks", () => {
  it.each([20, -20])("fault 11: that are %i min apart are told, and nothing is touched", async (minutes) => {
    await using project = await makeProject({ [file]: blueprint(vpc), ...environments });
    await objectsOf(project);
    const path = `${project.dir}/.terrane/clouds.sqlite`;
    const clouds = await openClouds(path, { now: project.context.now });
    await clouds.setClock(minutes * 60_000);
    await clouds.close();
    const there = new Date(Date.parse("2026-11-21T12:00:00Z") + minutes * 60_000).toISOString();
    const failed = up(project);
    await expect(failed).rejects.toMatchObject({
      code: "clock-skew",
      message: `this machine's clock is 20 min ${minutes > 0 ? "behind" : "ahead of"} the cloud's: 2026-11-21T12:00:00.000Z here, ${there} there`,
    });
    expect(await objectsOf(project)).toEqual([]);
  });
});
