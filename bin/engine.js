/** The Pulumi engine of exactly the pinned version: found, taken from the official installer, or built with Go. */
import { execFileSync, spawnSync } from "node:child_process";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { SetupError } from "./home.js";
import { clearLeftovers, moveIntoPlace } from "./node.js";
import { runQuietly } from "./run.js";
import { engineVersion } from "./versions.js";

const installer = "https://get.pulumi.com/install.sh";
/** Milliseconds until an installer that does not answer counts as out of reach. */
const installerTimeout = 8_000;

/** Where setup puts the engine; `src/engine/find.ts` looks there. */
export function installedEngine(home) {
  return join(home, "engine", engineVersion, "bin", "pulumi");
}

/** Path of the pinned engine, installed when missing. */
export async function ensureEngine(home, root, progress) {
  const found = findEngine(home);
  if (found !== undefined) return found;
  const folder = join(home, "engine");
  mkdirSync(folder, { recursive: true });
  clearLeftovers(folder);
  const tried = [`no pulumi ${engineVersion} on PATH`];
  for (const [what, get] of [
    ["the official installer", takeFromInstaller],
    ["the Go module", buildWithGo],
  ]) {
    const aside = mkdtempSync(join(folder, ".new-"));
    try {
      const reason = await get({ aside, home, root, progress });
      if (reason === undefined) {
        put(aside, home);
        progress.done();
        return installedEngine(home);
      }
      tried.push(`${what}: ${reason}`);
    } catch (error) {
      progress.failed();
      tried.push(`${what}: ${error.message}`);
    } finally {
      rmSync(aside, { recursive: true, force: true });
    }
  }
  throw new SetupError(
    `engine-missing: Pulumi ${engineVersion} is not to be had\n${tried.map((line) => `  - ${line}`).join("\n")}`,
    `Install Pulumi ${engineVersion} on PATH, let ${new URL(installer).host} be reached, or install Go ${goFloor(root)} or newer; then run this again.`,
  );
}

/** The pinned engine on PATH, or the one installed before. */
export function findEngine(home) {
  const onPath = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, "pulumi"))
    .find((file) => isExecutable(file) && versionOf(file, home) === engineVersion);
  if (onPath !== undefined) return onPath;
  const own = installedEngine(home);
  if (!isExecutable(own)) return undefined;
  if (isVerified(own)) return own;
  if (versionOf(own, home) !== engineVersion) return undefined;
  noteVerified(own);
  return own;
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** `3.250.0`; undefined when it gives none. */
export function versionOf(file, home) {
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_HOME: join(home, "pulumi"),
  };
  const answer = spawnSync(file, ["version"], { encoding: "utf8", env, timeout: 15_000 });
  return /^v?(\d+\.\d+\.\d+\S*)\s*$/.exec(answer.stdout ?? "")?.[1];
}

// Size and time of change of the file that was run: `src/engine/find.ts` then need not run it again.
function isVerified(file) {
  try {
    const noted = JSON.parse(readFileSync(`${file}.verified.json`, "utf8"));
    const { size, mtimeMs } = statSync(file);
    return noted.version === engineVersion && noted.size === size && noted.mtimeMs === Math.trunc(mtimeMs);
  } catch {
    return false;
  }
}

function noteVerified(file) {
  const { size, mtimeMs } = statSync(file);
  const text = JSON.stringify({ version: engineVersion, size, mtimeMs: Math.trunc(mtimeMs) });
  writeFileSync(`${file}.verified.json`, `${text}\n`);
}

/** Checks what was made aside and moves it into place whole. */
function put(aside, home) {
  const file = join(aside, "bin", "pulumi");
  const version = versionOf(file, home);
  if (version !== engineVersion)
    throw new Error(`it tells version ${version ?? "none"} instead of ${engineVersion}`);
  noteVerified(file);
  const target = join(home, "engine", engineVersion);
  if (existsSync(target) && findEngine(home) === undefined) rmSync(target, { recursive: true, force: true });
  moveIntoPlace(aside, target);
}

/** Undefined when it is there; otherwise why not. An installer out of reach is no news unless asked for. */
async function takeFromInstaller({ aside, progress }) {
  let script;
  try {
    const response = await fetch(installer, { signal: AbortSignal.timeout(installerTimeout) });
    if (!response.ok) return `${installer} answered ${response.status}`;
    script = await response.text();
  } catch (error) {
    const reason = `${installer} cannot be reached (${error.cause?.code ?? error.name})`;
    progress.verbose(reason);
    return reason;
  }
  if (!script.startsWith("#!")) return `${installer} did not answer with a script`;
  progress.start(`Pulumi engine ${engineVersion} from its official installer`);
  const file = join(aside, "install.sh");
  writeFileSync(file, script);
  await runQuietly("sh", [file, "--no-edit-path", "--install-root", aside, "--version", engineVersion], {
    cwd: aside,
    progress,
    timeout: 600_000,
  });
  rmSync(file);
  return undefined;
}

/** Undefined when it is built; otherwise why not. */
async function buildWithGo({ aside, root, progress }) {
  const module = join(root, "tools", "engine");
  const go = goVersion(module);
  if (go === undefined) return "no Go on this machine";
  progress.start(`Pulumi engine ${engineVersion}, built from its Go module (3–5 min on two cores, once)`);
  let packages = 0;
  const flags = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${engineVersion}`;
  await runQuietly(
    "go",
    [
      "build",
      "-v",
      "-buildvcs=false",
      "-mod=readonly",
      "-ldflags",
      flags,
      "-o",
      join(aside, "bin", "pulumi"),
      "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    ],
    {
      cwd: module,
      progress,
      onLine: (line) => {
        if (line.startsWith("go: downloading ")) progress.detail(line.slice("go: ".length));
        else progress.detail(`${++packages} packages compiled`);
      },
    },
  ).catch((error) => {
    throw new Error(`${go} could not build it: ${error.message}`);
  });
  return undefined;
}

function goVersion(cwd) {
  try {
    return (
      execFileSync("go", ["env", "GOVERSION"], {
        cwd,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }).trim() || undefined
    );
  } catch (error) {
    return error.code === "ENOENT" ? undefined : "go";
  }
}

/** The oldest Go that the module accepts. */
function goFloor(root) {
  return /^go (\S+)$/m.exec(readFileSync(join(root, "tools", "engine", "go.mod"), "utf8"))?.[1] ?? "";
}
