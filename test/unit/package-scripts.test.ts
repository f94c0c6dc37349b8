/** What is packed is what the sources say now. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { scripts, files, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly version: string;
};

describe("npm pack", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "terrane-pack-"));
    cpSync(join(root, "bin"), join(folder, "bin"), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const npmPack = (...args: readonly string[]) => {
    const text = execFileSync("npm", ["pack", "--json", ...args], {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [packed] = JSON.parse(text) as { readonly files: readonly { readonly path: string }[] }[];
    return packed?.files.map(({ path }) => path);
  };

  it("leaves nothing built behind that a later one could pack", () => {
    const prepack = "node --eval \"fs.mkdirSync('dist'); fs.writeFileSync('dist/built.js', '')\"";
    writeFileSync(
      join(folder, "package.json"),
      JSON.stringify({ name: "terrane", version, files, scripts: { ...scripts, prepack } }),
    );
    expect(npmPack()).toContain("dist/built.js");
    expect(existsSync(join(folder, "dist"))).toBe(false);
    expect(npmPack("--ignore-scripts")).not.toContain("dist/built.js");
  });

  it("without its scripts gives a command that says what is wrong with it", () => {
    const { status, stderr } = spawnSync(process.execPath, [join(folder, "bin", "terrane.js"), "--help"], {
      encoding: "utf8",
    });
    expect(status).toBe(70);
    expect(stderr).toContain("packed without being built");
    expect(stderr).toContain("without --ignore-scripts");
  });
});
