/** Node 24: the one at hand, the one installed before, or a new one from the npm registry. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SetupError } from "./home.js";
import { runQuietly } from "./run.js";
import { nodeFloor, nodeVersion } from "./versions.js";

/** Whether a version such as `20.20.2` can run terrane. */
export function isNewEnough(version) {
  return Number.parseInt(version, 10) >= nodeFloor;
}

/** Where setup puts the node of its own. */
export function installedNode(home) {
  return join(home, "toolchain", `node-${nodeVersion}`, "bin", "node");
}

/** Path of a Node that can run terrane; undefined when there is none yet. */
export function findNode(home) {
  if (isNewEnough(process.versions.node)) return process.execPath;
  const own = installedNode(home);
  return existsSync(own) ? own : undefined;
}

/** Path of a Node that can run terrane, installed when missing. */
export async function ensureNode(home, progress) {
  const found = findNode(home);
  if (found !== undefined) return found;
  const name = `node-${process.platform}-${process.arch}`;
  progress.start(
    `Node ${nodeVersion} (the one at hand is ${process.versions.node}; terrane needs ${nodeFloor} or newer)`,
  );
  const toolchain = join(home, "toolchain");
  mkdirSync(toolchain, { recursive: true });
  clearLeftovers(toolchain);
  // Installed aside and moved into place whole: whoever looks sees nothing or all of it, and two at once both succeed.
  const aside = mkdtempSync(join(toolchain, ".new-"));
  try {
    writeFileSync(join(aside, "package.json"), "{}\n");
    await runQuietly(
      ...npmCommand(
        "install",
        "--prefix",
        aside,
        "--ignore-scripts",
        "--no-save",
        "--no-package-lock",
        "--no-audit",
        "--no-fund",
        `${name}@${nodeVersion}`,
      ),
      { cwd: aside, progress },
    ).catch((error) => {
      throw new SetupError(
        `Node ${nodeVersion} could not be installed from the npm registry: ${error.message}`,
        `Install Node ${nodeFloor} or newer and run this again.`,
      );
    });
    const folder = join(aside, "node_modules", name);
    const answer = spawnSync(join(folder, "bin", "node"), ["--version"], { encoding: "utf8" });
    if (answer.stdout?.trim() !== `v${nodeVersion}`) {
      throw new SetupError(
        `the package ${name} does not run on this machine: ${answer.error?.message ?? answer.stderr ?? ""}`,
        `Install Node ${nodeFloor} or newer and run this again.`,
      );
    }
    moveIntoPlace(folder, join(toolchain, `node-${nodeVersion}`));
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  progress.done();
  return installedNode(home);
}

/** Removes what an interrupted setup left half made; the caller holds the lock, so nobody is at work on it. */
export function clearLeftovers(folder) {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(".new-")) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Renames a folder; when another process was first, its folder stays. */
export function moveIntoPlace(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
  }
}

/** npm as `[command, arguments]`: the one that started us, or the one on PATH. */
export function npmCommand(...args) {
  const script = process.env.npm_execpath;
  return script?.endsWith("npm-cli.js") === true && existsSync(script)
    ? [process.execPath, [script, ...args]]
    : ["npm", args];
}
