/** The plain Pulumi CLI on the states of a project: its own commands, with the leases of ours. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { thisProcess } from "../../src/ledger/holder.ts";
import { openProject } from "../../src/platform/project/open-project.ts";
import { makeProject, type TestProject } from "../support/project.ts";
import { type PlainPulumi, servePlainPulumi, toyState } from "../support/served-state.ts";
import { startToyCloud, type ToyCloud } from "../support/toy-provider.ts";

const stack = "organization/terrane/shop.here.data";
const name = "shop.here.data";
const urn = (thing: string) => `urn:pulumi:${name}::terrane::toy:index:Thing::${thing}`;
const canary = "canary-91cd";

describe("the plain Pulumi CLI on a project's states", { timeout: 120_000 }, () => {
  let project: TestProject;
  let cloud: ToyCloud;
  let plain: PlainPulumi;

  beforeEach(async () => {
    project = await makeProject({});
    cloud = await startToyCloud();
    plain = await servePlainPulumi(project.context, {
      PULUMI_DEBUG_PROVIDERS: `toy:${cloud.port}`,
    });
  });
  afterEach(async () => {
    await plain[Symbol.asyncDispose]();
    await cloud[Symbol.asyncDispose]();
    await project[Symbol.asyncDispose]();
  });

  const exported = async (of = stack, ...more: readonly string[]) =>
    JSON.parse(await plain.pulumi("stack", "export", "--stack", of, ...more)) as {
      version: number;
      deployment: {
        resources?: { urn: string; id?: string; protect?: boolean }[];
        pending_operations?: object[];
      };
    };
  const urnsIn = async (of = stack) =>
    ((await exported(of)).deployment.resources ?? []).map((each) => each.urn);
  const importState = async (state: object, into = stack) => {
    const file = join(plain.folder, "state.json");
    await writeFile(file, JSON.stringify(state));
    await plain.pulumi("stack", "import", "--stack", into, "--file", file);
  };

  const stateWith = (...things: readonly string[]) => toyState(name, ...things);

  it("makes, lists, tags, renames and removes stacks", async () => {
    expect((await plain.pulumi("whoami")).trim()).toBe("test");
    await plain.pulumi("stack", "init", stack);
    const twice = await plain.run("stack", "init", stack);
    expect([twice.code, twice.stderr]).toEqual([
      expect.any(Number),
      expect.stringContaining("already exists"),
    ]);
    expect(twice.code).not.toBe(0);
    await plain.pulumi("stack", "tag", "set", "team", "payments", "--stack", stack);
    expect(await plain.pulumi("stack", "tag", "get", "team", "--stack", stack)).toContain("payments");
    await importState(stateWith("a"));
    const listed = async () =>
      (
        JSON.parse(await plain.pulumi("stack", "ls", "--all", "--json")) as {
          name: string;
          resourceCount: number;
        }[]
      ).map((each) => [each.name, each.resourceCount]);
    expect(await listed()).toEqual([[name, 3]]);

    await plain.pulumi("stack", "rename", "organization/terrane/shop.there.data", "--stack", stack);
    const renamed = "organization/terrane/shop.there.data";
    expect(await listed()).toEqual([["shop.there.data", 3]]);
    expect((await urnsIn(renamed)).every((each) => each.startsWith("urn:pulumi:shop.there.data::"))).toBe(
      true,
    );

    const full = await plain.run("stack", "rm", renamed, "--yes");
    expect([full.code === 0, full.stderr]).toEqual([false, expect.stringContaining("still has resources")]);
    await plain.pulumi("stack", "rm", renamed, "--yes", "--force");
    expect(await listed()).toEqual([]);
  });

  it("exports what was imported, each version of it, and tells the history", async () => {
    await plain.pulumi("stack", "init", stack);
    await importState(stateWith("a"));
    await importState(stateWith("a", "b"));
    expect(await urnsIn()).toContain(urn("b"));
    const first = await exported(stack, "--version", "1");
    expect(first.deployment.resources).toEqual(stateWith("a").deployment.resources);
    const history = JSON.parse(await plain.pulumi("stack", "history", "--stack", stack, "--json")) as {
      kind: string;
      result: string;
      version: number;
    }[];
    expect(history.map(({ kind, result, version }) => [kind, result, version])).toEqual([
      ["import", "succeeded", 2],
      ["import", "succeeded", 1],
    ]);
  });

  it("edits states: deletes, renames, protects, unprotects, moves", async () => {
    await plain.pulumi("stack", "init", stack);
    await importState(stateWith("a", "b"));
    await plain.pulumi("state", "delete", urn("b"), "--stack", stack, "--yes");
    expect(await urnsIn()).not.toContain(urn("b"));
    await plain.pulumi("state", "rename", urn("a"), "c", "--stack", stack, "--yes");
    expect(await urnsIn()).toContain(urn("c"));
    await plain.pulumi("state", "protect", urn("c"), "--stack", stack, "--yes");
    const isProtected = async () =>
      (await exported()).deployment.resources?.find((each) => each.urn === urn("c"))?.protect === true;
    expect(await isProtected()).toBe(true);
    await plain.pulumi("state", "unprotect", urn("c"), "--stack", stack, "--yes");
    expect(await isProtected()).toBe(false);

    const other = "organization/terrane/shop.there.data";
    await plain.pulumi("stack", "init", other);
    await plain.pulumi("state", "move", "--source", stack, "--dest", other, "--yes", urn("c"));
    expect(await urnsIn()).not.toContain(urn("c"));
    expect((await urnsIn(other)).some((each) => each.endsWith("::c"))).toBe(true);
  });

  it("refreshes and destroys without a program, through the journal", async () => {
    await plain.pulumi("stack", "init", stack);
    await importState(stateWith("a", "b"));
    // The cloud has neither: both were deleted by hand.
    await plain.pulumi("refresh", "--stack", stack, "--yes", "--skip-preview");
    expect((await urnsIn()).filter((each) => each.includes("Thing"))).toEqual([]);
    await plain.pulumi("destroy", "--stack", stack, "--yes", "--skip-preview");
    expect(await urnsIn()).toEqual([]);
    const history = JSON.parse(await plain.pulumi("stack", "history", "--stack", stack, "--json")) as {
      kind: string;
      result: string;
    }[];
    expect(history.map(({ kind, result }) => `${kind} ${result}`)).toEqual([
      "destroy succeeded",
      "refresh succeeded",
      "import succeeded",
    ]);
  });

  it("keeps configuration secrets sealed by the service", async () => {
    await plain.pulumi("stack", "init", stack);
    await plain.pulumi("config", "set", "--secret", "password", canary, "--stack", stack);
    const text = await readFile(join(plain.folder, `Pulumi.${name}.yaml`), "utf8");
    expect(text).toContain("secure:");
    expect(text).not.toContain(canary);
    expect((await plain.pulumi("config", "get", "password", "--stack", stack)).trim()).toBe(canary);
  });

  it("is told who is at work, and changes nothing, while an operation of ours holds the environment", async () => {
    await plain.pulumi("stack", "init", stack);
    await importState(stateWith("a"));
    await using opened = await openProject(project.context);
    const ledger = await opened.app.ledger();
    {
      const holder = thisProcess("somebody", project.context.now());
      await using _held = await ledger.holdEnvironment("shop", "op-ours", holder);
      const refused = await plain.run("refresh", "--stack", stack, "--yes", "--skip-preview");
      expect(refused.code).not.toBe(0);
      expect(refused.stderr + refused.stdout).toMatch(/somebody .*op-ours/);
      // Readers never wait.
      expect(await urnsIn()).toContain(urn("a"));
    }
    expect((await plain.run("refresh", "--stack", stack, "--yes", "--skip-preview")).code).toBe(0);
  });

  it("lets one of two at once change a stack, and stops what is cancelled before its next step", async () => {
    await plain.pulumi("stack", "init", stack);
    await importState(stateWith("a", "b"));
    const held = cloud.hold("delete", "b");
    const first = plain.run("destroy", "--stack", stack, "--yes", "--skip-preview");
    await held.reached;
    const second = await plain.run("destroy", "--stack", stack, "--yes", "--skip-preview");
    expect(second.code).not.toBe(0);
    expect(second.stderr + second.stdout).toContain("is at work on environment shop");
    await plain.pulumi("cancel", stack, "--yes");
    held.release();
    expect((await first).code).not.toBe(0);
    expect(cloud.calls).not.toContain("delete a");
    expect((await urnsIn()).filter((each) => each.includes("Thing"))).toEqual([urn("a")]);
    expect((await plain.run("destroy", "--stack", stack, "--yes", "--skip-preview")).code).toBe(0);
  });

  it("lets nobody in who has no token", async () => {
    const denied = await fetch(`${plain.served.url}/api/user`, {
      headers: { authorization: "token nothing" },
    });
    expect([denied.status, await denied.json()]).toEqual([
      401,
      { code: 401, message: expect.stringContaining("PULUMI_ACCESS_TOKEN") },
    ]);
  });
});
