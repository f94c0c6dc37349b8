/** What a caller means who names documents: an environment, by name or file, stands for itself and its blueprint. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { LoadedDocuments } from "../../blueprint/project-loader.ts";
import { TerraneError } from "../../errors.ts";
import { nearest, toldNames } from "../../values/nearest.ts";

/** Whether a text is meant as a file: it is there, or no name could look like it. */
export function isFile(dir: string, text: string): boolean {
  return existsSync(resolve(dir, text)) || /[/\\.\0]/.test(text);
}

/**
 * @param meant files, or names of environments and blueprints
 * @returns absolute paths
 * @throws TerraneError `document-not-found` for what is neither
 */
export function filesMeant(
  loaded: LoadedDocuments,
  dir: string,
  meant: readonly string[],
): ReadonlySet<string> {
  const { environments, blueprints } = loaded;
  const pathOf = (each: LoadedDocuments["documents"][number]) => resolve(dir, each.source.file);
  const files = new Set<string>();
  for (const text of meant) {
    const file = isFile(dir, text) ? resolve(dir, text) : undefined;
    const isMeant = (each: LoadedDocuments["documents"][number]) =>
      file === undefined ? each.name === text : pathOf(each) === file;
    const named = environments.filter(isMeant);
    const wanted = new Set(named.map(({ document }) => document.blueprint.split("@")[0]));
    const found = [...named, ...blueprints.filter((each) => isMeant(each) || wanted.has(each.name))];
    if (file !== undefined) files.add(file);
    else if (found.length === 0) throw notFound(text, [...environments, ...blueprints]);
    for (const each of found) files.add(pathOf(each));
  }
  return files;
}

function notFound(text: string, documents: readonly { readonly name: string }[]): TerraneError {
  const names = [...new Set(documents.map((each) => each.name))].sort();
  const near = nearest(text, names);
  const message = `there is no file, environment or blueprint "${text}"; ${toldNames(names)}`;
  return new TerraneError("document-not-found", message, {
    ...(near === undefined ? {} : { next: `Did you mean "${near}"?` }),
  });
}
