/** The scripts in bin as a person meets them: started as processes, on a Node that says it is an older one. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { withLock } from "../../../bin/lock.js";

const bin = fileURLToPath(new URL("../../../bin", import.meta.url));
const older = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } });`;

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "terrane-setup-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function start(script: string, args: readonly string[], environment: Record<string, string>) {
  // `-` stands where node has the script's path.
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script, "-", ...args], {
    env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  return {
    child,
    ended: once(child, "close").then(([code]) => ({ code: code as number | null, stdout, stderr })),
  };
}

const startOnOlderNode = (args: readonly string[], home: string) =>
  start(`${older} await import(${JSON.stringify(join(bin, "terrane.js"))});`, args, { TERRANE_HOME: home });

/** Puts a Node where setup puts it. */
async function placeNode(home: string): Promise<string> {
  const node = join(home, "toolchain", "node-24.21.0", "bin", "node");
  await mkdir(dirname(node), { recursive: true });
  return node;
}

test("on an older Node without an installed one, terrane says what to run", async () => {
  const home = await makeFolder();
  expect(await startOnOlderNode(["--version"], home).ended).toEqual({
    code: 69,
    stdout: "",
    stderr:
      "terrane needs Node 24 or newer; this is 20.20.2, and no other is installed.\nNext: run `npx terrane-setup`: it installs what is missing.\n",
  });
});

test("on an older Node, terrane runs on the installed one and ends with its exit code", async () => {
  const home = await makeFolder();
  await symlink(process.execPath, await placeNode(home));
  const version = await startOnOlderNode(["--version"], home).ended;
  expect(version.code).toBe(0);
  expect(version.stdout).toMatch(/^terrane \d/);
  expect(await startOnOlderNode(["no-such-command"], home).ended).toMatchObject({ code: 64 });
});

test("a signal to terrane reaches the Node that it relays to", async () => {
  const home = await makeFolder();
  const node = await placeNode(home);
  const noted = join(home, "noted");
  await writeFile(
    node,
    `#!/bin/sh\ntrap 'echo TERM >> "${noted}"; exit 7' TERM\ntrap 'echo INT >> "${noted}"; exit 8' INT\necho > "${home}/ready"\nwhile :; do sleep 0.05; done\n`,
    { mode: 0o755 },
  );
  for (const [signal, code] of [
    ["SIGTERM", 7],
    ["SIGINT", 8],
  ] as const) {
    await rm(join(home, "ready"), { force: true });
    const { child, ended } = startOnOlderNode(["up"], home);
    await expect.poll(() => readFile(join(home, "ready"), "utf8").catch(() => undefined)).toBe("\n");
    child.kill(signal);
    expect((await ended).code).toBe(code);
  }
  expect(await readFile(noted, "utf8")).toBe("TERM\nINT\n");
});

test("a home that cannot be used is refused with its code", async () => {
  expect(await startOnOlderNode(["--version"], "here").ended).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('bad-home: TERRANE_HOME is not an absolute path: "here"') as unknown,
  });
});

test("setup names its targets when it is asked for another", async () => {
  const home = await makeFolder();
  const script = `await import(${JSON.stringify(join(bin, "setup.js"))});`;
  expect(await start(script, ["deploy"], { TERRANE_HOME: home }).ended).toMatchObject({
    code: 64,
    stderr: expect.stringContaining("demo, test, test:deep, lint, bench") as unknown,
  });
});

test("two setups at once work one after the other, and the second one says that it waits", async () => {
  const file = join(await makeFolder(), "setup.lock");
  const order: string[] = [];
  const said: string[] = [];
  const gate = Promise.withResolvers<void>();
  const waiting = Promise.withResolvers<void>();
  const first = withLock(file, { say: () => {} }, async () => {
    order.push("first begins");
    await gate.promise;
    order.push("first ends");
  });
  const progress = {
    say: (line: string) => {
      said.push(line);
      waiting.resolve();
    },
  };
  const second = withLock(file, progress, async () => void order.push("second"));
  await waiting.promise;
  gate.resolve();
  await Promise.all([first, second]);
  expect(order).toEqual(["first begins", "first ends", "second"]);
  expect(said).toHaveLength(1);
});

test("the lock of a process that is gone is taken over", async () => {
  const file = join(await makeFolder(), "setup.lock");
  const { child, ended } = start("", [], {});
  await ended;
  const { hostname } = await import("node:os");
  await writeFile(file, JSON.stringify({ pid: child.pid, host: hostname() }));
  expect(await withLock(file, { say: () => {} }, async () => "done")).toBe("done");
});
