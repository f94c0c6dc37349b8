/** Finds what a path such as `Environment.tags` or `postgres.storage` means, and what is known of it. */
import type { Catalog } from "../catalog/catalog.ts";
import { type ComponentContract, platformFor } from "../catalog/component.ts";
import { describeReference, targetName } from "../catalog/reference.ts";
import { TerraneError } from "../errors.ts";
import { componentEntrySchema, componentWords, documentKinds, documentSchemas } from "../model/documents.ts";
import { clouds, type Domain, type Platform, platforms } from "../model/words.ts";
import { nearest } from "../values/nearest.ts";
import { childHolder, describeField, type FieldDoc, isNamed } from "./field-doc.ts";
import { referencesOf } from "./instances.ts";
import { keysOf, type Schema, schemaAt, unwrap } from "./schema-walk.ts";

/** A field of a component with the defaults that class and role decide. */
export interface ComponentFieldDoc extends FieldDoc {
  readonly defaultsBy: readonly { readonly selector: string; readonly value: unknown }[];
  /** What it names; absent for plain fields. */
  readonly leadsTo?: string;
}

export interface ComponentDoc {
  readonly name: string;
  readonly domain: Domain;
  readonly summary: string;
  readonly fields: readonly ComponentFieldDoc[];
  readonly outputs: readonly FieldDoc[];
  readonly platforms: readonly {
    readonly platform: Platform;
    readonly support: "supported" | "upcoming" | "unsupported";
    readonly why?: string;
  }[];
}

export type SchemaExplanation =
  | { readonly what: "field"; readonly path: string; readonly field: FieldDoc | ComponentFieldDoc }
  | { readonly what: "component"; readonly component: ComponentDoc };

/**
 * `<Kind>.…`, `<component type>.…`, or `Blueprint.components.<component type>.…`.
 * @throws TerraneError `nothing-to-explain` with the nearest right path
 */
export function explainSchema(path: string, catalog: Catalog): SchemaExplanation {
  const [first = "", ...rest] = path.split(".").filter((part) => part !== "");
  const kind = documentKinds.find((each) => each.toLowerCase() === first.toLowerCase());
  if (kind !== undefined) return explainDocument(kind, rest, catalog);
  const contract = catalog.find(first);
  if (contract !== undefined) return explainComponent(contract, [contract.name], rest);
  throw nothing(path, [], first, [...documentKinds, ...catalog.types]);
}

function explainDocument(
  kind: keyof typeof documentSchemas,
  keys: readonly string[],
  catalog: Catalog,
): SchemaExplanation {
  const shown: string[] = [kind];
  let schema: Schema = documentSchemas[kind];
  for (const [index, key] of keys.entries()) {
    if (kind === "Blueprint" && index === 1 && shown[1] === "components") {
      return explainEntry(shown, keys.slice(index), catalog);
    }
    if (isNamed(schema) && !isKey(schema, key)) {
      // A name that the user chose, unless it is a slip of a key that stands below one.
      assertNoSlip(shown, key, keysOf(childHolder(schema)));
      shown.push("<name>");
      schema = (unwrap(schema)._zod.def as unknown as { readonly valueType: Schema }).valueType;
      continue;
    }
    if (isNamed(schema)) shown.push("<name>");
    schema = stepInto(schema, key, shown);
    shown.push(key);
  }
  const name = shown.at(-1) ?? kind;
  return { what: "field", path: shown.join("."), field: describeField(name, schema) };
}

function isKey(schema: Schema, key: string): boolean {
  return keysOf(childHolder(schema)).includes(key);
}

function stepInto(schema: Schema, key: string, shown: readonly string[]): Schema {
  const holder = childHolder(schema);
  const keys = keysOf(holder);
  const found = holder === undefined || !keys.includes(key) ? undefined : schemaAt(holder, [key]);
  if (found === undefined) throw nothing([...shown, key].join("."), shown, key, keys);
  return found;
}

/** Below `components`: a type of the catalog, a word of the syntax, or a name with either below it. */
function explainEntry(
  shown: readonly string[],
  keys: readonly string[],
  catalog: Catalog,
): SchemaExplanation {
  const [key = "", ...rest] = keys;
  const contract = catalog.find(key);
  if (contract !== undefined) return explainComponent(contract, [...shown, contract.name], rest);
  const words: readonly string[] = componentWords;
  if (words.includes(key)) return explainWord([...shown, "<name>", key], rest);
  assertNoSlip(shown, key, [...words, ...catalog.types]);
  if (rest[0] === undefined) {
    const field = describeField("<name>", componentEntrySchema);
    return { what: "field", path: [...shown, "<name>"].join("."), field };
  }
  if (words.includes(rest[0])) return explainWord([...shown, "<name>", rest[0]], rest.slice(1));
  throw nothing([...shown, ...keys].join("."), [...shown, "<name>"], rest[0], words);
}

