import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { makeJsonSchema } from "../../../src/blueprint/json-schema.ts";
import { parseDocuments } from "../../../src/blueprint/load.ts";
import { ProblemList } from "../../../src/blueprint/problem-list.ts";
import { SourceText } from "../../../src/blueprint/source-text.ts";
import { validateDocuments } from "../../../src/blueprint/validate.ts";
import { catalog } from "../../../stacks/catalog.ts";
import { validateJson } from "../../support/json-schema.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const schema = makeJsonSchema(catalog);

function judge(text: string): readonly string[] {
  return parseAllDocuments(text).flatMap((document) => validateJson(schema, document.toJS()));
}

/** Codes that `validate` answers for the same text. */
function refusals(text: string): readonly string[] {
  const problems = new ProblemList();
  const documents = parseDocuments(new SourceText("a.yaml", text), problems);
  return validateDocuments({ documents, catalog, problems }).problems.map((problem) => problem.code);
}

function blueprint(component: string): string {
  return [
    "apiVersion: terrane.dev/v1",
    "kind: Blueprint",
    "metadata: { name: shop, version: 1.0.0 }",
    "parameters: { size: { type: integer, default: 3 } }",
    "sites: { virginia: { cloud: aws, region: us-east-1 } }",
    "components:",
    "  net: { type: vpc }",
    `  ${component}`,
  ].join("\n");
}

const environment = [
  "apiVersion: terrane.dev/v1",
  "kind: Environment",
  "metadata: { name: dev }",
  "blueprint: shop@^1",
  "class: dev",
  "tags: { Owner: team, CostCenter: CC-1, Project: shop, DataClass: internal }",
].join("\n");

describe("the JSON Schema of the documents", () => {
  const files = [
    ...globSync("blueprints/*/blueprint.yaml", { cwd: root }),
    // A lock, as the demo leaves one, is written by no hand.
    ...globSync("environments/*.yaml", { cwd: root, exclude: ["environments/*.lock.yaml"] }),
    "terrane.yaml",
  ];

  it.each(files)("takes %s, and the document names it", (file) => {
    const text = readFileSync(`${root}/${file}`, "utf8");
    expect(judge(text)).toEqual([]);
    const depth = file.split("/").length - 1;
    expect(text.split("\n")[0]).toBe(
      `# yaml-language-server: $schema=${"../".repeat(depth)}terrane.schema.json`,
    );
  });

  it("takes several documents of different kinds in one file", () => {
    expect(judge(`${blueprint("orders: { type: postgres, network: net }")}\n---\n${environment}`)).toEqual(
      [],
    );
  });

  it.each([
    ["a parameter in place of a number", "other: { type: vpc, zones: '${parameters.size}' }"],
    [
      "fields by class and role",
      "other: { type: vpc, byClass: { prod: { zones: 2 } }, byRole: { standby: { zones: 1 } } }",
    ],
    ["a borrowed component without fields", "other: { type: cluster, use: { cluster: payments-dev } }"],
    ["a required field that every class gives", "o: { type: postgres, byClass: { prod: { network: net } } }"],
  ])("takes %s", (_what, component) => {
    expect(judge(blueprint(component))).toEqual([]);
  });

  it.each([
    ["an unknown component type", "other: { type: vcp }", "/components/other/type: enum"],
    ["a field of another type", "other: { type: vpc, nodes: 3 }", "/components/other/nodes: not allowed"],
    ["a number beyond its bounds", "other: { type: vpc, zones: 9 }", "/components/other/zones: anyOf"],
    ["a text in place of a number", "other: { type: vpc, zones: three }", "/components/other/zones: anyOf"],
    [
      "a word that is not one of those allowed",
      "other: { type: vpc, natGateways: two }",
      "/components/other/natGateways: anyOf",
    ],
    [
      "a field that does not exist below a class",
      "other: { type: vpc, byClass: { prod: { zone: 2 } } }",
      "/components/other/byClass/prod/zone: not allowed",
    ],
    [
      "a class that does not exist",
      "other: { type: vpc, byClass: { production: { zones: 2 } } }",
      "/components/other/byClass/production: not allowed",
    ],
    ["a missing reference", "other: { type: postgres }", "/components/other: anyOf"],
    ["a name that no cloud would take", "Other_One: { type: vpc }", "/components/Other_One: pattern"],
    [
      "a version without quotes",
      "other: { type: postgres, network: net, version: 17 }",
      "/components/other/version: anyOf",
    ],
  ])("refuses %s, as validate does", (_what, component, expected) => {
    expect(judge(blueprint(component))).toContain(expected);
    expect(refusals(blueprint(component))).not.toEqual([]);
  });

  it.each([
    ["a missing tag", environment.replace("Owner: team, ", ""), "/tags/Owner: required"],
    ["a data class that does not exist", environment.replace("internal", "secret"), "/tags/DataClass: enum"],
    ["an unknown class", environment.replace("class: dev", "class: test"), "/class: enum"],
    ["a key that does not belong there", `${environment}\nregion: us-east-1`, "/region: not allowed"],
    ["an unknown kind", environment.replace("Environment", "Enviroment"), "/kind: enum"],
  ])("refuses in an environment %s, as validate does", (_what, text, expected) => {
    expect(judge(text)).toContain(expected);
    expect(refusals(text)).not.toEqual([]);
  });

  it("describes every key of every document and every field of every component", () => {
    const bare: string[] = [];
    const visit = (each: unknown, path: string): void => {
      if (typeof each !== "object" || each === null) return;
      const { properties } = each as { properties?: Record<string, { description?: string }> };
      for (const [key, property] of Object.entries(properties ?? {})) {
        if (property.description === undefined && !path.endsWith("/if")) bare.push(`${path}/${key}`);
      }
      for (const [key, inner] of Object.entries(each)) visit(inner, `${path}/${key}`);
    };
    visit(schema["definitions"], "");
    // Their keys are names of classes and roles; the mapping itself is described.
    expect(bare.filter((path) => !/\/by(Class|Role)\//.test(path))).toEqual([]);
  });

  it("is given for one kind alone", () => {
    const own = makeJsonSchema(catalog, "Environment");
    expect(validateJson(own, parseAllDocuments(environment)[0]?.toJS())).toEqual([]);
    expect(own).not.toHaveProperty("definitions");
    const other = makeJsonSchema(catalog, "Blueprint");
    expect(
      validateJson(other, parseAllDocuments(blueprint("o: { type: vpc, zones: 9 }"))[0]?.toJS()),
    ).toEqual(["/components/o/zones: anyOf"]);
  });
});
