/** Opens a checkout for the checks: which files count is git's answer. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Checkout } from "./check.ts";

/** Tracked files and new ones that git does not ignore. */
export function openCheckout(root: string): Checkout {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return makeCheckout(
    root,
    listed.split("\0").filter((file) => file !== ""),
  );
}

/** A checkout of exactly these files. */
export function makeCheckout(root: string, files: readonly string[]): Checkout {
  return {
    root,
    files: [...new Set(files)].sort(),
    read(file) {
      try {
        return readFileSync(join(root, file), "utf8");
      } catch {
        return "";
      }
    },
  };
}
