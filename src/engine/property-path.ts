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
  const part = /\.?([^.[\]"]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/gy;
  let match = part.exec(path);
  while (match !== null) {
    keys.push(match[3] === undefined ? (match[1] ?? match[2] ?? "") : match[3].replace(/\\(.)/g, "$1"));
    match = part.exec(path);
  }
  return keys;
}
