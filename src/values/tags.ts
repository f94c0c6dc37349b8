/** The tags every resource carries: which are required, and what their values may be. */
import { sha256 } from "./digest.ts";

/** Required on every resource. `Environment` is the class and never written by hand. */
export const requiredTags = ["Environment", "Owner", "CostCenter", "Project", "DataClass"] as const;
export const dataClasses = ["public", "internal", "confidential", "regulated"] as const;

/**
 * Most tags a user may add: AWS and Azure take 50 on a resource, terrane adds up to five of its own and components a few.
 * Sources, as of 2026-11-21: AWS "Tag naming limits and requirements"; Azure "Use tags to organize your resources".
 */
export const maxUserTags = 40;
const reservedPrefixes = ["aws:", "azure", "microsoft", "windows", "goog", "terrane:"];
const emptyWords = new Set(["", "todo", "tbd", "unknown", "none", "n/a", "na", "null", "-", "?", "xxx"]);

/** Tags that terrane adds to every resource. `terrane:expires` only where the environment has a TTL. */
export const ownTags = [
  "terrane:environment",
  "terrane:stack",
  "terrane:resource",
  "terrane:incarnation",
  "terrane:expires",
] as const;
export type OwnTag = (typeof ownTags)[number];

/** Value of the tag `terrane:resource`: 16 hexadecimal digits of the URN's SHA-256. */
export function resourceTag(urn: string): string {
  return sha256(urn).slice(0, 16);
}

/** One thing wrong with one tag. */
export interface TagRefusal {
  readonly code: "bad-tag" | "name-collision";
  /** Default: error. */
  readonly severity?: "error" | "warning";
  readonly key: string;
  readonly message: string;
  readonly allowed?: string;
}

/** Required tags (all but `Environment`) that are absent or say nothing, such as blanks or `TODO`. */
export function missingTags(tags: Readonly<Record<string, string>>): readonly string[] {
  return requiredTags.filter((key) => {
    if (key === "Environment") return false;
    return !Object.hasOwn(tags, key) || emptyWords.has((tags[key] ?? "").trim().toLowerCase());
  });
}

/** What is wrong with the tags that are there. `environmentClass` is what `Environment` must say, if it is written. */
export function checkTags(
  tags: Readonly<Record<string, string>>,
  environmentClass: string,
): readonly TagRefusal[] {
  const refusals: TagRefusal[] = [];
  const refuse = (key: string, message: string, allowed: string) =>
    refusals.push({ code: "bad-tag", key, message, allowed });
  for (const [key, value] of Object.entries(tags)) {
    const prefix = reservedPrefixes.find((each) => key.toLowerCase().startsWith(each));
    if (prefix !== undefined) refuse(key, `tags that start with "${prefix}" are reserved`, "another key");
    if (/[<>%&\\?/]/.test(key))
      refuse(key, "the key holds a character that Azure refuses", "no < > % & \\ ? /");
    if (/[\r\n]/.test(value)) refuse(key, "the value holds a line break", "one line");
    if (/^[=+@\t]|^-[^\d]/.test(value)) {
      refuse(
        key,
        "a spreadsheet would take the value for a formula",
        "a value that does not start with = + - @",
      );
    }
  }
  if (Object.hasOwn(tags, "Environment") && tags["Environment"] !== environmentClass) {
    refuse("Environment", "Environment is the class", environmentClass);
  }
  const dataClass = Object.hasOwn(tags, "DataClass") ? tags["DataClass"] : undefined;
  if (dataClass !== undefined && !missingTags(tags).includes("DataClass")) {
    if (!dataClasses.some((each) => each === dataClass)) {
      refuse("DataClass", "the data class is not known", dataClasses.join(", "));
    } else if (dataClass === "regulated" && environmentClass === "sandbox") {
      refuse("DataClass", "regulated data is not for a sandbox", "public, internal, confidential");
    }
  }
  const last = Object.keys(tags)[maxUserTags];
  if (last !== undefined) {
    refuse(last, `there are ${Object.keys(tags).length} tags`, `at most ${maxUserTags}`);
  }
  return refusals;
}

/** The tags of an environment's resources: the user's, with `Environment`. */
export function environmentTags(
  tags: Readonly<Record<string, string>>,
  environmentClass: string,
): Readonly<Record<string, string>> {
  const all = { ...tags, Environment: environmentClass };
  return Object.fromEntries(Object.entries(all).sort(([left], [right]) => (left < right ? -1 : 1)));
}
