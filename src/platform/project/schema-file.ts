/**
 * The JSON Schema file of a project, and the line that leads editors from a document to it. The file stands beside
 * terrane.yaml and is committed: it works offline and in a fresh clone, and no path leads out of the project.
 */
import { dirname, join, relative, sep } from "node:path";
import { makeJsonSchema } from "../../blueprint/json-schema.ts";
import type { Catalog } from "../../catalog/catalog.ts";

export const schemaFile = "terrane.schema.json";

/** Text of the schema of all kinds of documents, as this release and this catalog have it. */
export function schemaText(catalog: Catalog): string {
  return `${JSON.stringify(makeJsonSchema(catalog), null, 2)}\n`;
}

const marker = "# yaml-language-server: $schema=";

/** The document with the line on top that names its schema; as it is where it has one already. */
export function withSchemaLine(text: string, file: string): string {
  if (text.startsWith(marker)) return text;
  const way = relative(dirname(join("/", file)), join("/", schemaFile))
    .split(sep)
    .join("/");
  return `${marker}${way}\n${text}`;
}
