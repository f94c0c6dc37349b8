/**
 * Property values as the engine and the SDK send them, turned into terrane's: markers for what is unknown or secret,
 * plain JSON for the rest. Knows nothing of resources.
 */
import { type Properties, secret, unknown, type Value } from "../values/value.ts";

/** Sources: `sdk/go/common/resource/plugin/rpc.go` (signatures, unknowns) and `pkg/engine/events.go` of 3.250.0. */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";
const assetSignature = "c44067f5952c0a294b673a41bacd8c17";
const archiveSignature = "0def7320c3a5731c473e5ecbe6d01bc7";
/** Unknowns of each kind of value; events write them as text as well. */
const unknowns: ReadonlySet<string> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // truth value
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9", // text
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // list
  "030794c1-ac77-496b-92df-f27374a8bd58", // asset
  "e48ece36-62e2-4504-bad9-02848725956a", // archive
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // mapping
]);
/** What events show instead of a secret. */
const shownSecret = "[secret]";

/** Keys that the engine or an SDK adds for itself. */
const internalKeys: ReadonlySet<string> = new Set([
  "__defaults",
  "__inputs",
  "__internal",
  "__meta",
  "__pulumi_raw_state_delta",
]);

export function toProperties(raw: Readonly<Record<string, unknown>>): Properties {
  const entries = Object.entries(raw).filter(([key, value]) => !internalKeys.has(key) && value !== undefined);
  return Object.fromEntries(entries.map(([key, value]) => [key, toValue(value)]));
}

export function toValue(raw: unknown): Value {
  if (raw === null || raw === undefined) return null;
  if (typeof raw === "string") {
    if (unknowns.has(raw)) return unknown;
    return raw === shownSecret ? secret : raw;
  }
  if (typeof raw === "boolean" || typeof raw === "number") return raw;
  if (Array.isArray(raw)) return raw.map(toValue);
  if (typeof raw !== "object") return String(raw);
  const object = raw as Readonly<Record<string, unknown>>;
  switch (object[signatureKey]) {
    case undefined:
      return toProperties(object);
    case secretSignature:
      return secret;
    case outputSignature:
      if (object["secret"] === true) return secret;
      return object["value"] === undefined ? unknown : toValue(object["value"]);
    case resourceSignature:
      return toValue(object["urn"]);
    case assetSignature:
    case archiveSignature:
      // Only the engine has a hash.
      if (typeof object["hash"] === "string") return `sha256:${object["hash"]}`;
      return { asset: toValue(object["path"] ?? object["uri"] ?? object["text"] ?? "assets") };
    default:
      return toProperties(object);
  }
}
