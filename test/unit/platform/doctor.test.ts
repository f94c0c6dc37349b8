import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runDoctor } from "../../../src/platform/doctor.ts";
import { makeProject } from "../../support/project.ts";

const blueprint = (components: string) =>
  [
    "apiVersion: terrane.dev/v1",
    "kind: Blueprint",
    'metadata: { name: platform, version: "1.0.0" }',
    "sites: { virginia: { cloud: aws, region: us-east-1, runner: inside } }",
    `components: { vpc: { type: vpc }${components} }`,
    "",
  ].join("\n");

/** What the doctor says of the `aws` command with this PATH. */
async function checkOf(components: string, path: string) {
  await using project = await makeProject({ "blueprints/platform/blueprint.yaml": blueprint(components) });
  const context = { ...project.context, environment: { ...project.context.environment, PATH: path } };
  const checks = await runDoctor(context);
  const commands = checks.filter(({ name }) => name === "aws");
  return commands[0];
}

const withCluster = ", k: { type: cluster, network: vpc }";

test("a project with a cluster on AWS is told what the aws command is for, and that it is missing", async () => {
  expect(await checkOf(withCluster, "/nowhere")).toMatchObject({
    status: "warning",
    value: expect.stringMatching(/not found; for clusters on aws.*credentials/),
    next: expect.stringContaining("AWS CLI"),
  });
});

test("the command is found where PATH says", async () => {
  const folder = await mkdtemp(join(tmpdir(), "terrane-path-"));
  await writeFile(join(folder, "aws"), "#!/bin/sh\n");
  await chmod(join(folder, "aws"), 0o755);
  expect(await checkOf(withCluster, folder)).toMatchObject({
    status: "ok",
    value: expect.stringContaining(join(folder, "aws")),
  });
  await rm(folder, { recursive: true });
});

test("without a cluster nobody asks for it", async () => {
  expect(await checkOf("", "/nowhere")).toBeUndefined();
});

test("70: a home that cannot be used is a problem, with the reason that a change would be refused for", async () => {
  await using project = await makeProject({});
  const checks = await runDoctor({ ...project.context, home: "here" });
  expect(checks.find(({ name }) => name === "home")).toMatchObject({
    status: "problem",
    value: 'TERRANE_HOME is not an absolute path: "here"',
    next: expect.stringContaining("only you can write"),
  });
});
