/** What a user sees while writing: the schema that `init` puts beside the documents, in the server that editors run. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { initProject } from "../../../src/platform/init.ts";
import { Editor } from "../../support/editor.ts";
import { makeProject, type TestProject } from "../../support/project.ts";

const blueprint = "blueprints/aws-platform/blueprint.yaml";
let project: TestProject;
let folder: string;
let text: string;
let editor: Editor;

beforeAll(async () => {
  project = await makeProject({});
  folder = join(project.dir, "platform");
  await initProject(project.context, { dir: folder });
  text = (await readFile(join(folder, blueprint), "utf8")).trimEnd();
  editor = await Editor.open(folder);
});
afterAll(async () => {
  await editor[Symbol.asyncDispose]();
  await project[Symbol.asyncDispose]();
});

describe("in an editor, the documents of a new project", () => {
  it("have nothing underlined", async () => {
    expect(await editor.diagnose(blueprint, text)).toEqual([]);
    const environment = await readFile(join(folder, "environments/dev.yaml"), "utf8");
    expect(await editor.diagnose("environments/dev.yaml", environment)).toEqual([]);
  });

  it("have what is wrong underlined, with what is allowed", async () => {
    const wrong = text
      .replace("zones: 3", "zones: 9")
      .replace("type: postgres", "type: postgress")
      .replace("role: primary", "role: primry");
    const line = (part: string) => wrong.split("\n").findIndex((each) => each.includes(part)) + 1;
    const underlined = await editor.diagnose("blueprints/aws-platform/wrong.yaml", wrong);
    expect(underlined.map((each) => each.replace(/^(\d+):\d+/, "$1")).sort()).toEqual(
      [
        `${line("primry")} Value is not accepted. Valid values: "primary", "standby".`,
        `${line("zones: 9")} Value is above the maximum of 6.`,
        `${line("postgress")} Value is not accepted. Valid values: "argocd", "ci-identity", "cluster", "dns-failover", "encryption", "postgres", "tunnel", "vpc".`,
      ].sort(),
    );
  });

  it("get the types of components proposed", async () => {
    const proposed = await editor.complete(
      "blueprints/aws-platform/types.yaml",
      `${text}\n  more:\n    type: |\n`,
    );
    expect(proposed).toEqual(expect.arrayContaining(["cluster", "postgres", "vpc"]));
  });

  it("get the fields of the component at hand proposed, and the words of the syntax", async () => {
    const entry = "  more:\n    type: postgres\n    |\n";
    const proposed = await editor.complete("blueprints/aws-platform/fields.yaml", `${text}\n${entry}`);
    expect(proposed).toEqual(expect.arrayContaining(["storage", "insights", "byClass"]));
    expect(proposed).not.toContain("zones");
  });

  it("get the values of a field proposed", async () => {
    const entry = "  more:\n    type: postgres\n    insights: |\n";
    const proposed = await editor.complete("blueprints/aws-platform/values.yaml", `${text}\n${entry}`);
    expect([...proposed].sort()).toEqual(["advanced", "none", "standard"]);
  });

  it("tell what a field means", async () => {
    const told = await editor.hover(
      "blueprints/aws-platform/hover.yaml",
      text.replace("zones: 3", "zo|nes: 3"),
    );
    expect(told).toContain("zones");
  });
});
