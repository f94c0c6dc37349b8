/** Completion: in the shells themselves where they are at hand, and the names it offers. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { completionScript } from "../../../src/cli/completion/script.ts";
import { type Shell, shells } from "../../../src/cli/completion-command.ts";
import { run } from "../../../src/cli/main.ts";
import { errorTable } from "../../../src/errors.ts";
import { ledgerMigrations } from "../../../src/ledger/migrations.ts";
import { type CompletionKind, complete } from "../../../src/platform/complete.ts";
import { openDatabase } from "../../../src/sql/open.ts";
import { catalog } from "../../../stacks/catalog.ts";
import { fakeIo, runFake } from "./fakes.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "completion-"));
const project = join(folder, "project");
const bin = join(folder, "bin");

const write = (file: string, text: string) => {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
};

const applied = {
  components: [
    { name: "vpc", site: "virginia", domain: "network", type: "vpc" },
    { name: "orders", site: "virginia", domain: "data", type: "postgres" },
    { name: "orders", site: "ohio", domain: "data", type: "postgres" },
  ],
};

beforeAll(async () => {
  write("project/terrane.yaml", "apiVersion: terrane.dev/v1\nkind: Project\nmetadata: { name: shop }\n");
  write("project/environments/dev.yaml", "kind: Environment\nmetadata: { name: shop-dev }\nclass: dev\n");
  write(
    "project/environments/more.yaml",
    '# two\nkind: Environment\nmetadata:\n  # its name\n  name: "shop-prod"\nclass: prod\n---\nkind: AddressPool\nmetadata: { name: pool }\n',
  );
  write("project/environments/trap.yaml", "kind: Environment\nmetadata: { name: $(touch${IFS}pwned) }\n");
  write(
    "project/blueprints/shop/blueprint.yaml",
    "kind: Blueprint\nmetadata: { version: 1.0.0, name: shop }\n",
  );
  write("bin/terrane", `#!/bin/sh\nexec "${process.execPath}" "${join(root, "bin/terrane.js")}" "$@"\n`);
  chmodSync(join(bin, "terrane"), 0o755);
  const path = join(project, ".terrane/ledger.sqlite");
  const database = await openDatabase({ path, migrations: ledgerMigrations });
  const operation = (id: string, environment: string, at: string) => ({
    sql: "INSERT INTO operations (id, environment, started_at, operation) VALUES (?, ?, ?, ?)",
    parameters: [id, environment, at, JSON.stringify({ kind: "up", status: "succeeded" })],
  });
  await database.write([
    {
      sql: "INSERT INTO environments VALUES (?, ?)",
      parameters: ["shop-prod", JSON.stringify({ class: "prod", status: "ready", applied })],
    },
    {
      sql: "INSERT INTO stack_outputs VALUES (?, ?, ?)",
      parameters: [
        "shop-prod",
        "shop-prod.virginia.data",
        JSON.stringify({ orders: { endpoint: 1, port: 2 } }),
      ],
    },
    operation("op-1", "shop-prod", "2026-11-20T10:00:00.000Z"),
    operation("op-2", "gone", "2026-11-21T10:00:00.000Z"),
    operation("op-3", "shop-prod", "2026-11-21T11:00:00.000Z"),
  ]);
  await database.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

const isThere = (command: string) => spawnSync(command, ["--version"]).status === 0;

/** Offers of a shell for each line, without what is typed already before `=`, `@` or `/`, sorted. */
async function ask(shell: Shell, lines: readonly string[]): Promise<readonly (readonly string[])[]> {
  const script = join(folder, `completion.${shell}`);
  writeFileSync(script, await completionScript(shell));
  const driver = join(root, "test/support/shells", `ask.${shell}`);
  const quiet = { bash: ["--norc"], zsh: ["-f"], fish: ["--no-config"] }[shell];
  const { stdout, stderr, status } = spawnSync(shell, [...quiet, driver, script, ...lines], {
    cwd: project,
    env: { PATH: [bin, process.env["PATH"]].join(delimiter), HOME: folder, LC_ALL: "C.UTF-8" },
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout
    .split(/^\? .*\n/m)
    .slice(1)
    .map((answer) =>
      answer
        .split("\n")
        .map((line) => line.replace(/\t.*/, "").replace(/^.*[=@/]/, ""))
        .filter((line) => line !== "")
        .sort(),
    );
}

const cases: readonly (readonly [line: string, offers: readonly string[]])[] = [
  ["terrane pl", ["plan"]],
  ["terrane de", ["deploy", "destroy"]],
  ["terrane cloud ", ["list", "ls", "rm", "show"]],
  ["terrane cloud ls --cl", ["--cloud"]],
  ["terrane cloud ls --cloud ", ["aws", "azure", "gcp"]],
  ["terrane --quiet up shop-d", ["shop-dev"]],
  ["terrane preview --detailed-exitcode shop-p", ["shop-prod"]],
  ["terrane up --li", ["--live"]],
  ["terrane plan --li", []],
  ["terrane graph --format=s", ["svg"]],
  ["terrane graph --format m", ["mermaid"]],
  ["terrane --color=al", ["always"]],
  ["terrane destroy shop-prod --allow-data-loss orders@", ["ohio", "virginia"]],
  ["terrane resources shop-prod --stack virginia.d", ["virginia.data"]],
  ["terrane outputs shop-prod virginia.orders.", ["virginia.orders.endpoint", "virginia.orders.port"]],
  ["terrane history shop-prod op", ["op-1", "op-3"]],
  ["terrane history go", ["gone"]],
  ["terrane explain error cidr-o", ["cidr-overlap"]],
  ["terrane explain post", ["postgres"]],
  ["terrane completion ", ["bash", "fish", "zsh"]],
  ["terrane schema Env", ["Environment"]],
  ["terrane up environments/d", ["dev.yaml"]],
  ["terrane validate terrane.y", ["terrane.yaml"]],
];

// Setup installs zsh and fish for the tests where it can; a machine may lack them all the same.
describe.each(shells)("completion in %s", (shell) => {
  it.skipIf(!isThere(shell))(
    "offers commands, options, values and names where they belong",
    { timeout: 60_000 },
    async () => {
      const lines = cases.map(([line]) => line);
      const offers = await ask(shell, lines);
      const aliasless = shell === "bash" ? ["list", "deploy"] : [];
      const expected = cases.map(([line, words]) => [
        line,
        words.filter((word) => !aliasless.includes(word)),
      ]);
      expect(offers.map((words, at) => [lines[at], words])).toEqual(expected);
    },
  );

  it.skipIf(!isThere(shell))(
    "works from another folder, and says nothing where there is no project",
    async () => {
      const [there, nowhere] = await ask(shell, [
        `terrane -C ${project} up shop-d`,
        "terrane -C / up shop-d",
      ]);
      expect([there, nowhere]).toEqual([["shop-dev"], []]);
    },
  );

  it("is asked for by name, and nothing else is a shell", async () => {
    expect((await runFake(["completion", shell])).stdout).toBe(await completionScript(shell));
    const json = await runFake(["completion", shell, "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({ shell, script: await completionScript(shell) });
  });
});

it("a shell that is unknown is told those there are", async () => {
  const { code, stderr } = await runFake(["completion", "fisch"]);
  expect(code).toBe(64);
  expect(stderr).toContain("Did you mean fish? Allowed: bash, zsh, fish.");
});

describe("names for a shell", () => {
  const offered = async (kind: CompletionKind, before: readonly string[] = [], dir = project) =>
    (await complete({ kind, dir, before })).map(({ name, about }) => `${name}: ${about}`);

  it("come from documents and the ledger, the record's word before the document's", async () => {
    expect(await offered("environment")).toEqual(["shop-dev: dev", "shop-prod: prod, ready"]);
    expect(await offered("past-environment")).toEqual([
      "gone: last changed 2026-11-21",
      "shop-prod: prod, ready",
      "shop-dev: dev",
    ]);
    expect(await offered("graph")).toContain("shop: blueprint");
  });

  it("are the newest first where they are operations", async () => {
    expect(await offered("operation", ["shop-prod"])).toEqual([
      "op-3: up of shop-prod, succeeded, 2026-11-21T11:00",
      "op-1: up of shop-prod, succeeded, 2026-11-20T10:00",
    ]);
  });

  it("never hold what a shell would run", async () => {
    for (const kind of ["environment", "graph", "topic"] as const) {
      expect((await offered(kind)).join()).not.toMatch(/[$(`]/);
    }
  });

  it("know every component type and error code without loading either", async () => {
    const topics = (await complete({ kind: "topic", dir: project, before: [] })).map(({ name }) => name);
    expect(topics).toEqual(expect.arrayContaining(catalog.contracts.map(({ name }) => name)));
    const codes = await complete({ kind: "detail", dir: project, before: ["error"] });
    expect(codes.map(({ name }) => name)).toEqual(Object.keys(errorTable));
  });

  it("are none where the ledger is missing or no database, and nothing is made", async () => {
    write("broken/terrane.yaml", "ledger: { path: notes.txt }\n");
    write("broken/notes.txt", "not a database");
    expect(await offered("operation", [], join(folder, "broken"))).toEqual([]);
    write("empty/terrane.yaml", "kind: Project\n");
    expect(await offered("operation", [], join(folder, "empty"))).toEqual([]);
    expect(spawnSync("ls", ["-A", join(folder, "empty")], { encoding: "utf8" }).stdout).toBe(
      "terrane.yaml\n",
    );
  });

  it("are asked for without a session: no parser, no settings", async () => {
    const io = fakeIo({});
    expect(await run(["__complete", "environment", "--", "terrane", "-C", project], io)).toBe(0);
    expect(io.written).toEqual({ stdout: "shop-dev\tdev\nshop-prod\tprod, ready\n", stderr: "" });
    expect(await run(["__complete", "secrets"], io)).toBe(0);
    expect(io.written.stderr).toBe("");
  });

  it("load neither schemas, nor YAML, nor Pulumi", () => {
    const code = [
      'import { registerHooks } from "node:module";',
      "const loaded = [];",
      "registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });",
      'const { complete } = await import("./src/platform/complete.ts");',
      `await complete({ kind: "environment", dir: ${JSON.stringify(project)}, before: [] });`,
      'console.log("libraries:", loaded.filter((url) => url.includes("node_modules")).join());',
    ].join("\n");
    const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
      cwd: root,
      encoding: "utf8",
    });
    expect(stdout.trim()).toBe("libraries:");
  });
});
