/**
 * The part of JSON Schema draft 7 that terrane's schemas use, to judge documents as an editor does. Throws on a keyword
 * that it does not know, so that a schema never passes by what is left unread.
 * Source: https://json-schema.org/draft-07/json-schema-validation, as of 2026-11-21.
 */
import { isDeepStrictEqual } from "node:util";

type Schema = boolean | { readonly [keyword: string]: unknown };
type Mapping = Readonly<Record<string, unknown>>;

const annotations = new Set([
  "$schema",
  "$comment",
  "title",
  "description",
  "default",
  "definitions",
  "enumDescriptions",
  "then",
  "else",
]);

/** What is wrong, each with the path of the value: `/components/vpc/zones: type`; none for a sound document. */
export function validateJson(schema: Schema, value: unknown): readonly string[] {
  return judge(schema, value, "", schema);
}

function judge(schema: Schema, value: unknown, path: string, root: Schema): readonly string[] {
  if (typeof schema === "boolean") return schema ? [] : [`${path}: not allowed`];
  // Draft 7 ignores what stands beside a reference.
  if (schema["$ref"] !== undefined) return judge(follow(String(schema["$ref"]), root), value, path, root);
  return Object.entries(schema).flatMap(([keyword, argument]): readonly string[] => {
    if (annotations.has(keyword)) return [];
    const rule = rules[keyword];
    if (rule === undefined) throw new Error(`the keyword "${keyword}" at ${path} is not known`);
    const answer = rule({ argument: argument as never, value, path, root, schema });
    return typeof answer === "boolean" ? (answer ? [] : [`${path}: ${keyword}`]) : answer;
  });
}

function follow(reference: string, root: Schema): Schema {
  let found: unknown = root;
  for (const key of reference.replace(/^#\//, "").split("/")) found = (found as Mapping)[key];
  if (found === undefined) throw new Error(`${reference} leads nowhere`);
  return found as Schema;
}

interface Case {
  readonly argument: never;
  readonly value: unknown;
  readonly path: string;
  readonly root: Schema;
  readonly schema: { readonly [keyword: string]: unknown };
}

const isMapping = (value: unknown): value is Mapping =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const number = (check: (value: number, bound: number) => boolean) => (given: Case) =>
  typeof given.value !== "number" || check(given.value, given.argument);
const text = (check: (value: string, bound: number) => boolean) => (given: Case) =>
  typeof given.value !== "string" || check(given.value, given.argument);
const list = (check: (value: readonly unknown[], bound: number) => boolean) => (given: Case) =>
  !Array.isArray(given.value) || check(given.value, given.argument);
const within = ({ value, path, root }: Case, schema: Schema) => judge(schema, value, path, root);

const rules: Readonly<Record<string, (given: Case) => boolean | readonly string[]>> = {
  type: ({ argument, value }) =>
    [argument as string | readonly string[]].flat().some((type) => isOf(type, value)),
  const: ({ argument, value }) => isDeepStrictEqual(value, argument),
  enum: ({ argument, value }) =>
    (argument as readonly unknown[]).some((each) => isDeepStrictEqual(each, value)),
  minimum: number((value, bound) => value >= bound),
  maximum: number((value, bound) => value <= bound),
  exclusiveMinimum: number((value, bound) => value > bound),
  exclusiveMaximum: number((value, bound) => value < bound),
  minLength: text((value, bound) => [...value].length >= bound),
  maxLength: text((value, bound) => [...value].length <= bound),
  pattern: ({ argument, value }) => typeof value !== "string" || new RegExp(argument, "u").test(value),
  // An annotation unless a validator is told otherwise; editors are not.
  format: () => true,
  minItems: list((value, bound) => value.length >= bound),
  maxItems: list((value, bound) => value.length <= bound),
  items: (given) =>
    Array.isArray(given.value)
      ? given.value.flatMap((item, index) =>
          judge(given.argument, item, `${given.path}/${index}`, given.root),
        )
      : [],
  required: ({ argument, value, path }) =>
    isMapping(value)
      ? (argument as readonly string[])
          .filter((key) => !Object.hasOwn(value, key))
          .map((key) => `${path}/${key}: required`)
      : [],
  properties: ({ argument, value, path, root }) =>
    isMapping(value)
      ? Object.entries(argument as Readonly<Record<string, Schema>>).flatMap(([key, schema]) =>
          Object.hasOwn(value, key) ? judge(schema, value[key], `${path}/${key}`, root) : [],
        )
      : [],
  additionalProperties: ({ argument, value, path, root, schema }) => {
    if (!isMapping(value)) return [];
    const known = (schema["properties"] ?? {}) as Mapping;
    return Object.keys(value)
      .filter((key) => !Object.hasOwn(known, key))
      .flatMap((key) => judge(argument, value[key], `${path}/${key}`, root));
  },
  propertyNames: ({ argument, value, path, root }) =>
    isMapping(value) ? Object.keys(value).flatMap((key) => judge(argument, key, `${path}/${key}`, root)) : [],
  allOf: (given) => (given.argument as readonly Schema[]).flatMap((schema) => within(given, schema)),
  anyOf: (given) =>
    (given.argument as readonly Schema[]).some((schema) => within(given, schema).length === 0),
  if: (given) => {
    const branch = within(given, given.argument).length === 0 ? "then" : "else";
    return within(given, (given.schema[branch] as Schema | undefined) ?? true);
  },
};

function isOf(type: string, value: unknown): boolean {
  switch (type) {
    case "object":
      return isMapping(value);
    case "array":
      return Array.isArray(value);
    case "null":
      return value === null;
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}
