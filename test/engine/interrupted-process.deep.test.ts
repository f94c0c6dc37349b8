/** The command line as a process, interrupted, hung up or left by its reader half way (Linux): nothing runs on, nothing is lost. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { listObjects } from "../../src/platform/cloud.ts";
import { destroyEnvironment } from "../../src/platform/destroy.ts";
import { readStatus } from "../../src/platform/status.ts";
import { upEnvironment } from "../../src/platform/up.ts";
import { descendantsOf, stillRunning } from "../support/processes.ts";
import { applying, environmentText, makeProject, type TestProject } from "../support/project.ts";
import { brokenRules } from "../support/rules.ts";
import { openTerminal, type Terminal } from "../support/terminal.ts";

const program = fileURLToPath(new URL("./paced-program.ts", import.meta.url));
const database = "aws:rds/instance:Instance";

/** The database takes 420 s at the real cloud, and is there before its reply. */
const pace = 10;
const patience = { timeout: 50_000, interval: 20 };

const files = {
  "blueprints/platform/blueprint.yaml": [
    "apiVersion: terrane.dev/v1",
    "kind: Blueprint",
    'metadata: { name: platform, version: "1.0.0" }',
    "sites: { virginia: { cloud: aws, region: us-east-1 } }",
    "components:",
    "  vpc: { type: vpc, zones: 2 }",
    "  orders: { type: postgres, network: vpc }",
    "",
  ].join("\n"),
  "environments/shop.yaml": environmentText("shop", "platform"),
};

interface Running {
  readonly project: TestProject;
  readonly terminal: Terminal;
  /** What runs below the process now, engines first of all. */
  readonly below: () => Promise<readonly number[]>;
  readonly pid: () => Promise<number>;
  readonly exitCode: () => Promise<number>;
}

/** Runs a command on a terminal; `around` is a shell's line with `$terrane` in it. */
function start(project: TestProject, around: string): Running {
  const written = (name: string) => join(project.dir, name);
  const terminal = openTerminal(`${around}; echo $? > ended`, {
    cwd: project.dir,
    variables: { ...variablesOf(project), terrane: `${process.execPath} ${program}`, NO_COLOR: "1" },
  });
  const read = async (name: string) => {
    await expect.poll(() => readFile(written(name), "utf8").catch(() => ""), patience).toMatch(/^\d+/);
    return Number(await readFile(written(name), "utf8"));
  };
  const pid = () => read("pid");
  return {
    project,
    terminal,
    pid,
    below: async () => descendantsOf(await pid()),
    exitCode: () => read("ended"),
  };
}

function variablesOf(project: TestProject) {
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: process.env["HOME"] ?? "",
    TERRANE_HOME: project.context.home,
    TERRANE_TEST_PACE: `${pace}`,
    TERRANE_TEST_PID_FILE: join(project.dir, "pid"),
  };
}

const typesOf = async (project: TestProject) =>
  (await listObjects(project.context, {})).map((object) => object.type);

async function databaseIsBegun(project: TestProject): Promise<void> {
  await expect.poll(() => typesOf(project), patience).toContain(database);
}

/** The process and all below it are gone, nothing holds the stacks, and what comes next finds one of everything. */
async function endsWell({ project, pid }: Running, below: readonly number[]): Promise<void> {
  expect(below.length).toBeGreaterThan(0);
  await expect.poll(async () => stillRunning([await pid(), ...below]), patience).toEqual([]);
  const next = await upEnvironment(project.context, "shop", applying());
  expect(next).toMatchObject({
    result: "succeeded",
    outputs: { virginia: { orders: { port: 5432, endpoint: expect.stringContaining("orders") } } },
  });
  expect((await typesOf(project)).filter((type) => type === database)).toHaveLength(1);
  const { dir, context } = project;
  const aftermath = { dir, context, environment: "shop", runs: [], canaries: [], engines: below };
  expect(await brokenRules(aftermath)).toEqual([]);
  expect((await upEnvironment(project.context, "shop", applying())).result).toBe("unchanged");
  expect((await destroyEnvironment(project.context, "shop", applying())).result).toBe("succeeded");
  expect(await typesOf(project)).toEqual([]);
}

const statusOf = async (project: TestProject) =>
  (await readStatus(project.context, "shop"))[0]?.operation?.status;

