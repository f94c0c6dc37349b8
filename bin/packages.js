/** Node packages as the lock file says. */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SetupError } from "./home.js";
import { npmCommand } from "./node.js";
import { runQuietly } from "./run.js";

const stampName = ".terrane-lockfile";

/** SHA-256 of the lock file. */
export function lockHash(root) {
  return createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
}

/** Whether `node_modules` is what the lock file says. */
export function packagesAreCurrent(root) {
  try {
    return readFileSync(join(root, "node_modules", stampName), "utf8").trim() === lockHash(root);
  } catch {
    return false;
  }
}

export async function ensurePackages(root, progress) {
  if (packagesAreCurrent(root)) return;
  const hash = lockHash(root);
  progress.start("Node packages (about 400 MB on disk, 1–3 min on a first run)");
  await runQuietly(...npmCommand("ci", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund"), {
    cwd: root,
    progress,
  }).catch((error) => {
    progress.failed();
    throw new SetupError(
      `the node packages could not be installed: ${error.message}`,
      "Check that the npm registry can be reached, then run this again.",
    );
  });
  writeFileSync(join(root, "node_modules", stampName), `${hash}\n`);
  progress.done();
}
