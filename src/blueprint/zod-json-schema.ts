/** From a zod schema to JSON Schema, without what says nothing to a reader. Knows nothing of documents. */
import { z } from "zod";

/** A JSON Schema as plain data. */
export interface JsonSchema {
  [keyword: string]: unknown;
}

/** What a user may write, before defaults are put in. */
export function fromZod(schema: z.ZodType): JsonSchema {
  const {
    $schema: _draft,
    definitions: _recursive,
    ...made
  } = z.toJSONSchema(schema, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any",
    override: ({ jsonSchema }) => tidy(jsonSchema as JsonSchema),
  });
  return withoutReferences(made) as JsonSchema;
}

// A schema that holds itself stands for any value: what it would say of it, the message of `validate` says better.
function withoutReferences(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutReferences);
  if (typeof schema !== "object" || schema === null) return schema;
  const entries = Object.entries(schema).filter(([keyword]) => keyword !== "$ref");
  return Object.fromEntries(entries.map(([keyword, value]) => [keyword, withoutReferences(value)]));
}

// What says nothing to a reader: the bounds of every whole number, `text` for keys, defaults that are empty.
function tidy(schema: JsonSchema): void {
  if (schema["minimum"] === Number.MIN_SAFE_INTEGER) delete schema["minimum"];
  if (schema["maximum"] === Number.MAX_SAFE_INTEGER) delete schema["maximum"];
  const names = schema["propertyNames"] as JsonSchema | undefined;
  if (names !== undefined && Object.keys(names).join() === "type") delete schema["propertyNames"];
  const given = schema["default"];
  if (typeof given === "object" && given !== null && Object.keys(given).length === 0)
    delete schema["default"];
}
