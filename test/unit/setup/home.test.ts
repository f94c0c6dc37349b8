/** Bad input 70, once for the code that runs on any Node and once for its twin. */
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { homeProblem as homeProblemOfScripts } from "../../../bin/home.js";
import { homeProblem, openHome } from "../../../src/engine/home.ts";

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "terrane-home-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const own = process.getuid?.();

const cases: readonly {
  what: string;
  make: (folder: string) => Promise<string>;
  uid?: number;
  problem: RegExp | undefined;
}[] = [
  { what: "a folder of our own", make: async (folder) => folder, problem: undefined },
  {
    what: "a folder that is still to be made",
    make: async (folder) => join(folder, "new"),
    problem: undefined,
  },
  { what: "a relative path", make: async () => "terrane", problem: /not an absolute path: "terrane"/ },
  {
    what: "a folder in one that does not exist",
    make: async (folder) => join(folder, "no", "home"),
    problem: /would hold TERRANE_HOME does not exist: .*\/no$/,
  },
  {
    what: "a file",
    make: async (folder) => {
      await writeFile(join(folder, "file"), "");
      return join(folder, "file");
    },
    problem: /not a folder/,
  },
  {
    what: "a folder that anybody can write",
    make: async (folder) => {
      await chmod(folder, 0o777);
      return folder;
    },
    problem: /anybody can write/,
  },
  {
    what: "a folder of another user",
    make: async (folder) => folder,
    uid: (own ?? 0) + 1,
    problem: /another user/,
  },
  {
    what: "a link into another user's home",
    make: async (folder) => {
      await mkdir(join(folder, "theirs"));
      await symlink(join(folder, "theirs"), join(folder, "link"));
      return join(folder, "link");
    },
    uid: (own ?? 0) + 1,
    problem: /another user: .*\/link \(which leads to .*\/theirs\)/,
  },
  {
    what: "a link to a folder of our own",
    make: async (folder) => {
      await mkdir(join(folder, "real"));
      await symlink(join(folder, "real"), join(folder, "link"));
      return join(folder, "link");
    },
    problem: undefined,
  },
];

describe.each([
  { of: "the command line", check: homeProblem },
  { of: "the scripts in bin", check: async (home: string, uid?: number) => homeProblemOfScripts(home, uid) },
])("TERRANE_HOME for $of", ({ check }) => {
  test.each(cases)("$what", async ({ make, uid, problem }) => {
    const answer = await check(await make(await makeFolder()), uid ?? own);
    if (problem === undefined) expect(answer).toBeUndefined();
    else expect(answer).toMatch(problem);
  });

  test.skipIf(own === 0)("a folder without permission to write", async () => {
    const folder = await makeFolder();
    await chmod(folder, 0o500);
    expect(await check(folder, own)).toMatch(/no permission to write/);
  });
});

test("a home that cannot be used is refused with its code before anything is made in it", async () => {
  await expect(openHome("terrane")).rejects.toMatchObject({ code: "bad-home", exitCode: 64 });
});
