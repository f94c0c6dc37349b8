/** States that are lost, old or another's, through the real engine: recognised, refused, rebuilt; never a second copy. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { platformUseCases } from "../../src/cli/use-cases.ts";
import type { TerraneError } from "../../src/errors.ts";
import type { EventBody } from "../../src/model/event.ts";
import { isWork } from "../../src/model/plan.ts";
import { verifyAudit } from "../../src/platform/audit.ts";
import { listObjects, removeObject } from "../../src/platform/cloud.ts";
import { destroyEnvironment } from "../../src/platform/destroy.ts";
import { planEnvironment } from "../../src/platform/plan.ts";
import { recoverEnvironments } from "../../src/platform/recover.ts";
import { refreshEnvironment } from "../../src/platform/refresh.ts";
import { upEnvironment } from "../../src/platform/up.ts";
import { openClouds } from "../../src/simulator/clouds.ts";
import { canary, components, documents as killDocuments, secretVariable } from "../support/kill-world.ts";
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

/** @param next what the refusal of an older copy says to do */
const acceptCopy = (project: TestProject, next: string) => {
  const accept = /`terrane (audit accept \d+:[0-9a-f]{64})`/.exec(next)?.[1]?.split(" ") ?? [];
  return runFake(["-C", project.dir, ...accept], platformUseCases);
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
      next: expect.stringContaining("terrane recover shop --rebuild"),
    });
    expect(await objectsOf(project)).toEqual(before);
    expect((await rebuild(project))?.rebuilt).toMatchObject({ spec: "documents", missing: [] });
    expect(await objectsOf(project)).toEqual(before);
    expect((await up(project)).result).toBe("unchanged");
  });

  it("is rebuilt without what was deleted by hand, and the next up makes just that", async () => {
    await using project = await makeProject({ [file]: blueprint(vpc, orders), ...environments });
    await up(project);
    const gone = [/ec2\/route:Route$/, /rds\/instance:Instance$/];
    for (const type of gone) {
      const [object] = (await objectsOf(project)).filter((each) => type.test(each.type));
      await removeObject(project.context, object?.id ?? "", { force: true });
    }
    await loseStates(project);
    const before = await objectsOf(project);
    const recovered = await rebuild(project);
    const missing = recovered?.rebuilt?.missing ?? [];
    expect(recovered).toMatchObject({ next: "terrane up shop", rebuilt: { spec: "record" } });
    expect(missing.map(({ type }) => type).sort()).toEqual([
      "aws:ec2/route:Route",
      "aws:rds/instance:Instance",
    ]);
    expect(await objectsOf(project)).toEqual(before);

    const options = applying();
    expect((await upEnvironment(project.context, "shop", options)).result).toBe("succeeded");
    const creates = options.plans.flatMap(({ stacks }) => stacks.flatMap(({ steps }) => steps));
    expect(
      creates
        .filter(({ action }) => action === "create")
        .map(({ urn }) => urn)
        .sort(),
    ).toEqual(missing.map(({ urn }) => urn).sort());
    expect(options.plans[0]?.counts).toMatchObject({ create: 2, delete: 0, replace: 0 });
    expect((await up(project)).result).toBe("unchanged");
    expect((await destroyEnvironment(project.context, "shop", applying())).result).toBe("succeeded");
    expect(await objectsOf(project)).toEqual([]);
  }, 120_000);

  it("is rebuilt also where a secret is made of what was deleted by hand", async () => {
    await using project = await makeProject(killDocuments());
    const variables = { ...project.context.environment, [secretVariable]: canary };
    const context = { ...project.context, components, environment: variables };
    expect((await upEnvironment(context, "shop", applying())).result).toBe("succeeded");
    const [wire] = (await objectsOf(project)).filter(({ id }) => id.includes("shop-wire-"));
    await removeObject(context, wire?.id ?? "", { force: true });
    await loseStates(project);
    const recovered = await rebuild({ ...project, context });
    expect(recovered?.rebuilt?.missing.map(({ urn }) => urn.split("::").at(-1))).toEqual(["wire"]);
    const options = applying();
    expect((await upEnvironment(context, "shop", options)).result).toBe("succeeded");
    expect(options.plans[0]?.counts).toMatchObject({ create: 1, delete: 0, replace: 0 });
    expect((await upEnvironment(context, "shop", applying({ full: true }))).result).toBe("unchanged");
  });

  it("on live clouds is not rebuilt, since their providers cannot but make things", async () => {
    await using project = await makeProject({ [file]: blueprint(vpc), ...environments });
    await up(project);
    const database = new DatabaseSync(join(project.dir, ".terrane", "ledger.sqlite"));
    database.exec(`UPDATE environments SET record = replace(record, '"simulated"', '"live"')`);
    database.close();
    await expect(rebuild(project)).rejects.toMatchObject({ code: "not-in-this-release" });
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
    expect(await acceptCopy(project, next)).toMatchObject({ code: 0 });
    // Accepted, but not believed: what stood on unchanged ground is held against the clouds.
    const older = { code: "state-older-than-cloud", next: "terrane recover shop --rebuild" };
    await expect(up(project)).rejects.toMatchObject(older);
    await expect(destroyEnvironment(project.context, "shop", applying())).rejects.toMatchObject(older);
    // Neither the record of that day nor the documents of that day have what was made since.
    await expect(rebuild(project)).rejects.toMatchObject({
      code: "state-not-rebuilt",
      message: expect.stringMatching(/aws:rds\/instance:Instance .* is in no program/),
    });
    expect(await objectsOf(project)).toEqual(before);
    // The documents that it was made from have.
    await project.write(file, blueprint(vpc, orders));
    expect((await rebuild(project))?.rebuilt).toMatchObject({ spec: "documents", missing: [] });
    expect(await objectsOf(project)).toEqual(before);
    expect((await up(project)).result).toBe("unchanged");
    expect((await upEnvironment(project.context, "shop", applying({ full: true }))).result).toBe("unchanged");
    expect((await verifyAudit(project.context)).broken).toBeUndefined();
    expect((await destroyEnvironment(project.context, "shop", applying())).result).toBe("succeeded");
    expect(await objectsOf(project)).toEqual([]);
  }, 120_000);

  it("is rebuilt by the documents also where the record has a whole stack that went away since", async () => {
    await using project = await makeProject({ [file]: blueprint(vpc, orders), ...environments });
    await up(project);
    const backup = await backUpDatabase(project);
    await project.write(file, blueprint(vpc.replace("zones: 2", "zones: 3")));
    expect((await up(project)).result).toBe("succeeded");
    const before = await objectsOf(project);
    await backup.restore();
    const next: string = await up(project).then(String, (error: TerraneError) => error.next);
    expect(await acceptCopy(project, next)).toMatchObject({ code: 0 });

    expect((await rebuild(project))?.rebuilt).toMatchObject({ spec: "documents", missing: [] });
    expect(await objectsOf(project)).toEqual(before);
    const stacks = await runFake(["-C", project.dir, "state", "ls", "--json"], platformUseCases);
    expect(stacks.stdout).not.toContain("shop.virginia.data");
    expect((await up(project)).result).toBe("unchanged");
    expect((await upEnvironment(project.context, "shop", applying({ full: true }))).result).toBe("unchanged");
    expect((await destroyEnvironment(project.context, "shop", applying())).result).toBe("succeeded");
    expect(await objectsOf(project)).toEqual([]);
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
