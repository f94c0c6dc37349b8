/** Which engine is taken. The executables are small scripts that tell a version. */
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { enginePath, findEngine } from "../../../src/engine/find.ts";
import { pinnedEngineVersion } from "../../../src/engine/version.ts";

async function makeHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), "terrane-find-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  return home;
}

/** An executable that tells `version` and notes that it was started. */
async function placeEngine(path: string, version: string): Promise<() => Promise<boolean>> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n: > "${path}.started"\necho v${version}\n`);
  await chmod(path, 0o755);
  return () =>
    stat(`${path}.started`).then(
      () => true,
      () => false,
    );
}

test("the pinned version on PATH comes before the one in TERRANE_HOME", async () => {
  const home = await makeHome();
  const onPath = join(home, "tools", "pulumi");
  await placeEngine(onPath, pinnedEngineVersion);
  await placeEngine(enginePath(home), pinnedEngineVersion);
  expect(await findEngine({ home, path: dirname(onPath) })).toEqual({
    command: onPath,
    version: pinnedEngineVersion,
    origin: "PATH",
  });
});

test("another version on PATH is passed over", async () => {
  const home = await makeHome();
  const onPath = join(home, "tools", "pulumi");
  await placeEngine(onPath, "3.249.1");
  await placeEngine(enginePath(home), pinnedEngineVersion);
  expect(await findEngine({ home, path: dirname(onPath) })).toMatchObject({ origin: "TERRANE_HOME" });
});

test("only other versions: the error says which, where and what to run", async () => {
  const home = await makeHome();
  const onPath = join(home, "tools", "pulumi");
  await placeEngine(onPath, "3.249.1");
  await expect(findEngine({ home, path: dirname(onPath) })).rejects.toMatchObject({
    code: "engine-version",
    message: `Pulumi ${pinnedEngineVersion} is needed exactly; found ${onPath}: 3.249.1`,
    next: expect.stringContaining("npx terrane-setup"),
  });
});

test("no engine at all: the error says where it was looked for", async () => {
  const home = await makeHome();
  await expect(findEngine({ home, path: "relative:/nowhere" })).rejects.toMatchObject({
    code: "engine-missing",
    message: `no Pulumi ${pinnedEngineVersion}: neither on PATH nor at ${enginePath(home)}`,
  });
});

test("an engine that setup has verified is not started to ask its version, unless it changed since", async () => {
  const home = await makeHome();
  const command = enginePath(home);
  const wasStarted = await placeEngine(command, pinnedEngineVersion);
  const { size, mtimeMs } = await stat(command);
  const noted = { version: pinnedEngineVersion, size, mtimeMs: Math.trunc(mtimeMs) };
  await writeFile(`${command}.verified.json`, JSON.stringify(noted));
  await findEngine({ home, path: undefined });
  expect(await wasStarted()).toBe(false);
  await writeFile(`${command}.verified.json`, JSON.stringify({ ...noted, size: size + 1 }));
  await findEngine({ home, path: undefined });
  expect(await wasStarted()).toBe(true);
});