describe.skipIf(process.platform !== "linux")("a process that is interrupted half way", () => {
  it("fault 6: Ctrl-C once lets it finish, keeps what it made, and frees the stacks", async () => {
    await using project = await makeProject(files);
    const running = start(project, "$terrane up shop --yes");
    await databaseIsBegun(project);
    const below = await running.below();
    running.terminal.type("\u0003");
    expect(await running.exitCode()).toBe(130);
    await running.terminal.ended;
    expect(running.terminal.screen()).toMatch(/finishing \d steps?; Ctrl-C again to stop at once/);
    expect(running.terminal.screen()).toContain("! up of shop was stopped");
    expect(await statusOf(project)).toBe("cancelled");
    await endsWell(running, below);
  });

  it("fault 7: Ctrl-C twice ends it at once, with a list of what is unknown", async () => {
    await using project = await makeProject(files);
    const running = start(project, "$terrane up shop --yes");
    await databaseIsBegun(project);
    const below = await running.below();
    running.terminal.type("\u0003\u0003");
    expect(await running.exitCode()).toBe(130);
    await running.terminal.ended;
    expect(running.terminal.screen()).toContain("stopping at once");
    expect(running.terminal.screen()).toMatch(/\? \+ orders +aws:rds:Instance +unknown/);
    await endsWell(running, below);
  });

  it("fault 8: a terminal that is closed means the same as Ctrl-C once, though nobody looks", async () => {
    await using project = await makeProject(files);
    const running = start(project, "$terrane up shop --yes");
    await databaseIsBegun(project);
    const below = await running.below();
    running.terminal.hangUp();
    expect(await running.exitCode()).toBe(130);
    expect(await statusOf(project)).toBe("cancelled");
    await endsWell(running, below);
  });

  it("fault 6: SIGTERM means the same as Ctrl-C once", async () => {
    await using project = await makeProject(files);
    const running = start(project, "$terrane up shop --yes < /dev/null 2> said");
    await databaseIsBegun(project);
    const below = await running.below();
    process.kill(await running.pid(), "SIGTERM");
    expect(await running.exitCode()).toBe(130);
    expect(await readFile(join(project.dir, "said"), "utf8")).toMatch(/finishing \d step/);
    expect(await statusOf(project)).toBe("cancelled");
    await endsWell(running, below);
  });

  it("fault 8: a reader that has seen enough (| head) does not end it", async () => {
    await using project = await makeProject(files);
    const running = start(project, "{ $terrane up shop --yes 2> said; echo $? > code; } | head -1");
    await databaseIsBegun(project);
    const below = await running.below();
    expect(await running.exitCode()).toBe(0);
    expect(await readFile(join(project.dir, "code"), "utf8")).toBe("0\n");
    expect(await readFile(join(project.dir, "said"), "utf8")).not.toMatch(/EPIPE|node:/);
    expect(await statusOf(project)).toBe("succeeded");
    await expect.poll(async () => stillRunning([await running.pid(), ...below]), patience).toEqual([]);
  });

  it("fault 6: a destroy that is interrupted keeps count of what is left, and goes on", async () => {
    await using project = await makeProject(files);
    await upEnvironment(project.context, "shop", applying());
    const running = start(project, "$terrane destroy shop --yes");
    await expect.poll(() => typesOf(project), patience).not.toContain(database);
    const below = await running.below();
    running.terminal.type("\u0003");
    expect(await running.exitCode()).toBe(130);
    await expect.poll(async () => stillRunning([await running.pid(), ...below]), patience).toEqual([]);
    expect(await statusOf(project)).toBe("cancelled");
    expect(running.terminal.screen()).toMatch(
      /! virginia\.data +stopped +1 deleted, \d resources not started/,
    );
    const next = await destroyEnvironment(project.context, "shop", applying());
    expect({ result: next.result, steps: next.operation?.steps }).toMatchObject({ result: "succeeded" });
    expect(await typesOf(project)).toEqual([]);
  });

  it("fault 6: a plan that is interrupted leaves no engine", async () => {
    await using project = await makeProject(files);
    const running = start(project, "$terrane plan shop");
    await expect.poll(async () => (await running.below()).length, patience).toBeGreaterThan(0);
    const below = await running.below();
    running.terminal.type("\u0003");
    expect(await running.exitCode()).toBe(130);
    await running.terminal.ended;
    expect(running.terminal.screen()).toContain("nothing was changed");
    await expect.poll(async () => stillRunning([await running.pid(), ...below]), patience).toEqual([]);
  });

  it("fault 8: without any open stream at all it comes up all the same", async () => {
    await using project = await makeProject(files);
    const running = start(project, "$terrane up shop --yes <&- >&- 2>&-");
    expect(await running.exitCode()).toBe(0);
    expect(await statusOf(project)).toBe("succeeded");
  });
});
