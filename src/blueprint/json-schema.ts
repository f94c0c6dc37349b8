/**
 * JSON Schema of the documents, so that editors complete and check them while they are written. It is made of the same
 * zod schemas and contracts that `validate` uses, and is weaker on purpose where only a whole project can tell: it
 * never refuses a sound document. Draft 7, the newest that yaml-language-server knows whole (its README, as of 2026-11-21).
 */
import type { Catalog } from "../catalog/catalog.ts";
import { type DocumentKind, documentKinds, documentSchemas } from "../model/documents.ts";
import { apiVersion } from "../model/words.ts";
import { dataClasses, requiredTags } from "../values/tags.ts";
import { componentDefinitions, componentEntry } from "./component-json-schema.ts";
import { fromZod, type JsonSchema } from "./zod-json-schema.ts";

const draft = "http://json-schema.org/draft-07/schema#";

/** One schema for a file that holds documents of any kind, or only of the kind given. */
export function makeJsonSchema(catalog: Catalog, kind?: DocumentKind): JsonSchema {
  const definitions = {
    ...Object.fromEntries(documentKinds.map((each) => [each, documentSchema(each)])),
    ...componentDefinitions(catalog),
  };
  if (kind !== undefined) {
    return {
      $schema: draft,
      title: `terrane ${kind}`,
      ...documentSchema(kind),
      ...(kind === "Blueprint" ? { definitions: componentDefinitions(catalog) } : {}),
    };
  }
  return {
    $comment: "Made by `terrane schema --write`; not to be edited.",
    $schema: draft,
    title: "terrane documents",
    type: "object",
    required: ["apiVersion", "kind"],
    properties: {
      apiVersion: { const: apiVersion, description: "Version of the document syntax." },
      kind: { enum: documentKinds, description: "What the document describes." },
    },
    allOf: documentKinds.map((each) => ({
      if: { properties: { kind: { const: each } }, required: ["kind"] },
      then: { $ref: `#/definitions/${each}` },
    })),
    definitions,
  };
}

function documentSchema(kind: DocumentKind): JsonSchema {
  const schema = fromZod(documentSchemas[kind]);
  const properties = schema["properties"] as Record<string, JsonSchema>;
  if (kind === "Blueprint") {
    properties["components"] = { ...properties["components"], additionalProperties: componentEntry };
  }
  if (kind === "Environment") {
    properties["tags"] = { ...properties["tags"], ...requiredTagSchema };
    schema["required"] = [...(schema["required"] as string[]), "tags"];
  }
  return schema;
}

// `Environment` is the class and never written by hand.
const handWritten = requiredTags.filter((tag) => tag !== "Environment");
const requiredTagSchema: JsonSchema = {
  properties: Object.fromEntries(
    handWritten.map((tag) => [
      tag,
      tag === "DataClass"
        ? { enum: [...dataClasses], description: "What its data are." }
        : { type: "string", minLength: 1, maxLength: 256, description: "Required tag." },
    ]),
  ),
  required: handWritten,
};
