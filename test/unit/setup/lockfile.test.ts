import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { lockHash, packagesAreCurrent } from "../../../bin/packages.js";
import { completeLockfile } from "../../../tools/setup-lockfile.ts";

test("the lock file names the binaries of all platforms, without which npm ci refuses it", async () => {
  const text = await readFile(new URL("../../../package-lock.json", import.meta.url), "utf8");
  expect(completeLockfile(JSON.parse(text) as Parameters<typeof completeLockfile>[0])).toEqual([]);
});

test("a missing binary is added with the platform that its name tells, and what is there stays", () => {
  const lock = {
    packages: {
      "node_modules/tool": {
        version: "1.2.3",
        dev: true,
        optionalDependencies: {
          "@tool/linux-x64-gnu": "1.2.3",
          "@tool/linux-arm64-musl": "1.2.3",
          "@tool/win32-x64-msvc": "1.2.3",
          "plain-helper": "1.0.0",
          "@tool/darwin-arm64": "^1.2.3",
        },
      },
      "node_modules/@tool/linux-x64-gnu": { version: "1.2.3", optional: true },
    },
  };
  expect(completeLockfile(lock)).toEqual(["@tool/linux-arm64-musl", "@tool/win32-x64-msvc"]);
  expect(lock.packages).toMatchObject({
    "node_modules/@tool/linux-arm64-musl": {
      version: "1.2.3",
      cpu: ["arm64"],
      libc: ["musl"],
      os: ["linux"],
      optional: true,
      dev: true,
    },
    "node_modules/@tool/win32-x64-msvc": { version: "1.2.3", cpu: ["x64"], os: ["win32"] },
  });
});

test("packages are current as long as the lock file is the one they were installed from", async () => {
  const root = await mkdtemp(join(tmpdir(), "terrane-packages-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await writeFile(join(root, "package-lock.json"), "{}");
  expect(packagesAreCurrent(root)).toBe(false);
  await mkdir(join(root, "node_modules"));
  await writeFile(join(root, "node_modules", ".terrane-lockfile"), `${lockHash(root)}\n`);
  expect(packagesAreCurrent(root)).toBe(true);
  await writeFile(join(root, "package-lock.json"), '{"changed":true}');
  expect(packagesAreCurrent(root)).toBe(false);
});
