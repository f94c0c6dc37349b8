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
  freeBytes?: number;
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
  {
    what: "a link that leads nowhere",
    make: async (folder) => {
      await symlink(join(folder, "gone"), join(folder, "link"));
      return join(folder, "link");
    },
    problem: /a link that leads nowhere: .*\/link$/,
  },
  {
    what: "a folder on a full disk",
    make: async (folder) => folder,
    freeBytes: 4096,
    problem: /the disk of .* is full: 0 MiB are free, and 64 are needed/,
  },
  {
    what: "a folder still to be made on a disk that is nearly full",
    make: async (folder) => join(folder, "new"),
    freeBytes: 64 * 2 ** 20 - 1,
    problem: /is full: 63 MiB are free, and 64 are needed/,
  },
];

/** This machine, with another user or fewer bytes. */
const probe = (uid = own, freeBytes = 64 * 2 ** 20) => ({ uid, freeBytes });

describe.each([
  {
    of: "the command line",
    check: (home: string, { uid, freeBytes }: ReturnType<typeof probe>) =>
      homeProblem(home, { uid, freeBytes: async () => freeBytes }),
  },
  {
    of: "the scripts in bin",
    check: async (home: string, { uid, freeBytes }: ReturnType<typeof probe>) =>
      homeProblemOfScripts(home, { uid, freeBytes: () => freeBytes }),
  },
])("70: TERRANE_HOME for $of", ({ check }) => {
  test.each(cases)("$what", async ({ make, uid, freeBytes, problem }) => {
    const answer = await check(await make(await makeFolder()), probe(uid, freeBytes));
    if (problem === undefined) expect(answer).toBeUndefined();
    else expect(answer).toMatch(problem);
  });

  test.skipIf(own === 0)("a folder without permission to write", async () => {
    const folder = await makeFolder();
    await chmod(folder, 0o500);
    expect(await check(folder, probe())).toMatch(/no permission to write/);
  });
});

test("70: a home that cannot be used is refused with its code before anything is made in it", async () => {
  await expect(openHome("terrane")).rejects.toMatchObject({ code: "bad-home", exitCode: 64 });
});

test("the disk that a home really stands on is asked", async () => {
  const folder = await makeFolder();
  expect([await homeProblem(folder), homeProblemOfScripts(folder)]).toEqual([undefined, undefined]);
});
