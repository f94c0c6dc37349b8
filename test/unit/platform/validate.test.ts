import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { validateProject } from "../../../src/platform/validate.ts";
import { environmentText, makeProject, type TestProject } from "../../support/project.ts";

const blueprintText = (name: string, field: string) =>
  [
    "apiVersion: terrane.dev/v1",
    "kind: Blueprint",
    `metadata: { name: ${name}, version: 1.0.0 }`,
    "sites: { virginia: { cloud: aws, region: us-east-1 } }",
    `components: { net: { type: vpc, ${field} } }`,
    "",
  ].join("\n");

let project: TestProject;
beforeEach(async () => {
  project = await makeProject({
    "blueprints/shop.yaml": blueprintText("shop", "zones: 9"),
    "blueprints/wiki.yaml": blueprintText("wiki", "zones: 2"),
    "environments/shop-dev.yaml": environmentText("shop-dev", "shop"),
    "environments/wiki-dev.yaml": environmentText("wiki-dev", "wiki"),
  });
});
afterEach(() => project[Symbol.asyncDispose]());

const filesOf = async (...meant: string[]) => {
  const { documents, problems, graphs } = await validateProject(project.context, { files: meant });
  return {
    files: documents.map((document) => document.file).sort(),
    problems: problems.map((problem) => problem.position?.file),
    graphs: graphs.map((graph) => graph.name),
  };
};

describe("what is validated", () => {
  it("is an environment and its blueprint, where an environment is named", async () => {
    expect(await filesOf("wiki-dev")).toEqual({
      files: ["blueprints/wiki.yaml", "environments/wiki-dev.yaml"],
      problems: [],
      graphs: ["wiki-dev"],
    });
    expect((await filesOf("shop-dev")).problems).toEqual(["blueprints/shop.yaml"]);
  });

  it("is a blueprint where one is named, or a file", async () => {
    expect((await filesOf("wiki")).files).toEqual(["blueprints/wiki.yaml"]);
    expect((await filesOf("blueprints/wiki.yaml", "wiki-dev")).files).toEqual([
      "blueprints/wiki.yaml",
      "environments/wiki-dev.yaml",
    ]);
  });

  it("is refused where it is neither, with the nearest name", async () => {
    await expect(filesOf("wiki-dew")).rejects.toMatchObject({
      code: "document-not-found",
      message:
        'there is no file, environment or blueprint "wiki-dew"; there are shop, shop-dev, wiki, wiki-dev',
      next: 'Did you mean "wiki-dev"?',
    });
  });
});
