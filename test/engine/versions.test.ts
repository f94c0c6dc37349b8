/** A blueprint that gets newer versions, through the real engine: the lock decides, and moving it is a planned change. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EventBody } from "../../src/model/event.ts";
import { lockEnvironments } from "../../src/platform/lock.ts";
import { planEnvironment } from "../../src/platform/plan.ts";
import { readStatus } from "../../src/platform/status.ts";
import { upEnvironment } from "../../src/platform/up.ts";
import { makeRepository, type TestRepository } from "../support/git-repository.ts";
import { applying, environmentText, makeProject, type TestProject } from "../support/project.ts";

function blueprintText(version: string, ...components: readonly string[]): string {
  return [
    "apiVersion: terrane.dev/v1",
    "kind: Blueprint",
    `metadata: { name: platform, version: "${version}" }`,
    "parameters: { unused: { type: string, default: none } }",
    "sites: { virginia: { cloud: aws, region: us-east-1 } }",
    "components:",
    ...components,
    "",
  ].join("\n");
}

const vpc = "  vpc: { type: vpc, zones: 2 }";
const edge = "  edge: { type: vpc, zones: 2 }";
const file = "blueprints/platform/blueprint.yaml";

describe("an environment from a git repository", () => {
  let repository: TestRepository;
  let project: TestProject;
  const recordOf = async () => (await readStatus(project.context))[0]?.record;

  beforeAll(async () => {
    repository = await makeRepository();
    await repository.tag("v1.0.0", { [file]: blueprintText("1.0.0", vpc) });
    project = await makeProject({
      "terrane.yaml": `apiVersion: terrane.dev/v1\nkind: Project\nmetadata: { name: test }\nblueprints: [{ git: ${repository.dir} }]\n`,
      "environments/shop.yaml": environmentText("shop", "platform"),
    });
  });
  afterAll(async () => {
    await project[Symbol.asyncDispose]();
    await repository[Symbol.asyncDispose]();
  });

  it("is locked by its first up", async () => {
    expect((await upEnvironment(project.context, "shop", applying())).result).toBe("succeeded");
    const lock = await readFile(join(project.dir, "environments/shop.lock.yaml"), "utf8");
    expect(lock).toContain('version: "1.0.0"');
    expect((await recordOf())?.blueprint).toEqual({ name: "platform", version: "1.0.0" });
  });

  it("stays as it is when a newer version is tagged, and changes as planned once its lock is moved", async () => {
    await repository.tag("v1.1.0", { [file]: blueprintText("1.1.0", vpc, edge) });
    expect((await upEnvironment(project.context, "shop", applying())).result).toBe("unchanged");
    await lockEnvironments(project.context, { environment: "shop", update: true });
    const plan = await planEnvironment(project.context, "shop", applying());
    expect(plan.blueprint).toEqual({ name: "platform", version: "1.1.0" });
    expect(plan.counts).toMatchObject({ update: 0, replace: 0, delete: 0 });
    expect(plan.counts.create).toBeGreaterThan(5);
    const result = await upEnvironment(project.context, "shop", applying());
    expect(result.result).toBe("succeeded");
    expect(result.plan.counts).toEqual(plan.counts);
    const record = await recordOf();
    expect(record?.blueprint.version).toBe("1.1.0");
    expect(record?.applied?.blueprint.version).toBe("1.1.0");
    expect(Object.values(record?.addresses ?? {})).toEqual(["10.2.0.0/16", "10.1.0.0/16"]);
  });

  it("has a version that changes no resource on record too, and then has nothing left to do", async () => {
    await repository.tag("v1.2.0", { [file]: blueprintText("1.2.0", vpc, edge) });
    await lockEnvironments(project.context, { environment: "shop", update: true });
    expect((await upEnvironment(project.context, "shop", applying())).result).toBe("unchanged");
    const [status] = await readStatus(project.context);
    expect(status?.record).toMatchObject({
      status: "ready",
      blueprint: { version: "1.2.0" },
      applied: { blueprint: { version: "1.2.0" } },
    });
    expect(status?.operation).toMatchObject({ kind: "up", status: "succeeded", steps: [] });
    const before = status?.operation?.id;
    await upEnvironment(project.context, "shop", applying());
    expect((await readStatus(project.context))[0]?.operation?.id).toBe(before);
  });

  it("says in one line what is newer among the versions at hand", async () => {
    await project.write(
      "terrane.yaml",
      "apiVersion: terrane.dev/v1\nkind: Project\nmetadata: { name: test }\n",
    );
    await project.write("blueprints/platform/1.2.0/blueprint.yaml", blueprintText("1.2.0", vpc, edge));
    await lockEnvironments(project.context, { update: false });
    await project.write("blueprints/platform/1.3.0/blueprint.yaml", blueprintText("1.3.0", vpc, edge));
    const told: EventBody[] = [];
    await planEnvironment(project.context, "shop", applying({ emit: (event) => told.push(event) }));
    expect(told.filter((event) => event.type === "diagnostic" && event.severity === "info")).toEqual([
      {
        type: "diagnostic",
        stack: "shop",
        severity: "info",
        message: "platform 1.3.0 is available; shop is locked to 1.2.0 (terrane lock shop --update)",
      },
    ]);
  });
});