function explainWord(shown: readonly string[], rest: readonly string[]): SchemaExplanation {
  let schema = schemaAt(componentEntrySchema, shown.slice(-1)) ?? componentEntrySchema;
  const path = [...shown];
  for (const key of rest) {
    schema = stepInto(schema, key, path);
    path.push(key);
  }
  return { what: "field", path: path.join("."), field: describeField(path.at(-1) ?? "", schema) };
}

function explainComponent(
  contract: ComponentContract,
  shown: readonly string[],
  keys: readonly string[],
): SchemaExplanation {
  const [first, ...rest] = keys;
  if (first === undefined) return { what: "component", component: describeComponent(contract) };
  const words: readonly string[] = componentWords;
  if (words.includes(first)) return explainWord([...shown, first], rest);
  const shape = contract.fields.shape as Readonly<Record<string, Schema>>;
  const schema = Object.hasOwn(shape, first) ? shape[first] : undefined;
  if (schema === undefined) {
    throw nothing([...shown, ...keys].join("."), shown, first, [...Object.keys(shape), ...words]);
  }
  if (rest.length === 0) {
    const field = describeComponentField(contract, first, schema);
    return { what: "field", path: [...shown, first].join("."), field };
  }
  const path = [...shown, first];
  let inner: Schema = schema;
  for (const key of rest) {
    inner = stepInto(inner, key, path);
    path.push(key);
  }
  return { what: "field", path: path.join("."), field: describeField(path.at(-1) ?? "", inner) };
}

export function describeComponent(contract: ComponentContract): ComponentDoc {
  const shape = Object.entries(contract.fields.shape as Readonly<Record<string, Schema>>);
  const outputs = Object.entries(contract.outputs.shape as Readonly<Record<string, Schema>>);
  return {
    name: contract.name,
    domain: contract.domain,
    summary: contract.summary,
    fields: shape.map(([name, schema]) => describeComponentField(contract, name, schema)),
    outputs: outputs.map(([name, schema]) => describeField(name, schema, 0)),
    platforms: shownPlatforms(contract).map((platform) => {
      const support = contract.implementations[platform];
      return {
        platform,
        support: support.support,
        ...(support.support === "supported" ? {} : { why: support.why }),
      };
    }),
  };
}

// What lives inside Kubernetes is the same on every cloud; what does not says why on each.
function shownPlatforms(contract: ComponentContract): readonly Platform[] {
  const [cloud] = clouds;
  return platformFor(contract, cloud) === "kubernetes" ? ["kubernetes"] : platforms;
}

export function describeComponentField(
  contract: ComponentContract,
  name: string,
  schema: Schema,
): ComponentFieldDoc {
  const info = referencesOf(contract).get(name);
  const { byClass, byRole } = contract.defaults;
  const doc = describeField(name, schema);
  return {
    ...doc,
    ...(info === undefined ? {} : { leadsTo: targetName(info), allowed: describeReference(info) }),
    defaultsBy: [...Object.entries(byClass), ...Object.entries(byRole)].flatMap(([selector, values]) => {
      const value = (values as Readonly<Record<string, unknown>>)[name];
      return value === undefined ? [] : [{ selector, value }];
    }),
  };
}

function assertNoSlip(shown: readonly string[], key: string, keys: readonly string[]): void {
  const near = nearest(key, keys);
  if (near !== undefined) throw nothing([...shown, key].join("."), shown, key, keys);
}

function nothing(
  path: string,
  before: readonly string[],
  key: string,
  candidates: readonly string[],
): TerraneError {
  const near = nearest(key, candidates);
  const there = candidates.length === 0 ? "it has no keys" : `there are ${candidates.join(", ")}`;
  const where = before.length === 0 ? "" : ` below ${before.join(".")}`;
  return new TerraneError("nothing-to-explain", `there is no "${key}"${where}; ${there}`, {
    next:
      near === undefined
        ? "Run `terrane explain` to see where paths begin."
        : `Did you mean \`terrane explain ${[...before.filter((each) => each !== "<name>"), near].join(".")}\`?`,
    details: { path },
  });
}
