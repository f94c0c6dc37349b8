import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readSecret } from "../../../../src/platform/project/secret-parameters.ts";
import { makeMask } from "../../../../src/values/mask.ts";

const canary = "s3cret-canary";

describe("a secret reference", () => {
  let folder: string;
  let root: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "secrets-"));
    root = join(folder, "project");
    await mkdir(root);
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("reads an environment variable", async () => {
    const secret = await readSecret({ fromEnv: "DB_TOKEN" }, { root, environment: { DB_TOKEN: canary } });
    expect(secret.reveal()).toBe(canary);
    expect(JSON.stringify({ secret })).not.toContain(canary);
  });

  it.each([
    ["not set", {}],
    ["empty", { DB_TOKEN: "" }],
  ])("says that a variable is %s", async (state, environment) => {
    const reading = readSecret({ fromEnv: "DB_TOKEN" }, { root, environment });
    await expect(reading).rejects.toMatchObject({
      code: "bad-secret-reference",
      message: expect.stringContaining(`DB_TOKEN is ${state}`),
    });
  });

  it.each(["abc", " ab ", "    "])(
    "refuses %j: so short a text could not be taken out of messages",
    async (text) => {
      await writeFile(join(root, "token"), `${text}\n`);
      for (const reference of [{ fromEnv: "DB_TOKEN" }, { fromFile: "token" }]) {
        await expect(readSecret(reference, { root, environment: { DB_TOKEN: text } })).rejects.toMatchObject({
          code: "bad-secret-reference",
          message: expect.stringContaining("under 4 characters"),
          next: expect.stringContaining("at least 4"),
        });
      }
      const shortest = await readSecret({ fromEnv: "DB_TOKEN" }, { root, environment: { DB_TOKEN: "abcd" } });
      expect(makeMask([shortest.reveal()])("using abcd")).toBe("using [secret]");
    },
  );

  it("reads a file below the project, without its last line end", async () => {
    await writeFile(join(root, "token"), `${canary}\n`);
    expect((await readSecret({ fromFile: "token" }, { root, environment: {} })).reveal()).toBe(canary);
  });

  it.each(["../outside", "link"])("refuses %s, which lies outside the project", async (file) => {
    await writeFile(join(folder, "outside"), canary);
    await symlink(join(folder, "outside"), join(root, "link"));
    const reading = readSecret({ fromFile: file }, { root, environment: {} });
    await expect(reading).rejects.toMatchObject({
      code: "bad-secret-reference",
      message: expect.not.stringContaining(canary),
    });
  });

  it("names a file that is not there", async () => {
    const reading = readSecret({ fromFile: "token" }, { root, environment: {} });
    await expect(reading).rejects.toMatchObject({
      code: "bad-secret-reference",
      message: expect.stringContaining("token does not exist"),
    });
  });
});
