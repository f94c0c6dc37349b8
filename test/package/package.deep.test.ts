/** What `npm pack` makes works where nothing else is: installed into an empty folder, as a command and as a library. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exampleOutput, libraryExample } from "../support/readme.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const typescript = join(root, "node_modules", "typescript", "bin", "tsc");
/** Bytes; half as much again as what is packed today. */
const maxTarball = 1_500_000;

const execute = promisify(execFile);

describe("the package", () => {
  let folder: string;
  /** The empty folder it is installed in. */
  let home: string;
  const run = (command: string, args: readonly string[], cwd = home) =>
    execute(command, args, {
      cwd,
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env["PATH"]}`, NO_COLOR: "1" },
    });
  const terrane = (args: readonly string[], cwd = home) =>
    run(process.execPath, [join(home, "node_modules", "terrane", "bin", "terrane.js"), ...args], cwd);
  let files: readonly string[];
  let tarball: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "terrane-package-"));
    home = join(folder, "consumer");
    await mkdir(home);
    // The script that `npm pack` runs first, without looking for a newer Node or for packages.
    await run(process.execPath, [join(root, "tools", "build-package.ts")], root);
    const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
    const [packed] = JSON.parse((await run("npm", args, root)).stdout) as {
      readonly filename: string;
      readonly files: readonly { readonly path: string }[];
    }[];
    // What `npm pack` does last.
    await rm(join(root, "dist"), { recursive: true });
    tarball = join(folder, packed?.filename ?? "");
    files = packed?.files.map(({ path }) => path) ?? [];
    await writeFile(
      join(home, "package.json"),
      '{ "name": "consumer", "private": true, "type": "module" }\n',
    );
    await run("npm", ["install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", tarball]);
  }, 900_000);
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("is small and holds what is needed to run, and no sources or tests", async () => {
    expect((await stat(tarball)).size).toBeLessThan(maxTarball);
    expect(files).toEqual(
      expect.arrayContaining([
        "LICENSE",
        "README.md",
        "bin/engine.js",
        "bin/setup.js",
        "bin/terrane.js",
        "dist/blueprints/aws-platform/blueprint.yaml",
        "dist/package.json",
        "dist/src/index.d.ts",
        "dist/src/index.js",
        "dist/stacks/network/vpc/aws.js",
        "tools/engine/go.mod",
        "tools/engine/go.sum",
      ]),
    );
    const stray = files.filter(
      (file) =>
        /^(test|bench|docs|src|stacks)\//.test(file) || (file.endsWith(".ts") && !file.endsWith(".d.ts")),
    );
    expect(stray).toEqual([]);
  });

  it("offers a shell its names, and loads nothing that reads documents for it", async () => {
    const hook = [
      'import { registerHooks } from "node:module";',
      "registerHooks({ load: (url, context, next) => (console.error(url), next(url, context)) });",
    ].join("\n");
    const command = join(home, "node_modules", "terrane", "bin", "terrane.js");
    const trace = `data:text/javascript,${encodeURIComponent(hook)}`;
    const asked = ["__complete", "topic", "--", "terrane"];
    const { stdout, stderr } = await run(process.execPath, ["--import", trace, command, ...asked]);
    expect(stdout).toMatch(/^postgres\tcomponent, data$/m);
    expect(stderr).toContain("/files.js");
    expect(stderr).not.toContain("/documents.js");
    expect((await terrane(["completion", "fish"])).stdout).toContain("complete -c terrane");
  });

  it("is a command: a project starts, is checked, comes up, changes nothing the second time, and goes", async () => {
    expect((await terrane(["version"])).stdout).toMatch(/terrane/);
    await terrane(["init", "platform"]);
    const project = join(home, "platform");
    await terrane(["validate"], project);
    const result = async (...args: readonly string[]) =>
      (JSON.parse((await terrane([...args, "--json"], project)).stdout) as { readonly result: string })
        .result;
    expect(await result("up", "--yes")).toBe("succeeded");
    expect(await result("up", "--yes")).toBe("unchanged");
    expect(await result("destroy", "--yes")).toBe("succeeded");
  }, 600_000);

  it("is a library: the example of the README has the right types and does what it shows", async () => {
    await writeFile(join(home, "example.ts"), libraryExample());
    await run(process.execPath, [
      typescript,
      ...["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess"],
      ...[
        "--module",
        "nodenext",
        "--target",
        "es2024",
        "--lib",
        "es2024,esnext.disposable",
        "--skipLibCheck",
      ],
      ...["--typeRoots", join(root, "node_modules", "@types"), "--types", "node", "example.ts"],
    ]);
    const { stdout } = await run(process.execPath, ["example.ts"]);
    expect(stdout.trim().split("\n")).toEqual(exampleOutput.map((line) => expect.stringMatching(line)));
  }, 600_000);

  it("hands out the contracts of its components, for those of a user to refer to", async () => {
    const code = 'const { vpc } = await import("terrane/components/network/vpc"); console.log(vpc.name);';
    expect((await run(process.execPath, ["--input-type=module", "-e", code])).stdout.trim()).toBe("vpc");
  });

  it("hands out a program for plain Pulumi", async () => {
    const code =
      'const { stackProgram } = await import("terrane/pulumi"); console.log(typeof stackProgram());';
    expect((await run(process.execPath, ["--input-type=module", "-e", code])).stdout.trim()).toBe("function");
  });

  it("starts from a few files, which bring their licences", async () => {
    const watch = `import { registerHooks } from "node:module";
      registerHooks({ load(url, context, next) { process.stderr.write(url + "\\n"); return next(url, context); } });`;
    const installed = join(home, "node_modules", "terrane");
    const { stderr } = await run(
      process.execPath,
      [
        ...["--import", `data:text/javascript,${encodeURIComponent(watch)}`],
        ...[join(installed, "bin", "terrane.js"), "validate"],
      ],
      join(home, "platform"),
    );
    const loaded = stderr.split("\n").filter((url) => url.startsWith("file:"));
    expect(loaded.map((url) => basename(url)).sort()).toEqual([
      "answer.js",
      "documents.js",
      "edge.js",
      "files.js",
      "front.js",
      "rolldown-runtime.js",
      "terrane.js",
    ]);
    const licences = await readFile(join(installed, "dist", "src", "cli", "LICENSES.txt"), "utf8");
    for (const name of ["ipaddr.js", "semver", "yaml", "zod"]) expect(licences).toContain(`\n${name}\n\n`);
  });

  it("does not need the checkout: nothing of it is linked", async () => {
    const installed = await readdir(join(home, "node_modules", "terrane"));
    expect(installed.sort()).toEqual([
      "LICENSE",
      "README.md",
      "bin",
      "dist",
      "package.json",
      "pulumi",
      "tools",
    ]);
  });
});
