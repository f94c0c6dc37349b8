/** How the CLI is started. Its place is taken by small scripts, which tell what they were given. */
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { previewStack } from "../../../src/engine/preview.ts";
import type { PreviewRequest } from "../../../src/engine/request.ts";
import { upStack } from "../../../src/engine/up.ts";
import { pinnedEngineVersion } from "../../../src/engine/version.ts";
import { TerraneError } from "../../../src/errors.ts";
import { Secret } from "../../../src/values/secret.ts";

async function makeRequest(script: string, options: Partial<PreviewRequest> = {}) {
  const root = await mkdtemp(join(tmpdir(), "terrane-command-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const command = join(root, "pulumi");
  await writeFile(command, `#!/bin/sh\n${script}\n`);
  await chmod(command, 0o755);
  const pids: number[] = [];
  const request: PreviewRequest = {
    stack: "shop.here.network",
    program: async () => ({}),
    engine: { command, version: pinnedEngineVersion, origin: "PATH" },
    home: join(root, "home"),
    state: {
      kind: "backend",
      url: pathToFileURL(join(root, "state")).href,
      passphrase: new Secret("open sesame"),
      settingsFolder: join(root, "settings"),
      exists: false,
    },
    emit: () => {},
    signal: new AbortController().signal,
    environment: { PATH: "/usr/bin:/bin", AWS_PROFILE: "payments" },
    onEngineStart: (pid) => pids.push(pid),
    ...options,
  };
  return { root, request, pids };
}

test("the engine sees what it was handed and what terrane sets, and nothing of this process", async () => {
  process.env["TERRANE_TEST_STRAY"] = "leaked";
  onTestFinished(() => {
    delete process.env["TERRANE_TEST_STRAY"];
  });
  const { root, request } = await makeRequest('env > "$PULUMI_HOME/../../seen"; exit 1', {
    providers: { aws: 4711, gcp: 4712 },
  });
  await expect(previewStack(request)).rejects.toMatchObject({ code: "engine-failed" });
  const seen = Object.fromEntries(
    (await readFile(join(root, "seen"), "utf8"))
      .trim()
      .split("\n")
      .map((line) => line.split(/=(.*)/s).slice(0, 2)),
  ) as Record<string, string>;
  for (const name of ["PWD", "OLDPWD", "SHLVL", "_"]) delete seen[name];
  const { PULUMI_CREDENTIALS_PATH: credentials, ...rest } = seen;
  expect(credentials).toMatch(/terrane-engine-\w+\/credentials$/);
  expect(rest).toEqual({
    PATH: "/usr/bin:/bin",
    AWS_PROFILE: "payments",
    PULUMI_HOME: join(root, "home", "pulumi"),
    PULUMI_BACKEND_URL: pathToFileURL(join(root, "state")).href,
    PULUMI_CONFIG_PASSPHRASE: "open sesame",
    PULUMI_DEBUG_PROVIDERS: "aws:4711,gcp:4712",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
    PULUMI_AUTOMATION_API: "true",
    PULUMI_DEBUG_COMMANDS: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_SUPPRESS_NEO_LINK: "true",
    PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
    PULUMI_DIY_BACKEND_NO_LEGACY_WARNING: "true",
  });
});

test("a request without providers leaves plugins to the engine", async () => {
  const { root, request } = await makeRequest('env > "$PULUMI_HOME/../../seen"; exit 1');
  await previewStack(request).catch(() => {});
  const seen = await readFile(join(root, "seen"), "utf8");
  expect(seen).not.toMatch(/PULUMI_DEBUG_PROVIDERS|PLUGIN_ACQUISITION/);
});

test("an up starts one process, also for a new stack, and leaves no folder behind", async () => {
  const { root, request, pids } = await makeRequest('pwd > "$PULUMI_HOME/../../where"; exit 1');
  expect(await upStack(request)).toMatchObject({ outcome: "failed", exit: { code: 1 } });
  expect(pids).toHaveLength(1);
  const folder = (await readFile(join(root, "where"), "utf8")).trim();
  expect(folder).toContain("terrane-engine-");
  await expect(readFile(join(folder, "Pulumi.yaml"))).rejects.toMatchObject({ code: "ENOENT" });
});

test("the engine leads a process group of its own and is interrupted exactly once", async () => {
  const abort = new AbortController();
  const { root, request } = await makeRequest(
    `n=0
     trap 'n=$((n+1)); echo $n > "$PULUMI_HOME/../../interrupts"; exit 255' INT
     ps -o pgid= -p $$ > "$PULUMI_HOME/../../group"
     echo > "$PULUMI_HOME/../../ready"
     while :; do sleep 0.05; done`,
    { signal: abort.signal, grace: 60_000 },
  );
  const running = upStack(request);
  await expect.poll(() => readFile(join(root, "ready"), "utf8").catch(() => undefined)).toBe("\n");
  abort.abort();
  expect(await running).toMatchObject({
    error: { code: "cancelled" },
    exit: { code: 255, stopped: "asked" },
  });
  expect((await readFile(join(root, "interrupts"), "utf8")).trim()).toBe("1");
  const group = Number(await readFile(join(root, "group"), "utf8"));
  expect(group).not.toBe(process.pid);
});

test("what the CLI says before any event is the error", async () => {
  const { request } = await makeRequest(
    "echo 'error: could not create lock: no space left on device' >&2; exit 255",
  );
  expect(await upStack(request)).toMatchObject({
    error: {
      code: "disk-full",
      message: "shop.here.network: could not create lock: no space left on device",
    },
  });
});

test("an engine that cannot be started is missing", async () => {
  const { request } = await makeRequest("");
  const engine = { ...request.engine, command: join(request.home, "nowhere") };
  expect(await upStack({ ...request, engine })).toMatchObject({ error: { code: "engine-missing" } });
});

test("an engine begins once it is on record, and reads no more of what its process waited for", async () => {
  const { root, request, pids } = await makeRequest(
    'cat "$PULUMI_HOME/../../record" - > "$PULUMI_HOME/../../seen"; exit 1',
  );
  const recorded: number[] = [];
  const putOnRecord = async (pid: number) => {
    recorded.push(pid);
    expect(pids).toEqual([]);
    await writeFile(join(root, "record"), "noted");
  };
  expect(await upStack({ ...request, putOnRecord })).toMatchObject({ exit: { code: 1 } });
  expect(await readFile(join(root, "seen"), "utf8")).toBe("noted");
  expect(pids).toEqual(recorded);
});

test("an engine that cannot be put on record never begins, and the reason is the error", async () => {
  const { root, request, pids } = await makeRequest('echo > "$PULUMI_HOME/../../began"');
  const lost = new TerraneError("lease-lost", "somebody has taken over");
  const putOnRecord = () => Promise.reject(lost);
  expect(await upStack({ ...request, putOnRecord })).toMatchObject({ outcome: "failed", error: lost });
  await expect(readFile(join(root, "began"))).rejects.toMatchObject({ code: "ENOENT" });
  expect(pids).toEqual([]);
});

test("an engine that cannot be started is missing also where it would have been put on record", async () => {
  const { request } = await makeRequest("");
  const engine = { ...request.engine, command: join(request.home, "nowhere") };
  const putOnRecord = async () => undefined;
  expect(await upStack({ ...request, engine, putOnRecord })).toMatchObject({
    error: { code: "engine-missing" },
  });
});

test("a TERRANE_HOME that cannot be used stops everything before the engine", async () => {
  const { request, pids } = await makeRequest("exit 0");
  await expect(previewStack({ ...request, home: "terrane" })).rejects.toMatchObject({ code: "bad-home" });
  expect(pids).toEqual([]);
});

test.each([
  ["fatal error: runtime: out of memory", "out-of-memory"],
  [
    `fatal error: runtime: cannot allocate memory\n${"goroutine 1 [running]\n".repeat(5000)}`,
    "out-of-memory",
  ],
  ["runtime: failed to create new OS thread\nfatal error: newosproc", "out-of-memory"],
  ["error: open /data/.pulumi/stacks/x.json: no space left on device", "disk-full"],
])("an engine that ends with %j is told as %s", async (words, code) => {
  const { request } = await makeRequest(`printf '%s\\n' '${words}' >&2; exit 2`);
  const refused = previewStack(request);
  await expect(refused).rejects.toMatchObject({ code });
  if (code === "out-of-memory")
    await expect(refused).rejects.toMatchObject({ next: expect.stringContaining("--parallel") });
});

test("an engine that was killed, but not for its memory, has died", async () => {
  const { request } = await makeRequest("kill -KILL $$");
  await expect(previewStack(request)).rejects.toMatchObject({ code: "engine-died" });
});
