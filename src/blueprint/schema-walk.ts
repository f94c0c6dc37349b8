/** Finds its way in a zod schema: what stands at a path, which keys fit there, how to say in words what is allowed. */
import type { z } from "zod";
import type { Path } from "./document-source.ts";

export type Schema = z.core.$ZodType;

/** The parts of zod's definitions that are read here. */
interface Definition {
  readonly type: string;
  readonly innerType?: Schema;
  readonly getter?: () => Schema;
  readonly in?: Schema;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly catchall?: Schema;
  readonly keyType?: Schema;
  readonly valueType?: Schema;
  readonly element?: Schema;
  readonly options?: readonly Schema[];
  readonly entries?: Readonly<Record<string, string | number>>;
  readonly values?: readonly unknown[];
  readonly format?: string;
  readonly checks?: readonly { readonly _zod: { readonly def: Check } }[];
}

interface Check {
  readonly check: string;
  readonly value?: number;
  readonly inclusive?: boolean;
  readonly format?: string;
}

/** The schema without optional, default and the like. */
export function unwrap(schema: Schema): Schema {
  let current = schema;
  for (;;) {
    const definition = definitionOf(current);
    const inner = definition.innerType ?? definition.getter?.() ?? definition.in;
    if (inner === undefined) return current;
    current = inner;
  }
}

/** The schema of the value at a path; undefined where the path leads nowhere. */
export function schemaAt(schema: Schema, path: Path): Schema | undefined {
  let current: Schema | undefined = schema;
  for (const key of path) {
    if (current === undefined) return undefined;
    current = step(unwrap(current), key);
  }
  return current;
}

/** Keys that a mapping of this schema may have; none where the user names them. */
export function keysOf(schema: Schema | undefined): readonly string[] {
  if (schema === undefined) return [];
  const definition = definitionOf(unwrap(schema));
  if (definition.options !== undefined) return definition.options.flatMap((option) => keysOf(option));
  const keys = definition.keyType === undefined ? undefined : definitionOf(definition.keyType).entries;
  return keys === undefined ? Object.keys(definition.shape ?? {}) : Object.values(keys).map(String);
}

/** Path, with `<name>` for what the user names, to a nested mapping that has this key: at most three levels down. */
export function findKeyBelow(
  schema: Schema | undefined,
  key: string,
  depth = 3,
): readonly string[] | undefined {
  if (schema === undefined || depth === 0) return undefined;
  const definition = definitionOf(unwrap(schema));
  if (definition.valueType !== undefined) {
    if (keysOf(definition.valueType).includes(key)) return ["<name>"];
    const below = findKeyBelow(definition.valueType, key, depth - 1);
    return below === undefined ? undefined : ["<name>", ...below];
  }
  const children = Object.entries(definition.shape ?? {});
  const holder = children.find(([, child]) => keysOf(child).includes(key));
  if (holder !== undefined) return [holder[0]];
  for (const [name, child] of children) {
    const below = findKeyBelow(child, key, depth - 1);
    if (below !== undefined) return [name, ...below];
  }
  return undefined;
}

/** What is allowed, in words: `a whole number from 1 to 6`. */
export function describeSchema(schema: Schema): string {
  const definition = definitionOf(unwrap(schema));
  switch (definition.type) {
    case "string":
      return definition.format === "url" ? "a URL" : "text";
    case "number":
      return describeNumber(definition);
    case "boolean":
      return "true or false";
    case "enum":
      return Object.values(definition.entries ?? {})
        .map(showLiteral)
        .join(", ");
    case "literal":
      return (definition.values ?? []).map(showLiteral).join(", ");
    case "array":
      return "a list";
    case "object":
    case "record":
      return "a mapping";
    case "null":
      return "nothing";
    case "union": {
      const options = new Set((definition.options ?? []).map(describeSchema));
      return [...options].join([...options].every((option) => /^[\w"-]+$/.test(option)) ? ", " : " or ");
    }
    default:
      return "another value";
  }
}

/** What a parameter can be: JSON types, whole numbers apart. */
export type ScalarKind = "string" | "integer" | "number" | "boolean";

/** Whether some value of this kind could be allowed. */
export function acceptsKind(schema: Schema, kind: ScalarKind): boolean {
  const definition = definitionOf(unwrap(schema));
  switch (definition.type) {
    case "string":
      return kind === "string";
    case "number":
      return kind === "integer" || (kind === "number" && !isWhole(definition));
    case "boolean":
      return kind === "boolean";
    case "enum":
      return Object.values(definition.entries ?? {}).some((value) => isOfKind(value, kind));
    case "literal":
      return (definition.values ?? []).some((value) => isOfKind(value, kind));
    case "union":
      return (definition.options ?? []).some((option) => acceptsKind(option, kind));
    case "array":
    case "object":
    case "record":
    case "null":
      return false;
    default:
      return true;
  }
}

/** A value as one writes it in YAML: texts that would read as numbers in quotes. */
export function showLiteral(value: unknown): string {
  if (typeof value !== "string") return String(value);
  return /^(?:-?\d[\d.:_-]*|true|false|null|~|)$/i.test(value) ? `"${value}"` : value;
}

function definitionOf(schema: Schema): Definition {
  return schema._zod.def as unknown as Definition;
}

function step(schema: Schema, key: PropertyKey): Schema | undefined {
  const definition = definitionOf(schema);
  if (definition.shape !== undefined) {
    const name = String(key);
    return Object.hasOwn(definition.shape, name) ? definition.shape[name] : definition.catchall;
  }
  if (definition.options !== undefined) {
    const steps = definition.options.map((option) => step(unwrap(option), key));
    const found = steps.filter((each) => each !== undefined);
    // A strict option has "never" for keys that it does not know; another may know them.
    return found.find((each) => definitionOf(each).type !== "never") ?? found[0];
  }
  return definition.valueType ?? definition.element;
}

function isWhole(definition: Definition): boolean {
  if (definition.format === "safeint") return true;
  return (definition.checks ?? []).some((check) => check._zod.def.format === "safeint");
}

function describeNumber(definition: Definition): string {
  const noun = isWhole(definition) ? "a whole number" : "a number";
  const checks = (definition.checks ?? []).map((check) => check._zod.def);
  const from = checks.findLast((check) => check.check === "greater_than");
  const to = checks.findLast((check) => check.check === "less_than");
  if (from?.value !== undefined && to?.value !== undefined)
    return `${noun} from ${from.value} to ${to.value}`;
  if (from?.value !== undefined) return `${noun} ${from.inclusive ? "of at least" : "above"} ${from.value}`;
  if (to?.value !== undefined) return `${noun} ${to.inclusive ? "of at most" : "below"} ${to.value}`;
  return noun;
}

function isOfKind(value: unknown, kind: ScalarKind): boolean {
  if (kind === "integer") return Number.isInteger(value);
  return typeof value === kind;
}
