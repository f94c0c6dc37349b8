/** Pulumi users are at home: their CLI reads our state, and their program runs one stack of ours. */
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findEngine } from "../../src/engine/find.ts";
import { previewStack } from "../../src/engine/preview.ts";
import { destroy, up } from "../../src/index.ts";
import { stackProgram } from "../../src/library/pulumi.ts";
import type { Program } from "../../src/model/program.ts";
import { openClouds } from "../../src/simulator/clouds.ts";
import { startProviders } from "../../src/simulator/provider/server.ts";
import { environmentText, makeProject, type TestProject } from "../support/project.ts";
import { type PlainPulumi, servePlainPulumi } from "../support/served-state.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

const blueprint = [
  "apiVersion: terrane.dev/v1",
  "kind: Blueprint",
  'metadata: { name: shop, version: "1.0.0" }',
  "sites: { virginia: { cloud: aws, region: us-east-1 } }",
  "components: { vpc: { type: vpc, zones: 2 }, orders: { type: postgres, network: vpc } }",
  "",
].join("\n");

describe("a project of ours, for somebody who knows Pulumi", () => {
  let project: TestProject;
  let engine: Awaited<ReturnType<typeof findEngine>>;

  let plain: PlainPulumi;

  beforeAll(async () => {
    project = await makeProject({
      "blueprints/shop/blueprint.yaml": blueprint,
      "environments/shop.yaml": environmentText("shop", "shop"),
    });
    engine = await findEngine({
      home: process.env["TERRANE_HOME"] ?? join(homedir(), ".terrane"),
      path: process.env["PATH"],
    });
    await up({ dir: project.dir }).result;
    plain = await servePlainPulumi(project.context);
  });
  afterAll(async () => {
    await plain[Symbol.asyncDispose]();
    await destroy({ dir: project.dir }).result;
    await project[Symbol.asyncDispose]();
  });

  it("shows its stacks, resources and outputs to a plain pulumi command", async () => {
    const stacks = JSON.parse(await plain.pulumi("stack", "ls", "--all", "--json")) as { name: string }[];
    expect(stacks.map(({ name }) => name.split("/").at(-1)).sort()).toEqual([
      "shop.virginia.data",
      "shop.virginia.network",
    ]);
    const stack = ["--stack", "organization/terrane/shop.virginia.network"];
    expect(await plain.pulumi("stack", ...stack, "--show-urns")).toContain(
      "urn:pulumi:shop.virginia.network::terrane::terrane:component:Vpc$aws:ec2/vpc:Vpc::vpc",
    );
    const exported = JSON.parse(await plain.pulumi("stack", "export", ...stack)) as {
      deployment: { resources: { type: string }[] };
    };
    expect(exported.deployment.resources.map(({ type }) => type)).toContain("aws:ec2/subnet:Subnet");
    const outputs = JSON.parse(await plain.pulumi("stack", "output", ...stack, "--json")) as Record<
      string,
      object
    >;
    expect(outputs["vpc"]).toMatchObject({ networkId: expect.stringMatching(/^vpc-/) });
  });

  async function preview(stack: string, program: Program) {
    await using clouds = await openClouds(join(project.dir, ".terrane", "clouds.sqlite"), {
      now: project.context.now,
    });
    const providers = await startProviders(clouds);
    try {
      return await previewStack({
        stack,
        state: { kind: "service", url: plain.served.url, token: plain.served.token, exists: true },
        engine,
        home: project.context.home,
        emit: () => {},
        signal: new AbortController().signal,
        providers: providers.ports,
        environment: { PATH: process.env["PATH"] ?? "", HOME: project.dir },
        program,
      });
    } finally {
      await providers.close();
    }
  }

  it("gives the entry program of pulumi/ the same resources: nothing would change", async () => {
    await mkdir(join(project.dir, "pulumi"), { recursive: true });
    await cp(join(root, "pulumi", "Pulumi.yaml"), join(project.dir, "pulumi", "Pulumi.yaml"));
    // The package's own name stands for the sources here; the package's test runs what is built of them.
    const source = new URL("../../src/library/pulumi.ts", import.meta.url).href;
    const entry = join(project.dir, "pulumi", "index.mjs");
    const text = await readFile(join(root, "pulumi", "index.mjs"), "utf8");
    await writeFile(
      entry,
      text.replace('"terrane/pulumi"', `"${source}"`).replace("({ dir", '({ target: "simulated", dir'),
    );
    const { default: program } = (await import(pathToFileURL(entry).href)) as { default: Program };
    const result = await preview("shop.virginia.network", program);
    expect(result.steps.filter(({ action }) => action !== "same")).toEqual([]);
    expect(result.steps.length).toBeGreaterThan(15);
  });

  it("reads what a stack builds on by a stack reference", async () => {
    const program = stackProgram({ dir: project.dir, target: "simulated" }) as Program;
    const result = await preview("shop.virginia.data", program);
    const other = result.steps.filter(({ action }) => action !== "same");
    expect(other.map(({ action, type }) => [action, type])).toEqual([
      // The engine's own, for the reference.
      ["create", "pulumi:providers:pulumi"],
      ["read", "pulumi:pulumi:StackReference"],
    ]);
    expect(result.steps.map(({ type }) => type)).toContain("aws:rds/instance:Instance");
  });

  it("refuses to look at simulated resources through an engine that reaches the live clouds", async () => {
    const program = stackProgram({ dir: project.dir, variables: {} }) as Program;
    await expect(preview("shop.virginia.network", program)).rejects.toMatchObject({ code: "bad-usage" });
  });

  it("refuses a stack that the environment does not have, and names those it has", async () => {
    await plain.pulumi("stack", "init", "organization/terrane/shop.virginia.compute");
    const program = stackProgram({ dir: project.dir, target: "simulated" }) as Program;
    await expect(preview("shop.virginia.compute", program)).rejects.toMatchObject({
      code: "document-not-found",
      message: expect.stringContaining("shop.virginia.network, shop.virginia.data"),
    });
  });
});
