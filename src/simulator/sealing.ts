/**
 * Secrets on their way through the simulated clouds: where they stand among the inputs, where their text turns up among
 * the outputs, and how they are stored: as a digest, never in clear. Knows neither Pulumi's protocol nor the database.
 */
import { createHmac } from "node:crypto";
import { isSecret, type Properties, secret, type Value } from "../values/value.ts";

/** Keys and indexes that lead to a value. */
export type Path = readonly (string | number)[];

/** Shorter secrets are recognised only as whole texts, or every text would hold one. */
const shortest = 6;

export function valueAt(value: Value | undefined, path: Path): Value | undefined {
  let found: Value | undefined = value;
  for (const part of path) {
    if (found === null || typeof found !== "object") return undefined;
    found = (found as { readonly [key: string | number]: Value })[part];
  }
  return found;
}

/** The value with something else at each of the paths; paths that lead nowhere are left out. */
export function replaceAt(
  value: Properties,
  paths: readonly Path[],
  replace: (value: Value) => Value,
): Properties {
  return paths.reduce<Value>((whole, path) => replaceOne(whole, path, replace), value) as Properties;
}

/**
 * Paths of all outputs that must be secret: inputs that were secret, outputs that the SDK calls secret, and any text
 * that holds a secret's text wherever a model copied it to.
 */
export function secretPaths(
  outputs: Properties,
  inputs: Properties,
  secretInputs: readonly Path[],
  secretOutputs: ReadonlySet<string>,
): readonly Path[] {
  const paths: Path[] = secretInputs.filter((path) => valueAt(outputs, path) !== undefined);
  for (const name of secretOutputs)
    if (outputs[name] !== undefined && outputs[name] !== null) paths.push([name]);
  const texts = secretInputs.flatMap((path) => textsOf(valueAt(inputs, path)));
  if (texts.length > 0) collectHolders(outputs, [], texts, paths);
  return withoutNested(paths);
}

/** The value with digests in place of secrets, for storage. */
export function seal(value: Properties, paths: readonly Path[], key: string): Properties {
  return replaceAt(value, paths, (each) => ({ ...secret, digest: digestOf(each, key) }));
}

/**
 * Puts secrets back that the caller still knows from an earlier state. One that changed in the cloud meanwhile, or that
 * the caller never knew, cannot be had again: it becomes a text that says so.
 */
export function unseal(
  value: Properties,
  known: Properties,
  key: string,
): { readonly value: Properties; readonly secrets: readonly Path[] } {
  const secrets: Path[] = [];
  const walk = (each: Value, path: Path): Value => {
    if (isSecret(each)) {
      secrets.push(path);
      const before = valueAt(known, path);
      const same = before !== undefined && digestOf(before, key) === (each as Properties)["digest"];
      return same ? before : "[changed outside]";
    }
    if (Array.isArray(each)) return each.map((item: Value, index) => walk(item, [...path, index]));
    if (each === null || typeof each !== "object") return each;
    return Object.fromEntries(
      Object.entries(each).map(([name, item]) => [name, walk(item as Value, [...path, name])]),
    );
  };
  return { value: walk(value, []) as Properties, secrets };
}

/** The value as people may see it: digests left out. */
export function withoutDigests(value: Value): Value {
  if (isSecret(value)) return secret;
  if (Array.isArray(value)) return value.map(withoutDigests);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, withoutDigests(item as Value)]),
  );
}

function digestOf(value: Value, key: string): string {
  return createHmac("sha256", key).update(JSON.stringify(value)).digest("hex").slice(0, 32);
}

function replaceOne(whole: Value, path: Path, replace: (value: Value) => Value): Value {
  const [part, ...rest] = path;
  if (part === undefined) return replace(whole);
  if (whole === null || typeof whole !== "object") return whole;
  const inner = (whole as { readonly [key: string | number]: Value })[part];
  if (inner === undefined) return whole;
  const replaced = replaceOne(inner, rest, replace);
  if (Array.isArray(whole)) return whole.map((item: Value, index) => (index === part ? replaced : item));
  return { ...(whole as Properties), [part]: replaced };
}

function textsOf(value: Value | undefined): readonly string[] {
  if (typeof value === "string") return value === "" ? [] : [value];
  if (value === null || value === undefined || typeof value !== "object") return [];
  return Object.values(value).flatMap((each) => textsOf(each as Value));
}

function collectHolders(value: Value, path: Path, texts: readonly string[], paths: Path[]): void {
  if (typeof value === "string") {
    const holds = texts.some((text) => value === text || (text.length >= shortest && value.includes(text)));
    if (holds) paths.push(path);
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      collectHolders(item as Value, [...path, index], texts, paths);
  } else if (value !== null && typeof value === "object") {
    for (const [name, item] of Object.entries(value))
      collectHolders(item as Value, [...path, name], texts, paths);
  }
}

/** A secret inside a secret needs no mark of its own. */
function withoutNested(paths: readonly Path[]): readonly Path[] {
  const keys = new Set(paths.map((path) => JSON.stringify(path)));
  const unique = [...keys].map((key) => JSON.parse(key) as Path);
  return unique.filter(
    (path) => !path.some((_, length) => length > 0 && keys.has(JSON.stringify(path.slice(0, length)))),
  );
}
