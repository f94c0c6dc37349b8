import { describe, expect, test } from "vitest";
import { ambient } from "../../../tools/lint/ambient.ts";
import { dependencies } from "../../../tools/lint/dependencies.ts";
import { disposal } from "../../../tools/lint/disposal.ts";
import { format } from "../../../tools/lint/format.ts";
import { headers } from "../../../tools/lint/headers.ts";
import { rules } from "../../../tools/lint/rules.ts";
import { sizes } from "../../../tools/lint/sizes.ts";
import { traces } from "../../../tools/lint/traces.ts";
import { types } from "../../../tools/lint/types.ts";
import { unused } from "../../../tools/lint/unused.ts";
import { findings, plant } from "../../support/planted-checkout.ts";

describe("types", () => {
  test("finds what the compiler finds, at its place", async () => {
    const found = await findings(types, {
      "src/a.ts": 'export const a: number = 1;\nexport const b: number = "x";\n',
    });

    expect(found).toEqual(["src/a.ts:2 TS2322: Type 'string' is not assignable to type 'number'."]);
  });

  test("finds syntax that type stripping cannot run", async () => {
    expect(await findings(types, { "src/a.ts": "export enum A {\n  One,\n}\n" })).toEqual([
      "src/a.ts:1 TS1294: This syntax is not allowed when 'erasableSyntaxOnly' is enabled.",
    ]);
  });
});

describe("rules", () => {
  test("finds default exports, any, and code that does nothing", async () => {
    const found = await findings(rules, {
      "src/a.ts": "export default 1;\n",
      "src/b.ts": "export const b = (x: any) => x;\n",
      "src/c.ts": "export function c(x: number) {\n  x === 1;\n  debugger;\n  return x;\n}\n",
      "src/sound.ts": "export const sound = 1;\n",
    });

    expect(found.map((each) => each.replace(/ .*\((.*)\)\)$/, " $1)")).sort()).toEqual([
      "src/a.ts:1 no-default-export)",
      "src/b.ts:1 no-explicit-any)",
      "src/c.ts:2 no-unused-expressions)",
      "src/c.ts:3 no-debugger)",
    ]);
  });

  test("lets the gRPC edge have any, and configuration files a default export", async () => {
    const files = {
      "src/simulator/provider/server.ts": "export const b = (x: any) => x;\n",
      "vitest.config.ts": "export default {};\n",
    };

    expect(await findings(rules, files)).toEqual([]);
  });
});

describe("format", () => {
  test("finds an unformatted file and unsorted imports", async () => {
    const found = await findings(format, {
      "src/a.ts": "export const a = {b:1}\n",
      "src/b.ts":
        'import { z } from "zod";\nimport { a } from "./a.ts";\nimport fs from "node:fs";\n\nexport const b = [z, a, fs];\n',
      "src/sound.ts": "export const sound = 1;\n",
    });

    expect(found.map((each) => each.split(" ")[0])).toEqual(["src/a.ts", "src/b.ts"]);
  });
});

describe("unused", () => {
  test("finds files, exports and dependencies that nothing uses", async () => {
    const found = await findings(unused, {
      "package.json":
        '{ "name": "x", "type": "module", "dependencies": { "zod": "4.6.7", "yaml": "2.9.1" } }',
      "knip.json": '{ "entry": ["src/main.ts"], "project": ["src/**/*.ts"] }',
      "src/main.ts": 'import { z } from "zod";\nimport { used } from "./lib.ts";\nz.string().parse(used);\n',
      "src/lib.ts": 'export const used = "a";\nexport const idle = 1;\n',
      "src/lonely.ts": "export const lonely = 1;\n",
    });

    expect(found.sort()).toEqual([
      "package.json unused dependency: yaml",
      "src/lib.ts:2 unused export: idle",
      "src/lonely.ts is used by nothing",
    ]);
  });
});

