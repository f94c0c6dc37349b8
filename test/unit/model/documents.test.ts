import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  documentKinds,
  documentSchemas,
  environmentSchema,
  projectSchema,
} from "../../../src/model/documents.ts";

/** Every schema of a JSON Schema that stands for a key of a document. */
function propertiesOf(
  schema: unknown,
  path: string,
): readonly { readonly path: string; readonly described: boolean }[] {
  if (typeof schema !== "object" || schema === null) return [];
  const { properties } = schema as { readonly properties?: Readonly<Record<string, object>> };
  return Object.entries(properties ?? {}).flatMap(([key, inner]) => [
    { path: `${path}.${key}`, described: "description" in inner },
    ...propertiesOf(inner, `${path}.${key}`),
  ]);
}

describe("the schemas of documents", () => {
  it.each(documentKinds)("turn %s into JSON Schema, for editors and reference", (kind) => {
    const schema = z.toJSONSchema(documentSchemas[kind], { io: "input" });
    expect(propertiesOf(schema, kind).map((each) => each.path)).toEqual(
      expect.arrayContaining([
        `${kind}.apiVersion`,
        `${kind}.kind`,
        `${kind}.metadata`,
        `${kind}.metadata.name`,
      ]),
    );
  });

  it("describe every key but the headings of sections", () => {
    const bare = documentKinds.flatMap((kind) =>
      propertiesOf(z.toJSONSchema(documentSchemas[kind], { io: "input" }), kind).filter(
        (each) => !each.described,
      ),
    );
    const headings = ["metadata", "recovery", "state", "ledger", "simulated", "policies"];
    expect(
      bare.map((each) => each.path).filter((path) => !headings.includes(path.split(".")[1] ?? "")),
    ).toEqual([]);
  });

  it("fill in what a project leaves out", () => {
    const project = projectSchema.parse({
      apiVersion: "terrane.dev/v1",
      kind: "Project",
      metadata: { name: "shop" },
    });
    expect(project).toMatchObject({
      blueprints: ["blueprints"],
      environments: ["environments"],
      ledger: { path: ".terrane/ledger.sqlite" },
      policies: { packs: ["baseline"] },
    });
  });

  it("take a secret parameter as a reference of exactly one form", () => {
    const parse = (pass: unknown) =>
      environmentSchema.safeParse({
        apiVersion: "terrane.dev/v1",
        kind: "Environment",
        metadata: { name: "shop" },
        blueprint: "sample",
        class: "dev",
        parameters: { pass },
      }).success;
    expect([{ fromEnv: "A_B" }, { fromFile: "secrets/pass" }, { fromSecret: "pass" }].every(parse)).toBe(
      true,
    );
    expect(
      [{ fromEnv: "A B" }, { fromEnv: "A", fromFile: "b" }, { value: "x" }, null, ["x"]].some(parse),
    ).toBe(false);
  });
});
