/** What there is, asked of the library in a project where nothing is up yet. No engine runs. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import {
  addresses,
  defineComponent,
  explain,
  graph,
  history,
  list,
  lock,
  supported,
  unsupported,
  validate,
} from "../../../src/index.ts";
import { environmentText, makeProject, type TestProject } from "../../support/project.ts";

const blueprint = `apiVersion: terrane.dev/v1
kind: Blueprint
metadata: { name: shop, version: "1.2.0" }
sites: { virginia: { cloud: aws, region: us-east-1 } }
components: { vpc: { type: vpc, zones: 2 }, orders: { type: postgres, network: vpc } }
`;

const mirror = defineComponent({
  name: "mirror",
  domain: "data",
  summary: "A type of a team's own",
  fields: z.strictObject({ zone: z.string().describe("Where the copies go.") }),
  outputs: z.object({}),
  implementations: {
    aws: supported(async () => ({ implementation: () => ({}) })),
    gcp: unsupported("made for AWS"),
    azure: unsupported("made for AWS"),
    kubernetes: unsupported("made for AWS"),
  },
});

describe("the library, where nothing is up", () => {
  let project: TestProject;
  let options: { readonly dir: string; readonly variables: object & Record<string, undefined> };
  beforeEach(async () => {
    project = await makeProject({
      "blueprints/shop/blueprint.yaml": blueprint,
      "environments/shop-dev.yaml": environmentText("shop-dev", "shop"),
    });
    options = { dir: project.dir, variables: {} };
  });
  afterEach(() => project[Symbol.asyncDispose]());

  it("lists what is only written down", async () => {
    expect(await list(options)).toMatchObject([
      {
        name: "shop-dev",
        status: "absent",
        blueprint: { name: "shop", version: "1.2.0" },
        resources: 0,
        document: "environments/shop-dev.yaml",
      },
    ]);
    expect(await history(options)).toEqual([]);
    expect((await addresses(options)).blocks).toEqual([]);
  });

  it("tells what refers to what, and where a value comes from", async () => {
    const { references } = await graph({ ...options, name: "shop" });
    expect(references).toMatchObject([{ field: "network" }]);
    const value = await explain({ ...options, topic: "shop-dev", detail: "orders@virginia.storage" });
    expect(value).toMatchObject({ what: "values", type: "postgres", environment: "shop-dev" });
    expect(await explain({ ...options, topic: "error", detail: "cidr-overlap" })).toMatchObject({
      what: "error",
      error: { code: "cidr-overlap" },
    });
  });

  it("knows a caller's own components in everything it tells, and forgets no rule of the clouds for them", async () => {
    const own = { ...options, components: [mirror] };
    const withMirror = blueprint.replace("components: {", "components: { copies: { type: mirror, zone: x },");
    await project.write("blueprints/shop/blueprint.yaml", withMirror);
    expect((await graph({ ...own, name: "shop" })).components.map(({ type }) => type)).toContain("mirror");
    expect(await explain({ ...own, topic: "mirror.zone" })).toMatchObject({
      field: { description: "Where the copies go." },
    });
    expect((await validate(own)).problems).toEqual([]);
    expect(await explain({ ...own, topic: "shop-dev", detail: "copies@virginia.zone" })).toMatchObject({
      type: "mirror",
      fields: [{ field: "zone", value: "x" }],
    });
    await project.write("blueprints/shop/blueprint.yaml", withMirror.replace("us-east-1", "us-east-9"));
    expect((await validate(own)).problems).toMatchObject([
      { message: expect.stringContaining('AWS has no region "us-east-9"') },
    ]);
  });

  it("pins a blueprint, and says the second time that nothing changed", async () => {
    const [first] = await lock(options);
    expect(first).toMatchObject({ environment: "shop-dev", version: "1.2.0", change: "new" });
    expect(await readFile(join(project.dir, "environments", "shop-dev.lock.yaml"), "utf8")).toContain(
      "1.2.0",
    );
    expect(await lock(options)).toMatchObject([{ change: "none" }]);
  });
});