describe("disposal", () => {
  test("finds a call returned without await where `await using` would close what it needs", async () => {
    const open = "declare function open(): AsyncDisposable & { work(): Promise<number> };\n";
    const found = await findings(disposal, {
      "src/a.ts": `${open}export async function a() {\n  await using it = open();\n  return it.work();\n}\n`,
      "src/b.ts": `${open}export const b = async (x: boolean) => {\n  await using it = open();\n  return x ? 1 : it.work();\n};\n`,
      "src/sound.ts": `${open}export async function c() {\n  await using it = open();\n  const half = () => {\n    return it.work();\n  };\n  return await half();\n}\n`,
    });

    expect(found.map((each) => each.split(" ")[0])).toEqual(["src/a.ts:4", "src/b.ts:4"]);
  });
});

describe("sizes", () => {
  const lines = (count: number, text = "// a") => `${Array(count).fill(text).join("\n")}\n`;
  const functionOf = (count: number, head: string) => `${head} {\n${lines(count - 2, "  f();")}}\n`;

  test("finds files and functions that are too long, and leaves tests and data tables alone", async () => {
    const found = await findings(sizes, {
      "src/long.ts": lines(301),
      "src/right.ts": lines(300),
      "src/errors.ts": lines(400),
      "src/generated/table.ts": lines(900),
      "test/long.test.ts": lines(900),
      "src/f.ts": functionOf(61, "export function longOne()") + functionOf(60, "function f()"),
      "src/g.ts": functionOf(61, "export const arrow = () =>").replace(/\}\n$/, "};\n"),
    });

    expect(found).toEqual([
      "src/f.ts:1 function longOne has 61 lines; 60 are enough",
      "src/g.ts:1 function arrow has 61 lines; 60 are enough",
      "src/long.ts has 301 lines; split it, 300 are enough",
    ]);
  });

  test("finds a public surface or an architecture document that grew too long", async () => {
    const files = { "src/index.ts": lines(60), "docs/architecture.md": lines(120, "text") };

    expect(await findings(sizes, files)).toEqual([
      "src/index.ts has 60 lines; it must stay under 60",
      "docs/architecture.md has 120 lines; it must stay under 120",
    ]);
  });
});

describe("dependencies", () => {
  const sound = {
    "package.json": '{ "dependencies": { "zod": "4.6.7" }, "devDependencies": { "knip": "6.44.2" } }',
    "package-lock.json": '{ "packages": { "": {}, "node_modules/zod": { "version": "4.6.7" } } }',
    "docs/dependencies.md": "| `zod` | schemas | one schema |\n| `knip` | unused code | none like it |\n",
    ".npmrc": "fund=false\n",
  };

  test("finds nothing where all are pinned and explained", async () => {
    expect(await findings(dependencies, sound)).toEqual([]);
  });

  test("finds ranges, missing reasons, and reasons for nothing", async () => {
    const found = await findings(dependencies, {
      ...sound,
      "package.json": '{ "dependencies": { "zod": "^4.6.7", "yaml": "latest" } }',
    });

    expect(found.sort()).toEqual([
      "docs/dependencies.md gives a reason for `knip`, which is no dependency",
      "docs/dependencies.md gives no reason for `yaml`",
      'package.json yaml is not pinned exactly: "latest"',
      'package.json zod is not pinned exactly: "^4.6.7"',
    ]);
  });

  test("finds a thirtieth runtime dependency", async () => {
    const names = Array.from({ length: 30 }, (_, index) => `package-${index}`);
    const found = await findings(dependencies, {
      ...sound,
      "package.json": JSON.stringify({
        dependencies: Object.fromEntries(names.map((name) => [name, "1.0.0"])),
      }),
      "docs/dependencies.md": names.map((name) => `| \`${name}\` | x | y |`).join("\n"),
    });

    expect(found).toEqual(["package.json 30 runtime dependencies; fewer than 30 are allowed"]);
  });

  test("finds a registry in the lock file or in npm's configuration, and a lock file that is gone", async () => {
    const elsewhere = { "node_modules/zod": { resolved: "https://registry.example.com/zod-4.6.7.tgz" } };
    const found = await findings(dependencies, {
      ...sound,
      "package-lock.json": JSON.stringify({ packages: elsewhere }),
      ".npmrc": "registry=https://registry.example.com/\n",
    });

    expect(found).toEqual([
      "package-lock.json node_modules/zod names where it was fetched: that is for each machine to say",
      ".npmrc names a registry: which one to use is for each machine to say",
    ]);
    expect(await findings(dependencies, { ...sound, "package-lock.json": "" })).toEqual([
      "package-lock.json is missing: `npm ci` needs it",
    ]);
  });
});

