import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readFolderTable } from "../../../tools/lint/folder-table.ts";
import { importsOf } from "../../../tools/lint/imports.ts";
import { layers } from "../../../tools/lint/layers.ts";
import { findings } from "../../support/planted-checkout.ts";

const table = [
  "| Folder | Owns | May import |",
  "| --- | --- | --- |",
  "| `src/values/` | values | nothing |",
  "| `src/model/` | types | values |",
  "| `stacks/` | programs | model, values |",
  "| `src/platform/` | use cases | all above |",
  "| `src/cli/` | commands | platform |",
  "| `test/` | tests | anything |",
  "",
].join("\n");

/** One sound file in each folder, with others over them. */
const lint = (files: Record<string, string>) =>
  findings(layers, {
    "docs/architecture.md": table,
    "src/values/a.ts": "export const a = 1;",
    "src/model/a.ts": 'import { a } from "../values/a.ts";\nexport const b = a;',
    "stacks/catalog.ts": "export const catalog = [];",
    "src/platform/up.ts": 'import { b } from "../model/a.ts";\nexport const up = b;',
    "src/cli/commands/up.ts": 'export const run = () => import("../../platform/up.ts");',
    "test/a.test.ts": 'import "../src/values/a.ts";',
    ...files,
  });

describe("layers", () => {
  test("finds nothing in a sound tree", async () => {
    expect(await lint({})).toEqual([]);
  });

  test.each([
    ["a value", 'import { b } from "../model/a.ts";\nexport const c = b;'],
    ["a type", 'import type { b } from "../model/a.ts";\nexport type C = typeof b;'],
    ["a type in passing", 'export type C = import("../model/a.ts").B;'],
    ["something when asked for", 'export const c = () => import("../model/a.ts");'],
    ["something to hand it on", 'export { b } from "../model/a.ts";'],
  ])("finds a file that imports %s from a row below its own", async (_, text) => {
    expect(await lint({ "src/values/b.ts": text })).toEqual([
      "src/values/b.ts:1 src/values imports upward from src/model: ../model/a.ts",
    ]);
  });

  test("finds an import from a row that the own row does not name, though it is above", async () => {
    expect(await lint({ "src/cli/b.ts": 'import "../values/a.ts";' })).toEqual([
      "src/cli/b.ts:1 src/cli imports from src/values: ../values/a.ts",
    ]);
  });

  test("finds a way round through a folder that is in no row", async () => {
    const files = {
      "src/values/b.ts": 'import "../helpers/h.ts";',
      "src/helpers/h.ts": 'import "../platform/up.ts";',
    };

    expect((await lint(files)).sort()).toEqual([
      "src/helpers/h.ts stands in no row of the folder table",
      "src/values/b.ts:1 src/values imports from a file outside the folder table: ../helpers/h.ts",
    ]);
  });

  test("finds a circle of imports, and shows its path", async () => {
    const files = {
      "src/values/b.ts": 'import { c } from "./c.ts";\nexport const b = c;',
      "src/values/c.ts": 'import type { b } from "./b.ts";\nexport const c = 1;\nexport type B = typeof b;',
    };

    expect(await lint(files)).toEqual([
      "src/values/c.ts:1 import cycle: src/values/b.ts → src/values/c.ts → src/values/b.ts",
    ]);
  });

  test("takes a circle through import() for the design it is", async () => {
    const files = {
      "stacks/vpc/contract.ts": 'export const load = () => import("./aws.ts");',
      "stacks/vpc/aws.ts": 'import { load } from "./contract.ts";\nexport const implementation = load;',
    };

    expect(await lint(files)).toEqual([]);
  });

  test("finds an SDK outside stacks/, a whole SDK, and a chain that loads one at once", async () => {
    const files = {
      "src/model/sdk.ts": 'import type { Vpc } from "@pulumi/aws/ec2/vpc.js";\nexport type V = Vpc;',
      "stacks/vpc/aws.ts": 'import { Vpc } from "@pulumi/aws/ec2/vpc.js";\nexport const v = Vpc;',
      "stacks/vpc/gcp.ts": 'import * as gcp from "@pulumi/gcp";\nexport const g = gcp;',
      "src/platform/up.ts": 'import { v } from "../../stacks/vpc/aws.ts";\nexport const up = v;',
    };

    expect((await lint(files)).sort()).toEqual([
      "src/model/sdk.ts:1 only stacks/ imports clouds' SDKs: @pulumi/aws/ec2/vpc.js",
      "src/platform/up.ts loads a cloud's SDK at once: src/platform/up.ts → stacks/vpc/aws.ts; use import()",
      "stacks/vpc/gcp.ts:1 loads the whole SDK; import the module itself: @pulumi/gcp/…",
    ]);
  });

  test("finds Pulumi on the way of what must start fast, and lets it be loaded when asked for", async () => {
    const files = {
      "stacks/vpc/program.ts": 'import { output } from "@pulumi/pulumi";\nexport const v = output(1);',
      "stacks/vpc/contract.ts": 'import { v } from "./program.ts";\nexport const c = v;',
      "stacks/db/contract.ts": 'export const load = () => import("../vpc/program.ts");',
      "stacks/lb/contract.ts": 'import type { v } from "../vpc/program.ts";\nexport type V = typeof v;',
    };

    expect(await lint(files)).toEqual([
      "stacks/vpc/contract.ts loads Pulumi at once: stacks/vpc/contract.ts → stacks/vpc/program.ts; use import()",
    ]);
  });

  test("finds a use case that imports another, and a command that does", async () => {
    const files = {
      "src/platform/plan.ts": 'import "./up.ts";',
      "src/cli/commands/plan.ts": 'import { run } from "./up.ts";\nexport const plan = run;',
    };

    expect((await lint(files)).sort()).toEqual([
      "src/cli/commands/plan.ts:1 one verb imports another: ./up.ts",
      "src/platform/plan.ts:1 one verb imports another: ./up.ts",
    ]);
  });

  test("finds a table that names what is not there, or rows below, or is gone", async () => {
    const wrong = table.replace(
      "| `src/cli/` | commands | platform |",
      "| `src/cli/` | commands | plattform |\n| `src/web/` | pages | nothing |",
    );

    expect(await lint({ "docs/architecture.md": wrong })).toEqual([
      'docs/architecture.md:7 "plattform" is no row above src/cli',
      "docs/architecture.md `src/web/` does not exist",
      "src/cli/commands/up.ts:1 src/cli imports from src/platform: ../../platform/up.ts",
    ]);
    expect(await lint({ "docs/architecture.md": "# nothing" })).toContain(
      "docs/architecture.md has no table `Folder | … | May import`",
    );
  });
});

