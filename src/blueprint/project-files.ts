/** The files of a project: which of them are documents, and whether a path stays inside. Reads no file. */
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { extname, isAbsolute, join, relative, resolve, sep } from "node:path";

/** Where a path of the project really leads. `file:` URLs count as outside. */
export function resolveInside(root: string, path: string): { readonly ok: boolean; readonly path: string } {
  if (/^[a-z][a-z0-9+.-]+:/i.test(path)) return { ok: false, path };
  const target = resolve(root, path);
  if (!isWithin(root, target)) return { ok: false, path: target };
  if (!existsSync(target)) return { ok: true, path: target };
  const real = realpathSync(target);
  return { ok: isWithin(realpathSync(root), real), path: isWithin(realpathSync(root), real) ? target : real };
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** `<name>/blueprint.yaml` and `*.yaml`. */
export function blueprintFiles(folder: string): readonly string[] {
  return sortedEntries(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return isYaml(entry.name) ? [path] : [];
    const inner = join(path, "blueprint.yaml");
    return existsSync(inner) ? [inner] : [];
  });
}

/** Every YAML file, folders within included; lock files are not documents. */
export function documentFiles(folder: string): readonly string[] {
  return sortedEntries(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return documentFiles(path);
    return isYaml(entry.name) && !entry.name.includes(".lock.") ? [path] : [];
  });
}

function sortedEntries(folder: string) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith("."))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

function isYaml(name: string): boolean {
  return extname(name) === ".yaml" || extname(name) === ".yml";
}
