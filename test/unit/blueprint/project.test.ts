import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findProjectRoot } from "../../../src/blueprint/document-files.ts";
import { loadFiles, loadProject, selectEnvironment } from "../../../src/blueprint/project.ts";
import { validateDocuments } from "../../../src/blueprint/validate.ts";
import { catalog } from "../../../stacks/catalog.ts";
import { blueprint, environment } from "./documents.ts";

const repository = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");

describe("a project folder", () => {
  let root = "";
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "terrane-project-"));
    write("terrane.yaml", "apiVersion: terrane.dev/v1\nkind: Project\nmetadata: { name: shop }\n");
    write("blueprints/sample/blueprint.yaml", blueprint());
    write("blueprints/sample/values.yaml", "not: a document\n");
    write("blueprints/other.yaml", blueprint({ metadata: "{ name: other, version: 1.0.0 }" }));
    write("environments/dev.yaml", environment());
    write("environments/dev.lock.yaml", "locked: true\n");
    write(
      "environments/eu/prod.yml",
      environment({ head: "metadata: { name: shop-eu }\nblueprint: sample\nclass: prod" }),
    );
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("is found from within, up to the root of the repository", () => {
    mkdirSync(join(root, "inner", ".git"), { recursive: true });
    expect(findProjectRoot(join(root, "environments"))).toBe(root);
    expect(findProjectRoot(join(root, "inner"))).toBeUndefined();
  });

  it("gives all its documents, with names relative to where the user stands", () => {
    const loaded = loadProject(join(root, "environments"));
    expect(loaded.documents.map((each) => [each.kind, each.name, each.source.file])).toEqual([
      ["Blueprint", "other", "../blueprints/other.yaml"],
      ["Blueprint", "sample", "../blueprints/sample/blueprint.yaml"],
      ["Environment", "shop", "dev.yaml"],
      ["Environment", "shop-eu", "eu/prod.yml"],
    ]);
    expect(loaded.problems.report().problems).toEqual([]);
    expect([...loaded.sources.keys()]).toContain("../terrane.yaml");
  });

  it("refuses where there is none, with the next step", () => {
    rmSync(join(root, "terrane.yaml"));
    mkdirSync(join(root, ".git"));
    expect(() => loadProject(root)).toThrow("there is no terrane.yaml");
  });

  it("judges the other documents although terrane.yaml is wrong", () => {
    write("terrane.yaml", "apiVersion: terrane.dev/v1\nkind: Blueprint\nmetadata: [\n");
    const loaded = loadProject(root);
    expect(loaded.problems.report().problems.map((each) => [each.position?.file, each.code])).toEqual([
      ["terrane.yaml", "yaml-syntax"],
    ]);
    expect(loaded.environments).toHaveLength(2);
  });

  it("says which folder is missing only where one was named", () => {
    write(
      "terrane.yaml",
      "apiVersion: terrane.dev/v1\nkind: Project\nmetadata: { name: shop }\nblueprints: [blueprints, libary]\n",
    );
    rmSync(join(root, "environments"), { recursive: true });
    expect(loadProject(root).problems.report().problems).toMatchObject([
      { code: "file-not-found", position: { file: "terrane.yaml", line: 4, column: 26 }, seen: "libary" },
    ]);
  });

  it("takes a file by itself, with the project's blueprints, and its newer text in place of the project's", () => {
    write(
      "draft.yaml",
      `${blueprint({ metadata: "{ name: draft, version: 1.0.0 }" })}---\n${environment({ head: "metadata: { name: try }\nblueprint: draft\nclass: dev" })}`,
    );
    const loaded = loadFiles(root, ["draft.yaml", "environments/dev.yaml"]);
    const { problems, graphs } = validateDocuments({
      documents: loaded.documents,
      catalog,
      problems: loaded.problems,
    });
    expect(problems).toEqual([]);
    expect(graphs.map((each) => each.name).sort()).toEqual(["other", "shop", "shop-eu", "try"]);
  });

  it("selects an environment by name or file, and the only one without either", () => {
    const loaded = loadProject(root);
    expect(selectEnvironment(loaded, root, "shop-eu").environment.source.file).toBe(
      "environments/eu/prod.yml",
    );
    expect(selectEnvironment(loaded, root, "environments/dev.yaml").environment.name).toBe("shop");
    expect(selectEnvironment(loaded, root, "shop").blueprint.name).toBe("sample");
    expect(() => selectEnvironment(loaded, root)).toThrow(
      "there are 2 environments: shop, shop-eu; name one",
    );
    expect(() => selectEnvironment(loaded, root, "shopp")).toThrow('did you mean "shop"?');
    rmSync(join(root, "environments", "eu"), { recursive: true });
    expect(selectEnvironment(loadProject(root), root).environment.name).toBe("shop");
  });
});

describe("the blueprints that come with terrane", () => {
  it("are valid; what a later release brings is a warning", () => {
    const loaded = loadProject(repository);
    const report = validateDocuments({ documents: loaded.documents, catalog, problems: loaded.problems });
    expect(report.problems.filter((each) => each.severity === "error")).toEqual([]);
    const warned = new Set(report.problems.map((each) => `${each.position?.file} ${each.code}`));
    expect([...warned]).toEqual(["blueprints/active-passive-aws-gcp/blueprint.yaml not-in-this-release"]);
  });

  it("show the stacks of a failover pair in the order in which they can be made", () => {
    const loaded = loadProject(repository);
    const graph = validateDocuments({ documents: loaded.blueprints, catalog }).graphs.find(
      (each) => each.name === "active-passive-aws-gcp",
    )?.graph;
    const entry = graph?.stacks.at(-1);
    expect(entry).toMatchObject({ domain: "traffic", site: "iowa" });
    expect(entry?.dependsOn).toEqual([
      "active-passive-aws-gcp.iowa.compute",
      "active-passive-aws-gcp.virginia.compute",
    ]);
    expect(graph?.stacks.find((each) => each.name.endsWith("iowa.network"))?.dependsOn).toEqual([
      "active-passive-aws-gcp.virginia.network",
    ]);
  });
});

describe("loading src/blueprint and the catalog", () => {
  it("loads neither Pulumi nor a cloud's SDK", () => {
    const program = [
      'import { registerHooks } from "node:module";',
      "const loaded = [];",
      "registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });",
      'const { loadProject } = await import("./src/blueprint/project.ts");',
      'const { validateDocuments } = await import("./src/blueprint/validate.ts");',
      'const { catalog } = await import("./stacks/catalog.ts");',
      "const project = loadProject(process.cwd());",
      "const { graphs } = validateDocuments({ documents: project.documents, catalog, problems: project.problems });",
      "console.log(JSON.stringify({ graphs: graphs.length, loaded }));",
    ].join("\n");
    const output = execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
      cwd: repository,
      encoding: "utf8",
    });
    const { graphs, loaded } = JSON.parse(output) as {
      readonly graphs: number;
      readonly loaded: readonly string[];
    };
    expect(graphs).toBeGreaterThan(0);
    expect(loaded.some((url) => url.includes("/node_modules/zod/"))).toBe(true);
    expect(
      loaded.filter((url) =>
        /node_modules\/(@pulumi|@grpc)|node:sqlite|\/stacks\/[^/]+\/[^/]+\/(aws|gcp|azure|kubernetes)\.ts/.test(
          url,
        ),
      ),
    ).toEqual([]);
  });
});
