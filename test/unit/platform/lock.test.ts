/** Versions of blueprints and the locks that hold environments to them, in folders and git repositories. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Problem } from "../../../src/errors.ts";
import { TerraneError } from "../../../src/errors.ts";
import type { PlatformContext } from "../../../src/platform/context.ts";
import { lockEnvironments } from "../../../src/platform/lock.ts";
import { openProject } from "../../../src/platform/project/open-project.ts";
import { validateProject } from "../../../src/platform/validate.ts";
import { makeRepository } from "../../support/git-repository.ts";
import { environmentText, makeProject, type TestProject } from "../../support/project.ts";

function blueprintText(version: string, name = "platform", zones = 2): string {
  return [
    "apiVersion: terrane.dev/v1",
    "kind: Blueprint",
    `metadata: { name: ${name}, version: "${version}" }`,
    "sites: { virginia: { cloud: aws, region: us-east-1 } }",
    `components: { vpc: { type: vpc, zones: ${zones} } }`,
    "",
  ].join("\n");
}

function projectText(source: string): string {
  return `apiVersion: terrane.dev/v1\nkind: Project\nmetadata: { name: test }\nblueprints: [${source}]\n`;
}

async function chosen(context: PlatformContext, name = "shop") {
  await using project = await openProject(context);
  const { blueprint, newer, nextLock } = await project.find(name);
  return { version: blueprint.document.metadata.version, newer, isLocked: nextLock === undefined };
}

async function refusal(work: Promise<unknown>): Promise<TerraneError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof TerraneError) return error;
  throw new Error(`nothing was refused: ${String(error)}`);
}

function problemOf(error: TerraneError): Problem | undefined {
  return error.problems[0];
}

async function twoVersions(environmentClass = "dev"): Promise<TestProject> {
  return await makeProject({
    "blueprints/platform/1.0.0/blueprint.yaml": blueprintText("1.0.0"),
    "blueprints/platform/1.1.0/blueprint.yaml": blueprintText("1.1.0"),
    "blueprints/platform/2.0.0/blueprint.yaml": blueprintText("2.0.0"),
    "environments/shop.yaml": environmentText("shop", "platform", [], environmentClass),
  });
}

describe("versions side by side in a folder", () => {
  it("without a lock lead to the highest one within the range", async () => {
    await using project = await twoVersions();
    expect(await chosen(project.context)).toEqual({ version: "1.1.0", newer: undefined, isLocked: false });
  });

  it("that are locked stay, and what is newer is told", async () => {
    await using project = await twoVersions();
    await rm(join(project.dir, "blueprints/platform/1.1.0"), { recursive: true });
    expect(await lockEnvironments(project.context, { update: false })).toMatchObject([
      { environment: "shop", version: "1.0.0", change: "new", file: "environments/shop.lock.yaml" },
    ]);
    await project.write("blueprints/platform/1.1.0/blueprint.yaml", blueprintText("1.1.0"));
    expect(await chosen(project.context)).toEqual({ version: "1.0.0", newer: "1.1.0", isLocked: true });
    expect(await lockEnvironments(project.context, { update: false })).toMatchObject([{ change: "none" }]);
    expect(await lockEnvironments(project.context, { update: true })).toMatchObject([
      { version: "1.1.0", before: "1.0.0", change: "moved" },
    ]);
    expect(await chosen(project.context)).toEqual({ version: "1.1.0", newer: undefined, isLocked: true });
  });

  it("are refused when the range leaves the locked one out, and locked anew on request", async () => {
    await using project = await twoVersions();
    await lockEnvironments(project.context, { update: false });
    const moved = environmentText("shop", "platform").replace("platform@^1", "platform@^2");
    await project.write("environments/shop.yaml", moved);
    const error = await refusal(chosen(project.context));
    expect(problemOf(error)).toMatchObject({
      code: "lock-stale",
      message: "platform@^2 leaves out platform 1.1.0, to which the environment is locked",
      next: "Run: terrane lock shop",
      position: { file: "environments/shop.yaml", line: 4 },
    });
    expect((await validateProject(project.context, { files: [] })).problems).toMatchObject([
      { code: "lock-stale" },
    ]);
    expect(await lockEnvironments(project.context, { update: false })).toMatchObject([
      { version: "2.0.0", before: "1.1.0", change: "moved" },
    ]);
  });

  it.each(["prod", "staging"])("never change their text under the lock of class %s", async (given) => {
    await using project = await twoVersions(given);
    await lockEnvironments(project.context, { update: false });
    await project.write("blueprints/platform/1.1.0/blueprint.yaml", blueprintText("1.1.0", "platform", 3));
    const error = await refusal(chosen(project.context));
    expect(problemOf(error)).toMatchObject({
      code: "blueprint-changed",
      message: "the text of platform 1.1.0 has changed since shop was locked to it",
      next: "Give the new text a version of its own, or take it as it is: terrane lock shop --update",
    });
    expect(await lockEnvironments(project.context, { update: true })).toMatchObject([{ change: "renewed" }]);
    expect(await chosen(project.context)).toMatchObject({ isLocked: true });
  });

  it.each(["dev", "sandbox"])("may be tried out in class %s, with a warning", async (given) => {
    await using project = await twoVersions(given);
    await lockEnvironments(project.context, { update: false });
    await project.write("blueprints/platform/1.1.0/blueprint.yaml", blueprintText("1.1.0", "platform", 3));
    expect(await chosen(project.context)).toMatchObject({ version: "1.1.0", isLocked: false });
    const { problems } = await validateProject(project.context, { files: [] });
    expect(problems).toMatchObject([{ code: "blueprint-changed", severity: "warning" }]);
  });

  it("are told apart by what they say, not by how their lines end", async () => {
    await using project = await twoVersions("prod");
    await lockEnvironments(project.context, { update: false });
    const text = blueprintText("1.1.0").replaceAll("\n", "\r\n");
    await project.write("blueprints/platform/1.1.0/blueprint.yaml", `\r\n${text}\r\n`);
    expect(await chosen(project.context)).toMatchObject({ isLocked: true });
  });

  it("stand in a folder of their own version", async () => {
    await using project = await twoVersions();
    await project.write("blueprints/platform/1.1.0/blueprint.yaml", blueprintText("1.2.0"));
    expect((await validateProject(project.context, { files: [] })).problems).toMatchObject([
      { code: "bad-value", message: "the folder 1.1.0 holds version 1.2.0", nearest: "1.1.0" },
    ]);
  });

  it("that are gone from under a lock are missed by name", async () => {
    await using project = await twoVersions();
    await lockEnvironments(project.context, { update: false });
    await rm(join(project.dir, "blueprints/platform/1.1.0"), { recursive: true });
    expect(problemOf(await refusal(chosen(project.context)))).toMatchObject({
      code: "lock-stale",
      message:
        "platform 1.1.0, to which the environment is locked, is not in blueprints/platform/1.1.0/blueprint.yaml",
    });
  });
});

describe("--locked", () => {
  it("refuses an environment without a lock, and a lock that would change", async () => {
    await using project = await twoVersions();
    const locked = { ...project.context, locked: true };
    expect(await refusal(chosen(locked))).toMatchObject({
      code: "lock-stale",
      message: "shop is not locked, and --locked lets no lock be written",
    });
    expect(await refusal(lockEnvironments(locked, { update: false }))).toMatchObject({ code: "lock-stale" });
    expect((await validateProject(locked, { files: [] })).problems).toMatchObject([{ code: "lock-stale" }]);
    await lockEnvironments(project.context, { update: false });
    expect(await chosen(locked)).toMatchObject({ isLocked: true });
    expect((await validateProject(locked, { files: [] })).problems).toEqual([]);
    await project.write("blueprints/platform/1.1.0/blueprint.yaml", blueprintText("1.1.0", "platform", 3));
    expect(await refusal(chosen(locked))).toMatchObject({ code: "lock-stale" });
  });
});

describe("a lock file", () => {
  it("that is damaged is refused at its place", async () => {
    await using project = await twoVersions();
    await lockEnvironments(project.context, { update: false });
    const path = join(project.dir, "environments/shop.lock.yaml");
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace(/sha256: .*/, "sha256: 12"));
    expect(problemOf(await refusal(chosen(project.context)))?.position).toMatchObject({
      file: "environments/shop.lock.yaml",
      line: 12,
    });
  });

  it("of another environment is refused", async () => {
    await using project = await twoVersions();
    await lockEnvironments(project.context, { update: false });
    const path = join(project.dir, "environments/shop.lock.yaml");
    await writeFile(path, (await readFile(path, "utf8")).replace("name: shop", "name: till"));
    expect((await validateProject(project.context, { files: [] })).problems).toMatchObject([
      { code: "lock-stale", message: "the lock is for till, and stands beside shop" },
    ]);
  });
});

