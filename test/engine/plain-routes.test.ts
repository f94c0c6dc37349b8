/** What else a plain Pulumi CLI asks of the state's service: each route works, or is refused in words that help. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hostProgram } from "../../src/engine/language-server.ts";
import { thisProcess } from "../../src/ledger/holder.ts";
import { openProject } from "../../src/platform/project/open-project.ts";
import { makeProject, type TestProject } from "../support/project.ts";
import { type PlainPulumi, servePlainPulumi, toyState } from "../support/served-state.ts";
import { startToyCloud, Thing, type ToyCloud } from "../support/toy-provider.ts";

const name = "shop.here.data";
const stack = `organization/terrane/${name}`;
const here = ["--stack", stack];

describe("the routes of a plain Pulumi CLI", { timeout: 120_000 }, () => {
  let project: TestProject;
  let cloud: ToyCloud;
  let plain: PlainPulumi;

  beforeEach(async () => {
    project = await makeProject({});
    cloud = await startToyCloud();
    plain = await servePlainPulumi(project.context, {
      PULUMI_DEBUG_PROVIDERS: `toy:${cloud.port}`,
      // What the CLI reads where nobody types one.
      PULUMI_CONFIG_PASSPHRASE: "",
      PATH: `${project.dir}:${process.env["PATH"]}`,
    });
    await plain.pulumi("stack", "init", stack);
  });
  afterEach(async () => {
    await plain[Symbol.asyncDispose]();
    await cloud[Symbol.asyncDispose]();
    await project[Symbol.asyncDispose]();
  });

  const exported = async () => JSON.parse(await plain.pulumi("stack", "export", ...here));
  const thingsIn = async () =>
    ((await exported()).deployment.resources ?? [])
      .filter(({ type }: { type: string }) => type === "toy:index:Thing")
      .map(({ urn }: { urn: string }) => urn.split("::").at(-1));
  const importThings = async (...things: readonly string[]) => {
    const file = join(plain.folder, "state.json");
    await writeFile(file, JSON.stringify(toyState(name, ...things)));
    await plain.pulumi("stack", "import", ...here, "--file", file);
  };
  /** Everything that was said where it failed. @throws Error where it did not */
  const refusal = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await plain.run(...args);
    if (code === 0) throw new Error(`pulumi ${args.join(" ")} was not refused: ${stdout}`);
    return stdout + stderr;
  };

  it("runs a program of its own: preview, up, outputs, graph, import, destroy, through the journal", async () => {
    await using host = await hostProgram(
      async () => ({ address: new Thing("a", { text: "x", sealed: "canary-6d0f" }).address }),
      { traces: false },
    );
    const program = [`--client=${host.address}`, "--exec-kind", "auto.inline", ...here];
    expect(await plain.pulumi("preview", ...program)).toMatch(/\+ 2 to create/);
    expect(await thingsIn()).toEqual([]);
    await plain.pulumi("up", ...program, "--yes", "--skip-preview");
    expect(await thingsIn()).toEqual(["a"]);
    expect(JSON.parse(await plain.pulumi("stack", "output", "--json", ...here))).toEqual({
      address: "10.0.0.1",
    });
    expect(await plain.pulumi("preview", ...program, "--expect-no-changes")).toMatch(/2 unchanged/);
    await plain.pulumi("stack", "graph", join(plain.folder, "graph.dot"), ...here);
    expect(await readFile(join(plain.folder, "graph.dot"), "utf8")).toContain("toy:index:Thing");

    // An import asks the project's language for nothing but its name.
    const language = join(project.dir, "pulumi-language-nodejs");
    await writeFile(language, `#!/bin/sh\necho ${host.address.split(":")[1]}\nexec sleep 60\n`, {
      mode: 0o755,
    });
    const [id] = cloud.things.keys();
    await plain.pulumi(
      "state",
      "delete",
      `urn:pulumi:${name}::terrane::toy:index:Thing::a`,
      "--yes",
      ...here,
    );
    const taken = ["toy:index:Thing", "a", `${id}`, "--generate-code=false", "--protect=false"];
    await plain.pulumi("import", ...taken, "--yes", "--skip-preview", ...here);
    expect(await thingsIn()).toEqual(["a"]);
    expect(await plain.pulumi("state", "repair", "--yes", ...here)).toMatch(/already valid|no errors|valid/i);
    await plain.pulumi("destroy", "--yes", "--skip-preview", ...here);
    expect(cloud.things.size).toBe(0);
    const history = JSON.parse(await plain.pulumi("stack", "history", "--json", ...here));
    expect(history.map(({ kind, result }: Record<string, string>) => `${kind} ${result}`)).toEqual([
      "destroy succeeded",
      "update succeeded",
      "import succeeded",
      "update succeeded",
    ]);
    await plain.pulumi("config", "refresh", "--force", ...here);
  });

  it("refuses a state whose secrets it could not open, however it comes, and keeps what it has", async () => {
    await importThings("a");
    const before = await exported();
    const other =
      "passphrase, which is not the service of this project. Take states in with `terrane migrate --from`";
    expect(await refusal("stack", "change-secrets-provider", "passphrase", ...here)).toContain(other);
    // The settings beside the program were changed before the service was asked: they speak of the passphrase now.
    const settings = join(plain.folder, `Pulumi.${name}.yaml`);
    expect(await readFile(settings, "utf8")).toContain("encryptionsalt");
    await using host = await hostProgram(async () => void new Thing("b", { sealed: "canary-77c1" }), {
      traces: false,
    });
    const program = [`--client=${host.address}`, "--exec-kind", "auto.inline", ...here];
    expect(await refusal("up", ...program, "--yes", "--skip-preview")).toContain(other);
    expect(cloud.calls).toEqual([]);
    await rm(settings);
    const state = await exported();
    state.deployment.secrets_providers = { type: "passphrase", state: { salt: "v1:none" } };
    const answer = await fetch(`${plain.served.url}/api/stacks/${stack}/import`, {
      method: "POST",
      headers: { authorization: `token ${plain.served.token.reveal()}` },
      body: JSON.stringify(state),
    });
    expect([answer.status, ((await answer.json()) as { message: string }).message]).toEqual([
      409,
      expect.stringContaining(other),
    ]);
    expect(await exported()).toEqual(before);

    const sealed = ["organization/terrane/shop.there.data", "--secrets-provider", "passphrase"];
    expect(await refusal("stack", "init", ...sealed)).toContain(other);
  });

  it("refuses by name what is taken, missing, or not kept here", async () => {
    const there = "organization/terrane/shop.there.data";
    await plain.pulumi("stack", "init", there);
    expect(await refusal("stack", "rename", there, ...here)).toContain(
      "the stack terrane/shop.there.data already exists",
    );
    expect(await refusal("stack", "init", "acme/terrane/shop.here.data")).toMatch(
      /stacks are made in the organization `organization`|acme/,
    );
    expect(await refusal("stack", "export", ...here, "--version", "9")).toContain("no state of version 9");
    for (const [route, ...args] of [
      ["/api/orgs/organization/policypacks", "policy", "ls"],
      ["/api/esc/environments", "env", "ls"],
      ["/deployments/settings", "deployment", "settings", "pull", ...here],
    ]) {
      const said = await refusal(...args);
      expect(said).toContain(`${route} is not something this service does`);
      expect(said).toContain("See docs/pulumi.md");
    }
  });

  it("renames a stack into another environment only while nobody is at work there", async () => {
    await importThings("a");
    await using opened = await openProject(project.context);
    const ledger = await opened.app.ledger();
    const moved = "organization/terrane/blog.here.data";
    {
      const holder = thisProcess("ada", project.context.now());
      await using _held = await ledger.holdEnvironment("blog", "op-blog", holder);
      expect(await refusal("stack", "rename", moved, ...here)).toMatch(
        /ada .* is at work on environment blog with op-blog/,
      );
    }
    expect(await ledger.leases.read("environment/shop")).toBeUndefined();
    await plain.pulumi("stack", "rename", moved, ...here);
    expect(await ledger.leases.read("environment/blog")).toBeUndefined();
    expect(
      JSON.parse(await plain.pulumi("stack", "export", "--stack", moved)).deployment.resources,
    ).toHaveLength(3);
  });
});
