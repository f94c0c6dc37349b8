/** Which files of a folder may hold documents, and where a project begins. Reads no file and loads no library. */
import { existsSync, readdirSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";

export const projectFile = "terrane.yaml";

/** The folder with `terrane.yaml`, looked for from `dir` upwards to the root of the repository. */
export function findProjectRoot(dir: string): string | undefined {
  for (let folder = resolve(dir); ; folder = dirname(folder)) {
    if (existsSync(join(folder, projectFile))) return folder;
    if (existsSync(join(folder, ".git")) || dirname(folder) === folder) return undefined;
  }
}

/** Every YAML file, folders within included; lock files are not documents. */
export function documentFiles(folder: string): readonly string[] {
  return sortedEntries(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return documentFiles(path);
    return isYaml(entry.name) && !entry.name.includes(".lock.") ? [path] : [];
  });
}

/** What stands in a folder, hidden entries left out. */
export function sortedEntries(folder: string) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith("."))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

export function isYaml(name: string): boolean {
  return extname(name) === ".yaml" || extname(name) === ".yml";
}