describe("versions as tags of a git repository", () => {
  it("lead to the highest one within the range, locked with its commit, and need no network afterwards", async () => {
    await using repository = await makeRepository();
    const file = "blueprints/platform/blueprint.yaml";
    await repository.tag("v1.0.0", { [file]: blueprintText("1.0.0") });
    const commit = await repository.tag("v1.1.0", { [file]: blueprintText("1.1.0") });
    await repository.tag("v2.0.0", { [file]: blueprintText("2.0.0") });
    await using project = await makeProject({
      "terrane.yaml": projectText(`{ git: ${repository.dir} }`),
      "environments/shop.yaml": environmentText("shop", "platform"),
    });
    const context = { ...project.context, home: join(project.dir, "home") };
    expect(await chosen(context)).toMatchObject({ version: "1.1.0", isLocked: false });
    await lockEnvironments(context, { update: false });
    const lock = await readFile(join(project.dir, "environments/shop.lock.yaml"), "utf8");
    expect(lock).toContain(`commit: "${commit}"`);
    expect(lock).toContain('tag: "v1.1.0"');

    await repository.tag("v1.2.0", { [file]: blueprintText("1.2.0") });
    expect(await chosen(context)).toMatchObject({ version: "1.1.0", isLocked: true });
    await rm(repository.dir, { recursive: true });
    expect(await chosen({ ...context, locked: true })).toMatchObject({ version: "1.1.0", isLocked: true });
    expect(await refusal(lockEnvironments(context, { update: true }))).toMatchObject({
      code: "source-unavailable",
    });
  });

  it("may be of several blueprints: by the tag's name, or by the version that the text says", async () => {
    await using repository = await makeRepository();
    await repository.tag("platform/v1.0.0", { "platform/blueprint.yaml": blueprintText("1.0.0") });
    await repository.tag("other/v1.5.0", { "other/blueprint.yaml": blueprintText("1.5.0", "other") });
    await repository.tag("v1.5.0", {});
    await repository.tag("v1.6.0", { "platform/blueprint.yaml": blueprintText("1.6.0") });
    await repository.tag("v1.7.0", { "other/blueprint.yaml": blueprintText("1.7.0", "other") });
    await using project = await makeProject({
      "terrane.yaml": projectText(`{ git: ${repository.dir}, path: ., tags: "<name>/v*" }`),
      "environments/shop.yaml": environmentText("shop", "platform"),
    });
    const context = { ...project.context, home: join(project.dir, "home") };
    expect(await chosen(context)).toMatchObject({ version: "1.0.0" });
    await project.write("terrane.yaml", projectText(`{ git: ${repository.dir}, path: . }`));
    expect(await chosen(context)).toMatchObject({ version: "1.6.0" });
  });

  it("that were moved are refused, where the text is not at hand already", async () => {
    await using repository = await makeRepository();
    const file = "blueprints/platform/blueprint.yaml";
    await repository.tag("v1.0.0", { [file]: blueprintText("1.0.0") });
    await using project = await makeProject({
      "terrane.yaml": projectText(`{ git: ${repository.dir} }`),
      "environments/shop.yaml": environmentText("shop", "platform"),
    });
    const context = { ...project.context, home: join(project.dir, "home") };
    await lockEnvironments(context, { update: false });
    await repository.tag("v1.0.0", { [file]: blueprintText("1.0.0", "platform", 3) });
    expect(await chosen(context)).toMatchObject({ version: "1.0.0" });
    const elsewhere = { ...context, home: join(project.dir, "another-home") };
    const error = await refusal(chosen(elsewhere));
    expect(error.code).toBe("blueprint-changed");
    expect(error.message).toContain("the tag v1.0.0 of");
    expect(await refusal(lockEnvironments(elsewhere, { update: false }))).toMatchObject({
      code: "blueprint-changed",
    });
    expect(await lockEnvironments(elsewhere, { update: true })).toMatchObject([{ change: "renewed" }]);
  });

  it("that nobody can read are told once, where the project names them", async () => {
    await using project = await makeProject({
      "terrane.yaml": projectText("{ git: ./library }"),
      "environments/shop.yaml": environmentText("shop", "platform"),
    });
    const context = { ...project.context, home: join(project.dir, "home") };
    const { problems } = await validateProject(context, { files: [] });
    expect(problems.filter((each) => each.position?.file === "terrane.yaml")).toMatchObject([
      { code: "source-unavailable", position: { line: 4 } },
    ]);
  });
});

