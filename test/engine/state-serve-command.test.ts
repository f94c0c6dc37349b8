/** `terrane state serve` itself, as people start it, and a plain Pulumi CLI that logs in with what it prints. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findEngine } from "../../src/engine/find.ts";
import { thisProcess } from "../../src/ledger/holder.ts";
import { Ledger } from "../../src/ledger/ledger.ts";
import { verifyAudit } from "../../src/platform/audit.ts";
import { testHome } from "../support/engine.ts";
import { makeProject, type TestProject } from "../support/project.ts";
import { seedState } from "../support/seeded-states.ts";
import { runTerrane, startServeCommand } from "../support/serve-command.ts";
import { toyState } from "../support/served-state.ts";
import { startToyCloud, type ToyCloud } from "../support/toy-provider.ts";

const name = "shop.here.data";
const stack = `organization/terrane/${name}`;

let project: TestProject;
let cloud: ToyCloud;
let pulumi: string;

beforeEach(async () => {
  project = await makeProject({});
  cloud = await startToyCloud();
  pulumi = (await findEngine({ home: testHome, path: process.env["PATH"] })).command;
  await mkdir(join(project.dir, "plain"));
  await writeFile(join(project.dir, "plain", "Pulumi.yaml"), "name: terrane\nruntime: nodejs\n");
});
afterEach(async () => {
  await cloud[Symbol.asyncDispose]();
  await project[Symbol.asyncDispose]();
});

interface Ended {
  readonly code: number;
  readonly said: string;
}

/** Lines of a shell in the terminal beside it, with nothing of ours in the environment. */
function shell(...lines: readonly string[]): Promise<Ended> {
  return shellUntil(undefined, ...lines);
}

/** The same, ended by the signal where the last line is an `exec`. */
function shellUntil(signal: AbortSignal | undefined, ...lines: readonly string[]): Promise<Ended> {
  const cwd = join(project.dir, "plain");
  const env = {
    PATH: `${dirname(pulumi)}:${process.env["PATH"]}`,
    HOME: cwd,
    PULUMI_HOME: join(cwd, "home"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DEBUG_PROVIDERS: `toy:${cloud.port}`,
  };
  return new Promise((resolve) => {
    const options = { cwd, env, killSignal: "SIGKILL", ...(signal === undefined ? {} : { signal }) } as const;
    execFile("sh", ["-ec", lines.join("\n")], options, (error, stdout, stderr) => {
      const code = typeof error?.code === "number" ? error.code : 1;
      resolve({ code: error === null ? 0 : code, said: stdout + stderr });
    });
  });
}

/** What it says to type, without what it says besides. */
const toType = (printed: string) => printed.match(/^ {2}(export|pulumi) .*$/gm) ?? [];
const tokenFiles = async () =>
  (await readdir(join(project.dir, ".terrane"))).filter((file) => file.endsWith(".token"));

async function importThings(login: readonly string[], ...things: readonly string[]): Promise<void> {
  const file = join(project.dir, "plain", "state.json");
  await writeFile(file, JSON.stringify(toyState(name, ...things)));
  expect(
    await shell(
      ...login,
      `pulumi stack init ${stack}`,
      `pulumi stack import --stack ${stack} --file state.json`,
    ),
  ).toMatchObject({ code: 0 });
}

test("what it prints logs a plain Pulumi in, and Ctrl-C ends it in order, whatever is at work", async () => {
  await using serving = await startServeCommand(project);
  const login = toType(serving.stdout());
  expect(login).toHaveLength(2);
  await importThings(login, "a", "b");
  expect(await shell(...login, "pulumi stack ls --all")).toMatchObject({
    code: 0,
    said: expect.stringMatching(/shop\.here\.data\* .*\b4\b/),
  });
  expect(await shell(...login, "pulumi stack output --stack organization/terrane/shop.here.none")).toEqual({
    code: 6,
    said: expect.stringContaining("no stack named 'organization/terrane/shop.here.none' found"),
  });

  const held = cloud.hold("delete", "b");
  const leaving = new AbortController();
  const destroying = shellUntil(
    leaving.signal,
    ...login,
    `exec pulumi destroy --stack ${stack} --yes --skip-preview`,
  );
  await held.reached;
  const ended = await serving.end("SIGINT");
  expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining(`closed a destroy of ${stack}`) });
  held.release();
  // Its engine asks a service that is gone for half a minute.
  leaving.abort();
  expect((await destroying).code).not.toBe(0);
  expect(await tokenFiles()).toEqual([]);
  await using ledger = await Ledger.open(join(project.dir, ".terrane", "ledger.sqlite"));
  expect(await ledger.leases.read("environment/shop")).toBeUndefined();
  expect(await ledger.audit.list({ limit: 1 })).toMatchObject([
    { what: "state saved", stack: `terrane/${name}`, facts: { reason: "destroy", status: "interrupted" } },
  ]);
  expect((await verifyAudit(project.context)).broken).toBeUndefined();

  await using again = await startServeCommand(project);
  const goesOn = await shell(
    ...toType(again.stdout()),
    `pulumi refresh --stack ${stack} --yes --skip-preview`,
    `pulumi destroy --stack ${stack} --yes --skip-preview --remove`,
  );
  expect(goesOn).toMatchObject({ code: 0 });
  expect((await again.end("SIGTERM")).code).toBe(0);
}, 120_000);

