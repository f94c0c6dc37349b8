/** A database through its life: grown, upgraded, kept from shrinking, kept from being destroyed by mistake. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Plan } from "../../src/model/plan.ts";
import { listObjects } from "../../src/platform/cloud.ts";
import { destroyEnvironment } from "../../src/platform/destroy.ts";
import { upEnvironment } from "../../src/platform/up.ts";
import { applying, environmentText, makeProject, type TestProject } from "../support/project.ts";

function blueprint(fields: string): string {
  return [
    "apiVersion: terrane.dev/v1",
    "kind: Blueprint",
    'metadata: { name: shop, version: "1.0.0" }',
    "sites: { virginia: { cloud: aws, region: us-east-1 } }",
    "components:",
    "  vpc: { type: vpc, zones: 2, natGateways: none }",
    `  orders: { type: postgres, network: vpc, ${fields} }`,
    "",
  ].join("\n");
}

function stepsOf(plan: Plan | undefined): readonly string[] {
  return (plan?.stacks ?? [])
    .flatMap(({ steps }) => steps)
    .filter(({ action, type }) => action !== "same" && type.startsWith("aws:"))
    .map(({ action, type, name }) => `${action} ${type.split(":").at(-1)} ${name}`);
}

describe("a database on the simulated cloud", () => {
  let project: TestProject;
  const objectsOf = async (type: string) =>
    (await listObjects(project.context, {})).filter((object) => object.type === type);
  const parameterGroups = async () =>
    (await objectsOf("aws:rds/parameterGroup:ParameterGroup")).map(({ name }) => name);
  const change = async (fields: string) => {
    await project.write("blueprints/shop/blueprint.yaml", blueprint(fields));
    const options = applying();
    const result = await upEnvironment(project.context, "shop", options);
    return { result: result.result, steps: stepsOf(options.plans[0]) };
  };

  beforeAll(async () => {
    project = await makeProject({
      "blueprints/shop/blueprint.yaml": blueprint('version: "16", storage: 100'),
      "environments/shop.yaml": environmentText("shop", "shop"),
    });
    await upEnvironment(project.context, "shop", applying());
  });
  afterAll(async () => {
    await project[Symbol.asyncDispose]();
  });

  it("grows in place", async () => {
    expect(await change('version: "16", storage: 200')).toEqual({
      result: "succeeded",
      steps: ["update Instance orders"],
    });
  });

  it("is upgraded in place: new parameters first, then the instance, the old group last", async () => {
    expect(await parameterGroups()).toEqual([expect.stringContaining("postgres16")]);
    const upgraded = await change('version: "17", storage: 200');
    expect(upgraded).toEqual({
      result: "succeeded",
      steps: expect.arrayContaining([
        "create ParameterGroup orders-postgres17",
        "update Instance orders",
        "delete ParameterGroup orders-postgres16",
      ]),
    });
    expect(upgraded.steps).toHaveLength(3);
    expect(await parameterGroups()).toEqual([expect.stringContaining("postgres17")]);
    expect(await objectsOf("aws:rds/instance:Instance")).toHaveLength(1);
  });

  it.each([
    ["shrinks", 'version: "17", storage: 100', "storage of a live database cannot shrink: it has 200 GiB"],
    [
      "goes back",
      'version: "16", storage: 200',
      "a database goes back to no older major version: it runs 17",
    ],
  ])("never %s: that is refused at its place before the engine starts", async (_, fields, message) => {
    const options = applying();
    await project.write("blueprints/shop/blueprint.yaml", blueprint(fields));
    await expect(upEnvironment(project.context, "shop", options)).rejects.toMatchObject({
      code: "document-invalid",
      problems: [
        expect.objectContaining({ message: `orders@virginia: ${message}`, position: expect.anything() }),
      ],
    });
    expect(options.events.filter((event) => event.startsWith("stack:"))).toEqual([]);
    expect(options.plans).toEqual([]);
  });

  it("that its cloud protects is not destroyed, nor anything else; the refusal says what to do, and that works", async () => {
    expect((await change('version: "17", storage: 200, deletionProtection: true')).result).toBe("succeeded");
    const before = await listObjects(project.context, {});
    const options = applying();
    await expect(destroyEnvironment(project.context, "shop", options)).rejects.toMatchObject({
      code: "deletion-protected",
      message: "shop cannot be destroyed: protected from deletion: aws:rds/instance:Instance orders",
      problems: [
        {
          message: "aws:rds/instance:Instance orders of orders@virginia is protected from deletion",
          next: "Set `deletionProtection: false` on `orders` and run `terrane up shop`; then try again.",
        },
      ],
    });
    expect(options.plans).toEqual([]);
    expect(await listObjects(project.context, {})).toEqual(before);

    await project.write("blueprints/shop/blueprint.yaml", blueprint("").replace(/ {2}orders: .*\n/, ""));
    await expect(upEnvironment(project.context, "shop", applying())).rejects.toMatchObject({
      code: "deletion-protected",
      message: "shop cannot change so: protected from deletion: aws:rds/instance:Instance orders",
    });
    expect(await listObjects(project.context, {})).toEqual(before);

    expect((await change('version: "17", storage: 200')).result).toBe("succeeded");
    expect((await destroyEnvironment(project.context, "shop", applying())).result).toBe("succeeded");
    expect(await listObjects(project.context, {})).toEqual([]);
  });
});