describe("21: a git source that leads elsewhere", () => {
  it.each([
    { git: "../library", code: "path-outside" },
    { git: "ext::sh -c id", code: "bad-url" },
    { git: "http://git.example.com/library", code: "bad-url" },
    { git: "git://git.example.com/library", code: "bad-url" },
    { git: "--upload-pack=id", code: "bad-url" },
    { git: "https://ada:hunter2@git.example.com/library", code: "secret-in-plain-sight" },
    { git: "ssh://-oProxyCommand=id/library", code: "bad-url" },
  ])("$git is refused as $code before git is started", async ({ git, code }) => {
    await using project = await makeProject({
      "terrane.yaml": projectText(`{ git: "${git}" }`),
    });
    const { problems } = await validateProject(project.context, { files: [] });
    expect(problems).toMatchObject([{ code, position: { file: "terrane.yaml", line: 4 } }]);
    expect(JSON.stringify(problems)).not.toContain("hunter2");
  });

  it("by its folder is refused", async () => {
    await using project = await makeProject({
      "terrane.yaml": projectText("{ git: /srv/library, path: ../../etc }"),
    });
    const { problems } = await validateProject(project.context, { files: [] });
    expect(problems).toMatchObject([{ code: "path-outside", seen: "../../etc" }]);
  });

  it("by a link in place of a blueprint is refused, and nothing is kept", async () => {
    await using repository = await makeRepository();
    await repository.tagLink("v1.0.0", "blueprints/platform/blueprint.yaml", "/etc/passwd");
    await using project = await makeProject({
      "terrane.yaml": projectText(`{ git: ${repository.dir} }`),
      "environments/shop.yaml": environmentText("shop", "platform"),
    });
    const context = { ...project.context, home: join(project.dir, "home") };
    expect(await refusal(chosen(context))).toMatchObject({
      code: "path-outside",
      message: expect.stringContaining("blueprints/platform/blueprint.yaml"),
    });
  });

  it("runs no hook of the caller's and asks no question", async () => {
    await using repository = await makeRepository();
    await repository.tag("v1.0.0", { "blueprints/platform/blueprint.yaml": blueprintText("1.0.0") });
    await using project = await makeProject({
      "terrane.yaml": projectText(`{ git: ${repository.dir} }`),
      "environments/shop.yaml": environmentText("shop", "platform"),
      "hooks/reference-transaction": '#!/bin/sh\ntouch "$(dirname "$0")/ran"\n',
      ".gitconfig": "",
    });
    const hooks = join(project.dir, "hooks");
    await writeFile(join(project.dir, ".gitconfig"), `[core]\n\thooksPath = ${hooks}\n`);
    const environment = { PATH: process.env["PATH"], HOME: project.dir };
    const context = { ...project.context, environment, home: join(project.dir, "home") };
    expect(await chosen(context)).toMatchObject({ version: "1.0.0" });
    await expect(readFile(join(hooks, "ran"))).rejects.toThrow("ENOENT");
  });
});
