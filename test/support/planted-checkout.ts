/** A small checkout in a temporary folder, with this project's own configuration and tools, and faults to find. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { Check, Checkout } from "../../tools/lint/check.ts";
import { makeCheckout } from "../../tools/lint/checkout.ts";

const project = join(dirname(fileURLToPath(import.meta.url)), "../..");
const configuration = ["tsconfig.json", "biome.json", ".oxlintrc.json", ".gitignore"];

/** Writes the files and opens them; the folder goes away with the test. */
export function plant(files: Readonly<Record<string, string>>): Checkout {
  const root = mkdtempSync(join(tmpdir(), "terrane-lint-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  symlinkSync(join(project, "node_modules"), join(root, "node_modules"));
  for (const file of configuration) copyFileSync(join(project, file), join(root, file));
  writeFileSync(join(root, "package.json"), '{ "type": "module" }');
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return makeCheckout(root, Object.keys(files));
}

/** What a check finds, as lint prints it: `file:line message`. */
export async function findings(check: Check, files: Readonly<Record<string, string>>): Promise<string[]> {
  const faults = await check.run(plant(files));
  return faults.map(({ file, line, message }) =>
    [file, line === undefined ? "" : `:${line}`, file === undefined ? "" : " ", message].join(""),
  );
}
