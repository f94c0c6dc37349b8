/**
 * Values on the wire between engine and provider: secrets and unknowns travel as marked values there, as paths and as
 * the `unknown` marker here. The constants belong to Pulumi's protocol: sdk/go/common/resource/plugin/rpc.go.
 */
import { isUnknown, type Properties, unknown, type Value } from "../../values/value.ts";
import { type Path, replaceAt } from "../sealing.ts";

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

const unknownString = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** One text per type of value that is not known. */
const unknownTexts = new Set([
  unknownString,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

export interface Opened {
  readonly value: Properties;
  /** Where secrets stand. */
  readonly secrets: readonly Path[];
}

/** Takes secrets out of their wrappers and remembers where they stood. */
export function fromWire(wire: unknown): Opened {
  const secrets: Path[] = [];
  const open = (each: unknown, path: Path): Value => {
    if (typeof each === "string") return unknownTexts.has(each) ? unknown : each;
    if (Array.isArray(each)) return each.map((item, index) => open(item, [...path, index]));
    if (each === null || typeof each !== "object") return each as Value;
    const map = each as Readonly<Record<string, unknown>>;
    if (map[signatureKey] === secretSignature) {
      secrets.push(path);
      return open(map["value"] ?? null, path);
    }
    return Object.fromEntries(Object.entries(map).map(([key, item]) => [key, open(item, [...path, key])]));
  };
  return { value: open(wire ?? {}, []) as Properties, secrets };
}

/** The reverse: wraps what must stay secret and writes unknowns as the engine reads them. */
export function toWire(value: Properties, secrets: readonly Path[]): { [key: string]: Value } {
  const wrapped = replaceAt(value, secrets, (each) => ({ [signatureKey]: secretSignature, value: each }));
  return close(wrapped) as { [key: string]: Value };
}

function close(value: Value): Value {
  if (isUnknown(value)) return unknownString;
  if (Array.isArray(value)) return value.map(close);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, close(item as Value)]));
}
