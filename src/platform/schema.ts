/** JSON Schema of the documents: for an editor, or written into the project. */
import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { catalog } from "../../stacks/catalog.ts";
import { findProjectRoot } from "../blueprint/document-files.ts";
import { makeJsonSchema } from "../blueprint/json-schema.ts";
import type { JsonSchema } from "../blueprint/zod-json-schema.ts";
import { TerraneError } from "../errors.ts";
import { type DocumentKind, documentKinds } from "../model/documents.ts";
import { nearest } from "../values/nearest.ts";
import type { PlatformContext } from "./context.ts";
import { schemaFile, schemaText } from "./project/schema-file.ts";

/**
 * Of one kind, in any case of its letters, or of all.
 * @throws TerraneError `bad-usage`
 */
export async function readSchema(_context: PlatformContext, kind: string | undefined): Promise<JsonSchema> {
  return makeJsonSchema(catalog, kind === undefined ? undefined : toKind(kind));
}

/**
 * Writes the schema of all kinds beside terrane.yaml.
 * @throws TerraneError `project-not-found`
 */
export async function writeSchema(context: PlatformContext): Promise<{ readonly file: string }> {
  const root = findProjectRoot(context.dir);
  if (root === undefined) {
    throw new TerraneError("project-not-found", `there is no project in ${context.dir} or above it`);
  }
  const path = join(root, schemaFile);
  await writeFile(path, schemaText(catalog));
  return { file: relative(context.dir, path) };
}

function toKind(text: string): DocumentKind {
  const found = documentKinds.find((kind) => kind.toLowerCase() === text.toLowerCase());
  if (found !== undefined) return found;
  const near = nearest(text, documentKinds);
  throw new TerraneError("bad-usage", `there is no kind of document "${text}"`, {
    next: near === undefined ? `There are ${documentKinds.join(", ")}.` : `Did you mean ${near}?`,
  });
}
