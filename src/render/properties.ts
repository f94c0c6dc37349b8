/** Property values as the SDK sends them, turned into terrane's: markers for what is unknown or secret, else JSON. */
import { runtime } from "@pulumi/pulumi";
import { type Properties, secret, unknown, type Value } from "../values/value.ts";

/** Keys that an SDK adds for itself. */
const internalKeys: ReadonlySet<string> = new Set(["__defaults", "__inputs"]);

export function toProperties(raw: Readonly<Record<string, unknown>>): Properties {
  const entries = Object.entries(raw).filter(([key, value]) => value !== undefined && !internalKeys.has(key));
  return Object.fromEntries(entries.map(([key, value]) => [key, toValue(value)]));
}

function toValue(raw: unknown): Value {
  if (raw === runtime.unknownValue) return unknown;
  if (raw === null || raw === undefined) return null;
  if (typeof raw === "string" || typeof raw === "number" || typeof raw === "boolean") return raw;
  if (Array.isArray(raw)) return raw.map(toValue);
  const object = raw as Readonly<Record<string, unknown>>;
  switch (object[runtime.specialSigKey]) {
    case undefined:
      return toProperties(object);
    case runtime.specialSecretSig:
      return secret;
    case runtime.specialResourceSig:
      return toValue(object["urn"]);
    case runtime.specialAssetSig:
    case runtime.specialArchiveSig:
      return { asset: toValue(object["path"] ?? object["uri"] ?? object["text"] ?? "assets") };
    default:
      return toProperties(object);
  }
}