test("two of them serve side by side, for machines too; who is at work is told to whoever comes through either", async () => {
  await using one = await startServeCommand(project, "--json");
  await using other = await startServeCommand(project, "--json");
  const [first, second] = [one, other].map(({ stdout }) => JSON.parse(stdout()));
  expect(first).toEqual({
    format: "terrane.dev/state-serve/v1",
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    tokenFile: expect.stringContaining(join(project.dir, ".terrane")),
  });
  const loginTo = ({ url, tokenFile }: typeof first) => [
    `export PULUMI_ACCESS_TOKEN="$(cat '${tokenFile}')"`,
    `pulumi login ${url}`,
  ];
  await importThings(loginTo(first), "a");
  expect((await shell(...loginTo(second), "pulumi stack ls --all")).said).toContain(name);
  const crossed = [...loginTo(first).slice(0, 1), ...loginTo(second).slice(1)];
  expect((await shell(...crossed)).said).toContain("No credentials provided or are invalid");

  await using ledger = await Ledger.open(join(project.dir, ".terrane", "ledger.sqlite"));
  {
    await using _held = await ledger.holdEnvironment("shop", "op-ours", thisProcess("ada", new Date()));
    const refused = await shell(...loginTo(second), `pulumi stack tag set team pay --stack ${stack}`);
    expect(refused.code).not.toBe(0);
    expect(refused.said).toMatch(/\[409\] ada on .* is at work on environment shop with op-ours/);
  }
  expect(await shell(...loginTo(first), `pulumi stack tag set team pay --stack ${stack}`)).toMatchObject({
    code: 0,
  });
  expect(await ledger.audit.list({ limit: 1 })).toMatchObject([
    { what: "stack tagged", stack: `terrane/${name}`, facts: { team: "pay" } },
  ]);

  // A client finds its token by the address that it called.
  await seedState(project.context, "pay.here.data", "canary-2f90");
  const { port } = new URL(first.url);
  const [token = ""] = loginTo(first);
  const byName = await shell(
    ...["export PULUMI_HOME=$HOME/another", token, `pulumi login http://localhost:${port}`],
    "pulumi stack export --show-secrets --stack organization/terrane/pay.here.data",
  );
  expect(byName).toMatchObject({ code: 0, said: expect.stringContaining("canary-2f90") });

  expect(await runTerrane(project, "state", "serve", "--port", port)).toEqual({
    code: 64,
    stdout: "",
    stderr: expect.stringContaining(`port ${port} of 127.0.0.1 is in use`),
  });
  expect((await one.end("SIGINT")).code).toBe(0);
  expect(existsSync(first.tokenFile)).toBe(false);
  expect(await readFile(second.tokenFile, "utf8")).toMatch(/^[\w-]{43}\n$/);
}, 120_000);

test("an address that cannot be had is refused by name, and nothing is left behind", async () => {
  const elsewhere = await runTerrane(
    project,
    ...["state", "serve", "--host", "192.0.2.1", "--token-file", "terrane.yaml", "--json"],
  );
  expect(JSON.parse(elsewhere.stdout)).toMatchObject({
    code: "bad-usage",
    message: "192.0.2.1 is no address of this machine",
    next: "Name one with --host, or leave it out.",
  });
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const address = taken.address();
  const port = typeof address === "object" && address !== null ? `${address.port}` : "";
  const refused = await runTerrane(project, "state", "serve", "--port", port);
  taken.close();
  expect(refused).toMatchObject({
    code: 64,
    stderr: expect.stringContaining("Name another one with --port, or leave it out."),
  });
  expect(await tokenFiles()).toEqual([]);
}, 60_000);