describe("the folder table of this project", () => {
  const own = readFolderTable(readFileSync("docs/architecture.md", "utf8"));

  test("can be read, from src/values down to test", () => {
    expect(own.faults).toEqual([]);
    expect(own.layers.map((layer) => layer.name)).toEqual(
      expect.arrayContaining(["src/values", "src/errors.ts", "src/simulator", "stacks", "src/cli", "test"]),
    );
  });

  test("keeps the simulator from knowing components, and the command line from all but use cases", () => {
    const row = (name: string) => [...(own.layers.find((layer) => layer.name === name)?.mayImport ?? [])];

    expect(row("src/simulator").sort()).toEqual(["src/errors.ts", "src/simulator", "src/sql", "src/values"]);
    expect(row("src/cli")).not.toContain("src/engine");
  });
});

describe("imports of a file", () => {
  test("are told apart by when they are loaded", () => {
    const text = [
      'import a from "./a.ts";',
      'import type { B } from "./b.ts";',
      'import { type C } from "./c.ts";',
      'export * from "./d.ts";',
      'const e = await import("./e.ts");',
      'type F = import("./f.ts").F;',
      "// import './g.ts'",
    ].join("\n");

    expect(importsOf("src/x/y.ts", text).map(({ file, kind }) => `${kind} ${file}`)).toEqual([
      "static src/x/a.ts",
      "types src/x/b.ts",
      "static src/x/c.ts",
      "static src/x/d.ts",
      "lazy src/x/e.ts",
      "types src/x/f.ts",
    ]);
  });
});
