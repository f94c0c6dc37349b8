import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { commandTable, findCommand } from "../../../src/cli/command-table.ts";
import { answerQuickly } from "../../../src/cli/quick.ts";
import { runFake } from "./fakes.ts";
import { toText, widest } from "./screen.ts";

const paths = commandTable.flatMap((command) => [
  [command.name],
  ...(command.subcommands ?? []).map((each) => [command.name, each.name]),
]);

describe("help", () => {
  it.each([80, 40])("fits %i columns, for every command", async (width) => {
    for (const argv of [["--help"], ...paths.map((path) => [...path, "--help"])]) {
      const screen = (await answerQuickly(argv, width)) ?? [];
      expect(screen.length, argv.join(" ")).toBeGreaterThan(5);
      expect(widest(screen), argv.join(" ")).toBeLessThanOrEqual(width);
    }
  });

  it("names every command with its summary, grouped", async () => {
    const screen = toText((await answerQuickly(["--help"], 80)) ?? []);
    for (const command of commandTable) expect(screen).toContain(`${command.name.padEnd(7)}`);
    expect(screen).toMatch(/^Start\n {2}init {6}write a project/m);
    expect(screen).toMatch(/^Plan and change$/m);
  });

  it("shows examples that name a command there is", () => {
    for (const path of paths) {
      const command = findCommand(path)?.at(-1);
      const examples = command?.examples ?? command?.subcommands?.flatMap((each) => each.examples ?? []);
      expect(examples?.length, path.join(" ")).toBeGreaterThan(0);
      for (const example of examples ?? []) {
        expect(example.command, path.join(" ")).toMatch(new RegExp(`^terrane ${path.join(" ")}`));
      }
    }
  });

  it("comes for a command however it is asked for", async () => {
    const expected = toText((await answerQuickly(["plan", "--help"], 80)) ?? []);
    for (const argv of [
      ["help", "plan"],
      ["plan", "-h"],
      ["preview", "--help"],
      ["-C", "x", "plan", "shop", "--help"],
    ]) {
      const { code, stdout, stderr } = await runFake(argv);
      expect({ code, stdout: stdout.trimEnd(), stderr }).toEqual({ code: 0, stdout: expected, stderr: "" });
    }
  });

  it("comes for a bare terrane, and for a command that needs another word", async () => {
    expect((await runFake([])).stdout).toContain("Usage  terrane <command> [options]");
    expect((await runFake(["cloud"])).stdout).toContain("Usage  terrane cloud <command> [options]");
  });

  it("does not hide that a command does not exist", async () => {
    for (const argv of [
      ["plna", "--help"],
      ["help", "plna"],
    ]) {
      const { code, stderr } = await runFake(argv);
      expect(code).toBe(64);
      expect(stderr).toContain("Did you mean plan?");
    }
  });
});

describe("what is loaded", () => {
  const edge = new URL("../../../src/cli/edge.ts", import.meta.url);

  // Every module that node resolves is written to stderr, marked.
  const watch = `import { registerHooks } from "node:module";
    registerHooks({ resolve(specifier, context, next) {
      const found = next(specifier, context);
      process.stderr.write("loaded " + found.url + "\\n");
      return found;
    } });`;

  function loadedBy(...argv: readonly string[]): {
    readonly modules: readonly string[];
    readonly status: number | null;
  } {
    const program = `process.argv.splice(1, 0, "terrane");
      const { runProcess } = await import(${JSON.stringify(edge.href)}); await runProcess();`;
    const ran = spawnSync(
      process.execPath,
      [
        "--import",
        `data:text/javascript,${encodeURIComponent(watch)}`,
        "--input-type=module",
        "-e",
        program,
        "--",
        ...argv,
      ],
      { encoding: "utf8", cwd: fileURLToPath(new URL("../../../", import.meta.url)) },
    );
    const modules = [...ran.stderr.matchAll(/^loaded (.*)$/gm)].map((match) => match[1] ?? "");
    return { modules, status: ran.status };
  }

  it.each(["--help", "--version", "up --help", "help cloud ls"])(
    "`terrane %s` loads the command table and nothing out of node_modules",
    (words) => {
      const { modules, status } = loadedBy(...words.split(" "));
      expect(status).toBe(0);
      expect(modules.some((url) => url.endsWith("/src/cli/command-table.ts"))).toBe(true);
      expect(modules.filter((url) => url.includes("/node_modules/"))).toEqual([]);
      expect(modules.filter((url) => url.includes("/platform/") || url.includes("/model/"))).toEqual([]);
    },
  );

  it("validate checks a whole project without Pulumi, cloud SDK or database", () => {
    const folder = mkdtempSync(join(tmpdir(), "terrane-validate-"));
    try {
      expect(loadedBy("init", "-C", folder).status).toBe(0);
      const { modules, status } = loadedBy("validate", "-C", folder);
      expect(status).toBe(0);
      expect(modules.some((url) => url.endsWith("/stacks/catalog.ts"))).toBe(true);
      expect(
        modules.filter((url) => /@pulumi|@grpc|node:sqlite|src\/(sql|engine|ledger)\//.test(url)),
      ).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("a command loads neither Pulumi nor a cloud SDK nor a database by itself", () => {
    const { modules, status } = loadedBy("version");
    expect(status).toBe(0);
    expect(modules.some((url) => url.endsWith("/src/cli/parse.ts"))).toBe(true);
    expect(modules.filter((url) => url.includes("/@pulumi/") || url === "node:sqlite")).toEqual([]);
  });
});
