/** The files of a project: which of them are documents, and whether a path stays inside. Reads no file. */
import { existsSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import validVersion from "semver/functions/valid.js";
import { isYaml, sortedEntries } from "./document-files.ts";

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

/** `*.yaml`, `<name>/blueprint.yaml`, and `<name>/<version>/blueprint.yaml` where versions stand side by side. */
export function blueprintFiles(folder: string): readonly string[] {
  return sortedEntries(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return isYaml(entry.name) ? [path] : [];
    const versions = sortedEntries(path).filter(
      (inner) => inner.isDirectory() && validVersion(inner.name) === inner.name,
    );
    return [path, ...versions.map((version) => join(path, version.name))]
      .map((each) => join(each, "blueprint.yaml"))
      .filter((each) => existsSync(each));
  });
}

/** Whether a path within a folder of blueprints, parts joined by `/`, is one that {@link blueprintFiles} finds. */
export function isBlueprintPath(path: string): boolean {
  const [first = "", second, third, ...more] = path.split("/");
  if (first.startsWith(".") || more.length > 0) return false;
  if (second === undefined) return isYaml(first);
  if (third === undefined) return second === "blueprint.yaml";
  return validVersion(second) === second && third === "blueprint.yaml";
}

/** Beside the environment's document, by the environment's name: a document may hold several environments. */
export function lockPath(environmentFile: string, environment: string): string {
  return join(dirname(environmentFile), `${environment}.lock.yaml`);
}
