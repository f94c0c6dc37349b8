/** Property paths as the engine writes them in its differences: `tags.Owner`, `ingress[0].cidrBlocks`. */
import { type Properties, secret, unknown, type Value } from "../values/value.ts";

/** The value at a path such as `tags.Owner`, `ingress[0].cidrBlocks` or `tags["a.b"]`; undefined where it leads nowhere. */
export function valueAt(properties: Properties, path: string): Value | undefined {
  let value: Value | undefined = properties;
  for (const key of parsePath(path)) {
    if (value === null || typeof value !== "object") return undefined;
    if (value === unknown || value === secret) return value;
    value = (value as { readonly [key: string]: Value })[key];
    if (value === undefined) return undefined;
  }
  return value;
}

/** Keys of a property path. Source: `sdk/go/common/resource/property_path.go` of 3.250.0. */
export function parsePath(path: string): string[] {
  const keys: string[] = [];
  for (const match of partsOf(path)) {
    keys.push(match[3] === undefined ? (match[1] ?? match[2] ?? "") : match[3].replace(/\\(.)/g, "$1"));
  }
  return keys;
}

/** The path of the outermost list that a path leads into: `ingress` of `ingress[0].cidrBlocks[1]`; undefined for none. */
export function listAbove(path: string): string | undefined {
  const index = partsOf(path).find((match) => match[2] !== undefined)?.index;
  return index === undefined ? undefined : path.slice(0, index);
}

function partsOf(path: string): RegExpExecArray[] {
  return [...path.matchAll(/\.?([^.[\]"]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/gy)];
}
