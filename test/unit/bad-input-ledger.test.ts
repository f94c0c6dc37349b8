/** The URL of the ledger's database, by its number in the list of bad input. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PlatformContext } from "../../src/platform/context.ts";
import { runDoctor } from "../../src/platform/doctor.ts";
import { readStatus } from "../../src/platform/status.ts";
import { validateProject } from "../../src/platform/validate.ts";
import { hasPostgres, type PostgresServer, postgresPassword, startPostgres } from "../support/postgres.ts";
import { environmentText, makeProject, type TestProject } from "../support/project.ts";

const command = join(import.meta.dirname, "..", "..", "bin", "terrane.js");
const header = "apiVersion: terrane.dev/v1\nkind: Project\nmetadata: { name: test }\n";

let project: TestProject;
beforeEach(async () => {
  project = await makeProject({});
});
afterEach(() => project[Symbol.asyncDispose]());

const ledgerIs = (text: string) => project.write("terrane.yaml", `${header}ledger: { ${text} }\n`);
const withVariables = (variables: Readonly<Record<string, string>>): PlatformContext => ({
  ...project.context,
  environment: { ...project.context.environment, ...variables },
});
const ledgerIn = async (context: PlatformContext) =>
  (await runDoctor(context)).find(({ name }) => name === "ledger");

describe("bad input: the ledger's URL", () => {
  it.each([
    ["mysql://localhost/terrane", "mysql:// is no database that terrane knows"],
    ["postgres://localhost", "the name of the database is missing"],
    ["postgres://db.example.com/terrane?sslmode=disable", "which is not this machine"],
    ["postgres://localhost/terrane?sslmode=prefer", "goes without encryption where the server has none"],
    ["host=localhost dbname=terrane", "this is no URL"],
  ])("72: %s is refused where it stands", async (url, message) => {
    await ledgerIs(`url: "${url}"`);
    const { problems } = await validateProject(project.context, { files: [] });
    expect(problems).toEqual([
      expect.objectContaining({
        code: "bad-url",
        message: expect.stringContaining(message),
        position: { file: "terrane.yaml", line: 4, column: 16 },
        path: "/ledger/url",
      }),
    ]);
    await expect(readStatus(project.context)).rejects.toMatchObject({ code: "document-invalid" });
  });

  it.each(["hunter2", "hun$ter2", "hunter%402"])(
    "72: a password in the file is refused and not repeated: %s",
    async (password) => {
      await ledgerIs(`url: "postgres://ada:${password}@localhost/terrane"`);
      const report = await validateProject(project.context, { files: [] });
      expect(report.problems).toEqual([
        expect.objectContaining({
          code: "secret-in-plain-sight",
          position: { file: "terrane.yaml", line: 4, column: 16 },
        }),
      ]);
      expect(JSON.stringify(report)).not.toContain(password);
    },
  );

  it("72: one from a variable is refused before work, with the variable's name and without its password", async () => {
    await ledgerIs("url: { fromEnv: LEDGER_URL }");
    const context = withVariables({ LEDGER_URL: "mysql://ada:hunter2@localhost/terrane" });
    const refusal = {
      code: "bad-url",
      message:
        "the ledger's URL in the environment variable LEDGER_URL cannot be used: mysql:// is no database that terrane knows",
    };
    const error: unknown = await readStatus(context).catch((failure: unknown) => failure);
    expect(error).toMatchObject(refusal);
    expect(JSON.stringify(error)).not.toContain("hunter2");
    expect(await ledgerIn(context)).toMatchObject({ status: "problem", value: refusal.message });
    await expect(readStatus(project.context)).rejects.toMatchObject({
      code: "bad-secret-reference",
      message: "the environment variable LEDGER_URL is not set",
    });
  });
});

describe.skipIf(!hasPostgres)("a ledger on a PostgreSQL server", () => {
  let server: PostgresServer;
  let url: string;
  beforeEach(async () => {
    server = await startPostgres();
    url = await server.createDatabase();
    await ledgerIs("url: { fromEnv: LEDGER_URL }");
  });
  afterEach(() => server[Symbol.asyncDispose]());

  it("72: is used with a password that no output, process or file shows", async () => {
    await project.write("environments/shop.yaml", environmentText("shop", "nothing"));
    const password = encodeURIComponent(postgresPassword);
    const outputs = [];
    for (const [verb, code] of [
      ["status", 0],
      ["list", 0],
      ["history", 0],
      ["doctor", undefined],
    ] as const) {
      const child = spawn(process.execPath, [command, verb, "-v"], {
        cwd: project.dir,
        env: { ...process.env, LEDGER_URL: url },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let text = readFileSync(`/proc/${child.pid}/cmdline`, "utf8");
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding("utf8").on("data", (part: string) => {
          text += part;
        });
      const [exit] = (await once(child, "close")) as [number];
      if (code !== undefined) expect([verb, exit, text]).toEqual([verb, code, text]);
      outputs.push(text);
    }
    const written = readdirSync(project.dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
    for (const text of [...outputs, ...written]) {
      expect(text).not.toContain(postgresPassword);
      expect(text).not.toContain(password);
    }
    expect(outputs.at(-1)).toMatch(/ledger +postgresql:\/\/terrane@127\.0\.0\.1:\d+\/\S+ \(PostgreSQL \d+/);
  });

  it("72: takes its password from PGPASSWORD where the URL has none", async () => {
    const bare = url.replace(/:[^:@/]*@/, "@");
    await ledgerIs(`url: "${bare}"`);
    expect(await readStatus(withVariables({ PGPASSWORD: postgresPassword }))).toEqual([]);
    await expect(readStatus(project.context)).rejects.toMatchObject({ code: "permission-denied" });
  });

  it("72: is refused when the server has no such database, or is not there", async () => {
    const missing = withVariables({ LEDGER_URL: url.replace(/\/[^/]*$/, "/nowhere") });
    await expect(readStatus(missing)).rejects.toMatchObject({
      code: "bad-url",
      next: "Make it: createdb nowhere",
    });
    expect(await ledgerIn(missing)).toMatchObject({ status: "problem", next: "Make it: createdb nowhere" });
    await server.stop();
    expect(await ledgerIn(withVariables({ LEDGER_URL: url }))).toMatchObject({
      status: "problem",
      value: expect.stringContaining("cannot be reached"),
    });
  });
});
