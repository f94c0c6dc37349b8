/**
 * Makes docs/generated/: the references of blueprint, components, command line and errors, from schemas and tables.
 * `node tools/references.ts` writes, `--check` fails when a page is stale.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { commandLinePage } from "./references/command-line.ts";
import { componentPages } from "./references/components.ts";
import { documentsPage } from "./references/documents.ts";
import { errorsPage } from "./references/errors.ts";
import { limitsPage } from "./references/limits.ts";
import { command, type Page } from "./references/markdown.ts";

const folder = fileURLToPath(new URL("../docs/generated", import.meta.url));

async function makePages(): Promise<readonly Page[]> {
  return [commandLinePage(), errorsPage(), limitsPage(), documentsPage(), ...(await componentPages())];
}

function existing(): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

/** Pages that are not what they would be made into today, and files that nothing makes any more. */
function findStale(pages: readonly Page[]): readonly string[] {
  const made = new Map(pages.map((page) => [page.path, page.text]));
  const stale = pages.filter(({ path, text }) => {
    const file = join(folder, path);
    return !existsSync(file) || readFileSync(file, "utf8") !== text;
  });
  return [...stale.map((page) => page.path), ...existing().filter((path) => !made.has(path))];
}

function write(pages: readonly Page[]): void {
  rmSync(folder, { recursive: true, force: true });
  for (const { path, text } of pages) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
const pages = await makePages();
if (values.check) {
  const stale = findStale(pages);
  if (stale.length > 0) {
    process.stderr.write(`stale in docs/generated: ${stale.join(", ")}; run \`${command}\`\n`);
    process.exitCode = 1;
  }
} else {
  write(pages);
  process.stdout.write(`docs/generated: ${pages.length} pages\n`);
}