describe("traces", () => {
  // Put together here, so that this file names none.
  const path = (...parts: string[]) => `/${parts.join("/")}/`;

  test.each([
    path("work", "project"),
    path("home", "alice", "code"),
    path("Users", "alice"),
    path("root", ".terrane"),
    path("builds", "group"),
  ])("finds %s", async (own) => {
    const files = { "src/a.ts": `/** a */\nexport const a = "${own}x";\n`, "docs/a.md": `see ${own}notes\n` };

    expect((await findings(traces, files)).map((each) => each.split(" ")[0])).toEqual([
      "docs/a.md:1",
      "src/a.ts:2",
    ]);
  });

  test("leaves the people alone whom tests make up, but not their machines", async () => {
    const file = "test/unit/a.test.ts";

    expect(await findings(traces, { [file]: path("home", "ada", "code") })).toEqual([]);
    expect(await findings(traces, { [file]: path("builds", "group") })).toHaveLength(1);
  });

  test("leaves addresses, folders of everyone and relative paths alone", async () => {
    const text = [
      "https://example.com/work/a",
      "/tmp/terrane",
      "/usr/local/bin",
      "src/work/a",
      "/dev/null",
      path("home", "me", "project"),
    ].join("\n");

    expect(await findings(traces, { "docs/a.md": text })).toEqual([]);
  });

  test("finds the folder of the checkout itself, wherever it stands", async () => {
    const checkout = plant({ "docs/a.md": "" });
    const found = await traces.run({ ...checkout, read: () => `in ${checkout.root}/src` });

    expect(found).toHaveLength(1);
  });
});

describe("ambient", () => {
  test("finds what reads environment or clock below the command line, and only that", async () => {
    const text = [
      "/** a */",
      "export const a = process.env.HOME;",
      "export const b = () => Date.now();",
      "export const c = () => new Date();",
      "export const d = (iso: string) => new Date(iso);",
      "// process.env in a comment",
    ].join("\n");
    const found = await findings(ambient, {
      "src/model/a.ts": text,
      "stacks/a.ts": "export const f = process.cwd();",
      "src/cli/edge.ts": text,
      "tools/a.ts": text,
    });

    expect(found).toEqual([
      "src/model/a.ts:2 process.env is read here; let the caller hand it in",
      "src/model/a.ts:3 Date.now is read here; let the caller hand it in",
      "src/model/a.ts:4 new Date() is read here; let the caller hand it in",
      "stacks/a.ts:1 process.cwd is read here; let the caller hand it in",
    ]);
  });
});

describe("headers", () => {
  test("finds files that do not say what they own, and generated ones that do not say so", async () => {
    const found = await findings(headers, {
      "src/a.ts": "export const a = 1;\n",
      "src/b.ts": "/** Owns b. */\nexport const b = 1;\n",
      "bench/run.ts": "#!/usr/bin/env node\n/** Measures. */\n",
      "policies/generated/a.ts": "export const a = 1;\n",
      "policies/generated/b.ts": "// Generated by `node tools/b.ts`; do not edit.\n",
      "test/unit/a.test.ts": "1;\n",
    });

    expect(found).toEqual([
      "policies/generated/a.ts:1 the first line must say that it is generated, and by what",
      "src/a.ts:1 begin with a `/** … */` sentence: what it owns, what it must not know",
    ]);
  });
});

describe("a tool that fails without naming a fault", () => {
  test.each([
    [types, { "tsconfig.json": "{ not json" }],
    [rules, { ".oxlintrc.json": "{ not json" }],
    [format, { "biome.json": "{ not json" }],
    [unused, { "knip.json": "{ not json" }],
  ])("never looks like success: $name", async (check, files) => {
    expect(await check.run(plant(files))).not.toEqual([]);
  });
});
