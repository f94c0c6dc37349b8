import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { removeDeadLocks } from "../../../src/engine/dead-locks.ts";

const stack = "shop.here.network";

async function makeLocks(locks: Readonly<Record<string, string>>) {
  const root = await mkdtemp(join(tmpdir(), "terrane-locks-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const folder = join(root, ".pulumi", "locks", "organization", "terrane", stack);
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(locks)) await writeFile(join(folder, name), text);
  return { url: pathToFileURL(root).href, left: async () => (await readdir(folder)).sort() };
}

const lock = (pid: number, host = hostname()) => JSON.stringify({ pid, username: "ada", hostname: host });

test("only the locks of engines of this machine that are gone are removed", async () => {
  const gone = spawn(process.execPath, ["-e", ""]);
  await once(gone, "exit");
  // Its command line names pulumi, as an engine's does.
  const engine = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", "pulumi"]);
  onTestFinished(() => void engine.kill("SIGKILL"));
  await once(engine, "spawn");
  const { url, left } = await makeLocks({
    "gone.json": lock(gone.pid ?? 0),
    "gone.json.attrs": "{}",
    "elsewhere.json": lock(gone.pid ?? 0, "another-machine"),
    "engine.json": lock(engine.pid ?? 0),
    "half.json": '{"pid":',
  });
  await removeDeadLocks(url, stack);
  expect(await left()).toEqual(["elsewhere.json", "engine.json", "half.json"]);
});

test.skipIf(process.platform !== "linux")(
  "a number that another program has been given since counts as gone",
  async () => {
    const other = spawn("/bin/sh", ["-c", "read -r line"], { stdio: ["pipe", "ignore", "ignore"] });
    onTestFinished(() => void other.kill("SIGKILL"));
    await once(other, "spawn");
    const { url, left } = await makeLocks({ "reused.json": lock(other.pid ?? 0) });
    await removeDeadLocks(url, stack);
    expect(await left()).toEqual([]);
  },
);

test("a stack without locks, and a state that is no folder, are nothing to do", async () => {
  const { url } = await makeLocks({});
  await removeDeadLocks(url, "shop.here.data");
  await removeDeadLocks("https://state.example.com", stack);
});
