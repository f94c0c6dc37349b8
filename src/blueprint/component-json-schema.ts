/** The part of the JSON Schema that knows components: one definition per type of the catalog, chosen by `type`. */
import type { z } from "zod";
import type { Catalog } from "../catalog/catalog.ts";
import type { ComponentContract } from "../catalog/component.ts";
import { componentEntrySchema, componentWords } from "../model/documents.ts";
import { environmentClasses, roles } from "../model/words.ts";
import { referencesOf } from "./instances.ts";
import { showLiteral } from "./schema-walk.ts";
import { fromZod, type JsonSchema } from "./zod-json-schema.ts";

/** What stands in the schema of a blueprint for each component. */
export const componentEntry: JsonSchema = Object.freeze({ $ref: "#/definitions/component" });

/** `component`, which leads to `component-<type>` once the type is written. */
export function componentDefinitions(catalog: Catalog): Record<string, JsonSchema> {
  const types = catalog.contracts.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  const words = wordSchemas();
  return {
    component: {
      type: "object",
      required: ["type"],
      properties: {
        ...words,
        type: {
          enum: types.map((each) => each.name),
          enumDescriptions: types.map((each) => each.summary),
          description: "Component type of the catalog.",
        },
      },
      allOf: types.map((each) => ({
        if: { properties: { type: { const: each.name } }, required: ["type"] },
        then: { $ref: `#/definitions/component-${each.name}` },
      })),
    },
    ...Object.fromEntries(
      types.flatMap((each) => [
        [`component-${each.name}`, typeSchema(each, words)],
        [`fields-${each.name}`, layerSchema(each)],
      ]),
    ),
  };
}

/** `sites`, `when` and the other words around a contract's own fields. */
function wordSchemas(): Record<string, JsonSchema> {
  const properties = fromZod(componentEntrySchema)["properties"] as Record<string, JsonSchema>;
  return Object.fromEntries(componentWords.map((word) => [word, properties[word] ?? {}]));
}

function typeSchema(contract: ComponentContract, words: Record<string, JsonSchema>): JsonSchema {
  const layer = { $ref: `#/definitions/fields-${contract.name}` };
  const layers = (keys: readonly string[], word: JsonSchema | undefined): JsonSchema => ({
    description: word?.["description"],
    type: "object",
    properties: Object.fromEntries(keys.map((key) => [key, layer])),
    additionalProperties: false,
  });
  const required = requiredFields(contract);
  return {
    description: contract.summary,
    type: "object",
    properties: {
      ...fieldSchemas(contract),
      ...words,
      type: { const: contract.name, description: contract.summary },
      byClass: layers(environmentClasses, words["byClass"]),
      byRole: layers(roles, words["byRole"]),
    },
    additionalProperties: false,
    // A borrowed component has no fields of its own; one that differs by class or role may have them there.
    ...(required.length === 0
      ? {}
      : {
          anyOf: [{ required }, { required: ["use"] }, { required: ["byClass"] }, { required: ["byRole"] }],
        }),
  };
}

/** What stands below a class or a role: any of the fields, none of the words. */
function layerSchema(contract: ComponentContract): JsonSchema {
  // A default is what holds where nobody says otherwise: to an editor that would be a value to put in here.
  const fields = Object.entries(fieldSchemas(contract)).map(([field, { default: _default, ...schema }]) => [
    field,
    schema,
  ]);
  return { type: "object", properties: Object.fromEntries(fields), additionalProperties: false };
}

function requiredFields(contract: ComponentContract): readonly string[] {
  const shape = Object.entries(contract.fields.shape as Readonly<Record<string, z.ZodType>>);
  return shape.filter(([, schema]) => !schema.isOptional()).map(([field]) => field);
}

function fieldSchemas(contract: ComponentContract): Record<string, JsonSchema> {
  const references = referencesOf(contract);
  const properties = fromZod(contract.fields)["properties"] as Record<string, JsonSchema>;
  return Object.fromEntries(
    Object.entries(properties).map(([field, schema]) => {
      const info = references.get(field);
      const leadsTo = info === undefined ? undefined : (info.target?.name ?? "any type");
      const notes = [
        schema["description"] as string | undefined,
        leadsTo === undefined ? undefined : `Names ${info?.many ? "components" : "a component"}: ${leadsTo}.`,
        varyingDefaults(contract, field),
      ].filter((note) => note !== undefined);
      return [field, { ...allowTemplates(schema), description: notes.join(" ") }];
    }),
  );
}

/** `In prod: 365; in sandbox: 7.` */
function varyingDefaults(contract: ComponentContract, field: string): string | undefined {
  const { byClass, byRole } = contract.defaults;
  const varying = [...Object.entries(byClass), ...Object.entries(byRole)].flatMap(([selector, values]) => {
    const value = (values as Readonly<Record<string, unknown>>)[field];
    return value === undefined ? [] : [`${selector}: ${formatDefault(value)}`];
  });
  return varying.length === 0 ? undefined : `Default in ${varying.join("; in ")}.`;
}

function formatDefault(value: unknown): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : showLiteral(value);
}

/** What `${parameters.x}` looks like; which names there are is for `validate`. */
const templateSchema: JsonSchema = { type: "string", pattern: "\\$\\{[^}]+\\}" };
const annotations: ReadonlySet<string> = new Set(["description", "default", "enumDescriptions"]);

/** Lets a text with `${…}` stand wherever a single value may. */
function allowTemplates(schema: JsonSchema): JsonSchema {
  const entries = Object.entries(schema);
  const outer = Object.fromEntries(entries.filter(([key]) => annotations.has(key)));
  const inner = Object.fromEntries(entries.filter(([key]) => !annotations.has(key)));
  const { anyOf, properties, items, additionalProperties } = inner;
  if (Array.isArray(anyOf)) {
    const options = (anyOf as JsonSchema[]).map(withinTemplates);
    return { ...outer, ...inner, anyOf: [...options, templateSchema] };
  }
  if (properties !== undefined || items !== undefined || typeof additionalProperties === "object") {
    return withinTemplates(schema);
  }
  const isAnyText =
    inner["type"] === "string" && inner["pattern"] === undefined && inner["enum"] === undefined;
  return isAnyText && inner["format"] === undefined && inner["const"] === undefined
    ? schema
    : { ...outer, anyOf: [inner, templateSchema] };
}

function withinTemplates(schema: JsonSchema): JsonSchema {
  const { properties, items, additionalProperties } = schema;
  return {
    ...schema,
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties as Record<string, JsonSchema>).map(([key, value]) => [
              key,
              allowTemplates(value),
            ]),
          ),
        }),
    ...(items === undefined ? {} : { items: allowTemplates(items as JsonSchema) }),
    ...(typeof additionalProperties === "object"
      ? { additionalProperties: allowTemplates(additionalProperties as JsonSchema) }
      : {}),
  };
}
