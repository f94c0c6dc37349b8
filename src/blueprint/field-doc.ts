/** What a schema says of one key to a reader: what is allowed, whether it must be there, its default, its own keys. */
import { describeSchema, keysOf, type Schema, schemaAt, unwrap } from "./schema-walk.ts";

export interface FieldDoc {
  readonly name: string;
  /** In words: `a whole number from 1 to 6`. */
  readonly allowed: string;
  readonly required: boolean;
  /** As JSON; absent where there is none. */
  readonly default?: unknown;
  readonly description?: string;
  /** Keys below it; none for single values. */
  readonly fields: readonly FieldDoc[];
}

/** The parts of zod's definitions that are read here. */
interface Definition {
  readonly type: string;
  readonly innerType?: Schema;
  readonly defaultValue?: unknown;
  readonly element?: Schema;
  readonly valueType?: Schema;
  readonly checks?: readonly { readonly _zod: { readonly def: StringCheck } }[];
}

interface StringCheck {
  readonly check: string;
  readonly format?: string;
  readonly pattern?: RegExp;
  readonly error?: (issue: object) => string | { readonly message: string } | undefined;
  readonly maximum?: number;
}

/** @param depth how many levels of keys below it are told */
export function describeField(name: string, schema: Schema, depth = 1): FieldDoc {
  const facts = factsOf(schema);
  const holder = childHolder(schema);
  const keys = depth === 0 || holder === undefined || isKeyedByWords(holder) ? [] : keysOf(holder);
  return {
    name,
    allowed: describeAllowed(schema),
    ...facts,
    fields: keys.flatMap((key) => {
      const child = schemaAt(holder ?? schema, [key]);
      if (child === undefined) return [];
      const doc = describeField(key, child, depth - 1);
      // Of several forms that a value can have, each has its own keys.
      return [isChoice(holder) ? { ...doc, required: false } : doc];
    }),
  };
}

/** Whether its keys are words of the syntax and all mean the same, as classes do: they are told with what is allowed. */
function isKeyedByWords(schema: Schema): boolean {
  return definitionOf(unwrap(schema)).type === "record" && keysOf(schema).length > 0;
}

function isChoice(schema: Schema | undefined): boolean {
  return schema !== undefined && definitionOf(unwrap(schema)).type === "union";
}

/** The mapping whose keys the syntax names: of a list the entries', of names the user chooses what stands below one. */
export function childHolder(schema: Schema): Schema | undefined {
  let current: Schema | undefined = unwrap(schema);
  while (current !== undefined && keysOf(current).length === 0) {
    const definition = definitionOf(current);
    const inner: Schema | undefined = definition.element ?? definition.valueType;
    current = inner === undefined || definition.type === "union" ? undefined : unwrap(inner);
  }
  return current;
}

/** Whether keys of it are names that the user chooses. */
export function isNamed(schema: Schema): boolean {
  return definitionOf(unwrap(schema)).valueType !== undefined && keysOf(schema).length === 0;
}

function factsOf(schema: Schema): Pick<FieldDoc, "required" | "default" | "description"> {
  let required = true;
  let given: unknown;
  let description: string | undefined;
  for (let current: Schema | undefined = schema; current !== undefined; ) {
    const definition = definitionOf(current);
    description ??= (current as { readonly description?: string }).description;
    if (definition.type === "optional") required = false;
    if (definition.type === "default" || definition.type === "prefault") {
      required = false;
      given = definition.defaultValue;
    }
    current = definition.innerType;
  }
  return {
    required,
    ...(given === undefined || isEmpty(given) ? {} : { default: given }),
    ...(description === undefined ? {} : { description }),
  };
}

// "None" is what everybody expects of a list that may be left out.
function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/** As `describeSchema`, with the form of texts and the entries of lists. */
function describeAllowed(schema: Schema): string {
  const inner = unwrap(schema);
  const definition = definitionOf(inner);
  if (definition.type === "array" && definition.element !== undefined) {
    return `a list: ${describeAllowed(definition.element)}`;
  }
  if (definition.type === "string") return describeText(inner, definition);
  if (isNamed(inner)) return "a mapping from names";
  if (isKeyedByWords(inner)) return `a mapping from ${keysOf(inner).join(", ")}`;
  return describeSchema(inner);
}

function describeText(schema: Schema, definition: Definition): string {
  const title = (schema as { readonly meta?: () => { readonly title?: string } | undefined }).meta?.()?.title;
  if (title !== undefined) return title;
  const checks = (definition.checks ?? []).map((check) => check._zod.def);
  const form = checks.find((check) => check.check === "string_format" && check.format === "regex");
  if (form?.pattern !== undefined) {
    const said = form.error?.({});
    const message = typeof said === "object" ? said.message : said;
    return message ?? `text of the form ${form.pattern.source}`;
  }
  const most = checks.find((check) => check.check === "max_length")?.maximum;
  const described = describeSchema(schema);
  return most === undefined ? described : `${described}, at most ${most} characters`;
}

function definitionOf(schema: Schema): Definition {
  return schema._zod.def as unknown as Definition;
}
