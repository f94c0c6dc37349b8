import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { TerraneError } from "../../../src/errors.ts";
import {
  defineBlueprint,
  defineEnvironment,
  loadBlueprint,
  loadProject,
  TerraneError as PublicError,
  validate,
} from "../../../src/index.ts";
import { environmentText, makeProject } from "../../support/project.ts";

const shipped = fileURLToPath(new URL("../../../blueprints/aws-platform", import.meta.url));
/** No project in it or above it. */
const empty = tmpdir();
const tags = { Owner: "team-shop", CostCenter: "CC-1", Project: "shop", DataClass: "internal" };
const shop = defineBlueprint({
  metadata: { name: "shop", version: "1.0.0" },
  sites: { virginia: { cloud: "aws", region: "us-east-1" } },
  components: { vpc: { type: "vpc", zones: 2 }, orders: { type: "postgres", network: "vpc" } },
});

describe("documents in code", () => {
  it("are the documents that YAML would have been", async () => {
    expect(shop).toMatchObject({ apiVersion: "terrane.dev/v1", kind: "Blueprint" });
    await using project = await makeProject({
      "environments/shop.yaml": environmentText("shop", "shop"),
    });
    const report = await validate({ dir: project.dir, documents: [shop] });
    expect(report.problems).toEqual([]);
    expect(
      report.graphs.map(({ of, name, stacks }) => [of, name, stacks.map((stack) => stack.name)]),
    ).toEqual([["environment", "shop", ["shop.virginia.network", "shop.virginia.data"]]]);
  });

  it("need no project folder beside them", async () => {
    const environment = defineEnvironment({
      metadata: { name: "shop" },
      blueprint: "shop@^1",
      class: "dev",
      tags,
    });
    const report = await validate({ dir: empty, documents: [shop, environment] });
    expect(report.graphs.map(({ name }) => name)).toEqual(["shop"]);
  });

  it("are refused with all problems, each with its JSON Pointer", () => {
    const wrong = () =>
      defineBlueprint({
        metadata: { name: "Shop", version: "one" },
        sites: { virginia: { cloud: "aws", regoin: "us-east-1" } as never },
        components: {},
      });
    expect(wrong).toThrow(TerraneError);
    try {
      wrong();
    } catch (error) {
      expect((error as TerraneError).problems.map(({ path }) => path)).toEqual(
        expect.arrayContaining(["/metadata/name", "/metadata/version", "/sites/virginia/regoin"]),
      );
    }
  });

  it("are judged together with the component types, as files are", async () => {
    const misspelt = defineBlueprint({
      metadata: { name: "shop", version: "1.0.0" },
      sites: { virginia: { cloud: "aws", region: "us-east-1" } },
      components: { vpc: { type: "vpc", zoness: 2 } },
    });
    const { problems } = await validate({ dir: empty, documents: [misspelt] });
    expect(problems).toMatchObject([
      { code: "unknown-key", path: "/components/vpc/zoness", position: { file: "blueprint shop (in code)" } },
    ]);
  });
});

describe("documents on disk", () => {
  it("are loaded as a project, with what is wrong in them", async () => {
    await using project = await makeProject({
      "environments/shop.yaml": environmentText("shop", "shop"),
      "environments/other.yaml": "kind: Environment\n",
    });
    const loaded = await loadProject({ dir: project.dir });
    expect(loaded.root).toBe(project.dir);
    expect(loaded.environments.map(({ file, document }) => [file, document.metadata.name])).toContainEqual([
      "environments/shop.yaml",
      "shop",
    ]);
    expect(loaded.problems.map(({ position }) => position?.file)).toContain("environments/other.yaml");
  });

  it("give one blueprint by its file, and refuse one that is wired wrongly", async () => {
    const blueprint = await loadBlueprint(join(shipped, "blueprint.yaml"));
    expect(blueprint.metadata.name).toBe("aws-platform");
    await using project = await makeProject({
      "wrong.yaml": [
        "apiVersion: terrane.dev/v1",
        "kind: Blueprint",
        'metadata: { name: wrong, version: "1.0.0" }',
        "sites: { virginia: { cloud: aws, region: us-east-1 } }",
        "components: { orders: { type: postgres, network: vpc } }",
      ].join("\n"),
    });
    const error = await loadBlueprint("wrong.yaml", { dir: project.dir }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PublicError);
    expect(error).toMatchObject({
      code: "document-invalid",
      problems: [{ code: "unknown-reference", position: { file: "wrong.yaml", line: 5 } }],
    });
  });

  it("are refused where a file holds no blueprint", async () => {
    await using project = await makeProject({ "shop.yaml": environmentText("shop", "shop") });
    await expect(loadBlueprint("shop.yaml", { dir: project.dir })).rejects.toMatchObject({
      code: "document-not-found",
    });
  });
});
