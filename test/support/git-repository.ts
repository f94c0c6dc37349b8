/** A git repository in a temporary folder, with tags on its commits. */
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export interface TestRepository extends AsyncDisposable {
  readonly dir: string;
  /** Commits these files on top of what is there and puts the tag on it; answers the commit. */
  tag(tag: string, files: Readonly<Record<string, string>>): Promise<string>;
  /** Commits a symbolic link and tags it. */
  tagLink(tag: string, path: string, target: string): Promise<string>;
  run(...parameters: readonly string[]): string;
}

export async function makeRepository(): Promise<TestRepository> {
  const dir = await mkdtemp(join(tmpdir(), "terrane-repository-"));
  const run = (...parameters: readonly string[]) =>
    execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...parameters], {
      cwd: dir,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env["PATH"], HOME: dir, GIT_CONFIG_NOSYSTEM: "1" },
    }).trim();
  run("init", "--quiet");
  const commit = (tag: string) => {
    run("add", "--all");
    run("commit", "--quiet", "--allow-empty", "--message", tag);
    run("tag", "--force", "--annotate", "--message", tag, tag);
    return run("rev-parse", "HEAD");
  };
  return {
    dir,
    run,
    tag: async (tag, files) => {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(dir, path)), { recursive: true });
        await writeFile(join(dir, path), text);
      }
      return commit(tag);
    },
    tagLink: async (tag, path, target) => {
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await symlink(target, join(dir, path));
      return commit(tag);
    },
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  };
}
