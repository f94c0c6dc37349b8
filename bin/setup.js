#!/usr/bin/env node
/**
 * `node bin/setup.js [what] [arguments]`: installs what is missing, then runs `what`. Without `what` it only installs.
 * Plain JavaScript without dependencies, for any Node from 18 on.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureEngine } from "./engine.js";
import { openHome, SetupError } from "./home.js";
import { withLock } from "./lock.js";
import { ensureNode } from "./node.js";
import { ensurePackages } from "./packages.js";
import { makeProgress } from "./progress.js";
import { runInPlace } from "./run.js";
import { debianPackages } from "./versions.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What can be run, and what it needs beside Node and the packages. */
const targets = {
  demo: { args: ["tools/demo.ts"], engine: true },
  test: { args: ["node_modules/vitest/vitest.mjs", "run"], engine: true, tests: true },
  "test:deep": {
    args: ["node_modules/vitest/vitest.mjs", "run", "--config", "vitest.deep.config.ts"],
    engine: true,
    tests: true,
  },
  lint: { args: ["tools/lint.ts"], engine: false },
  bench: { args: ["bench/bench.ts"], engine: true },
  build: { args: ["tools/build-package.ts"], engine: false },
};

async function main([what, ...rest]) {
  const target = what === undefined ? undefined : targets[what];
  if (what !== undefined && target === undefined) {
    throw new SetupError(`unknown target "${what}"`, `Use one of: ${Object.keys(targets).join(", ")}.`, 64);
  }
  const progress = makeProgress();
  const home = openHome(process.env);
  const node = await withLock(join(home, "setup.lock"), progress, async () => {
    const found = await ensureNode(home, progress);
    // An installed package has its packages already, and no lock file.
    if (existsSync(join(root, "package-lock.json"))) await ensurePackages(root, progress);
    if (target?.engine !== false) await ensureEngine(home, root, progress);
    if (target?.tests) await ensureDebianPackages(debianPackages, progress);
    return found;
  });
  if (target === undefined) {
    progress.say("Everything is installed.");
    return 0;
  }
  // Tools that look for `node` on PATH find the same one.
  const env = {
    ...process.env,
    TERRANE_HOME: home,
    PATH: [dirname(node), process.env.PATH ?? ""].join(delimiter),
  };
  return runInPlace(node, [...target.args, ...rest], { cwd: root, env });
}

/** Installs when root on Debian; otherwise says which are missing and goes on: tests that need them are skipped. */
async function ensureDebianPackages(packages, progress) {
  // The folders stand without quotes, so that the shell puts in which there are.
  const look = 'command -v "$1" && exit; for folder in $2; do [ -x "$folder/$1" ] && exit; done; exit 1';
  const missing = packages.filter(
    ({ command, folders = "" }) => spawnSync("sh", ["-c", look, "sh", command, folders]).status !== 0,
  );
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name);
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    progress.start(`Debian packages: ${names.join(", ")}`);
    try {
      await installPackages(names, progress);
      progress.done();
      return;
    } catch {
      progress.failed();
    }
  }
  for (const { name, why } of missing) progress.say(`Not installed: ${name} (${why}).`);
}

/** A fresh container knows no package before it has asked for the lists. */
async function installPackages(names, progress) {
  const { runQuietly } = await import("./run.js");
  const install = ["install", "-y", "--no-install-recommends", ...names];
  await runQuietly("apt-get", install, { progress }).catch(async () => {
    await runQuietly("apt-get", ["update"], { progress });
    await runQuietly("apt-get", install, { progress });
  });
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    process.stderr.write(`${error.message}\n`);
    if (error instanceof SetupError) process.stderr.write(`Next: ${error.next}\n`);
    else process.stderr.write(`${error.stack}\n`);
    process.exitCode = error.exitCode ?? 1;
  },
);
