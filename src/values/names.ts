/** Names: what a user may write, and what terrane makes of them for a cloud. */
import { sha256 } from "./digest.ts";
import type { Refusal } from "./refusal.ts";

/** What a cloud allows in one kind of name. */
export interface NameRules {
  /** Largest number of characters, at least 8. */
  readonly maxLength: number;
}

type NameRefusal = Refusal<"bad-name" | "reserved-name">;

/** Room for derived names: an IAM role has 64 characters, and gets environment, component and hash. */
export const maxNameLength = 40;

const form = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const allowed = `lowercase letters, digits and single hyphens, starting with a letter, at most ${maxNameLength} characters`;

/**
 * Names that clouds, Kubernetes, databases or JavaScript keep for themselves, compared in lowercase.
 * Sources, as of 2026-11-21: Kubernetes "Namespaces"; Amazon S3 "Bucket naming rules"; Amazon RDS and Cloud SQL
 * "reserved users"; Azure Database for PostgreSQL "server admin names"; Microsoft "Naming files" (device names).
 */
const reserved = new Set([
  ...["default", "kube-system", "kube-public", "kube-node-lease"],
  ...["admin", "rdsadmin", "azure_superuser", "azure_pg_admin", "cloudsqlsuperuser"],
  ...["con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "lpt1", "lpt2", "lpt3", "lpt4"],
  ...["constructor", "prototype"],
]);
const reservedPrefixes = ["aws-", "goog", "xn--", "internal-", "sg-", "pg_"];
const reservedSuffixes = ["-s3alias"];

/** Checks a name that becomes part of names in a cloud: environment, site, component. Undefined when it is one. */
export function checkName(text: string): NameRefusal | undefined {
  const owner = reservedPart(text);
  if (owner !== undefined) {
    return {
      code: "reserved-name",
      message: `"${owner}" is reserved`,
      allowed: "a name that nobody else keeps",
    };
  }
  const refusal = checkBlueprintName(text);
  if (refusal === undefined || text.length <= maxNameLength) return refusal;
  return {
    ...refusal,
    allowed: `${allowed}: an IAM role has 64, and takes environment, component and a hash`,
  };
}

/** Checks the name of a blueprint, pool or project: the same form, but clouds never see it (`aws-platform`). */
export function checkBlueprintName(text: string): NameRefusal | undefined {
  if (form.test(text) && text.length <= maxNameLength) return undefined;
  const proposal = slug(text);
  return {
    code: "bad-name",
    message: describe(text),
    allowed,
    ...(proposal !== "" && proposal !== text && reservedPart(proposal) === undefined
      ? { nearest: proposal }
      : {}),
  };
}

/** Checks the name of a parameter: letters and digits, starting with a lowercase letter, at most 60 characters. */
export function checkParameterName(text: string): NameRefusal | undefined {
  const isOwn = text !== "constructor" && text !== "prototype";
  if (/^[a-z][a-zA-Z0-9]*$/.test(text) && text.length <= 60 && isOwn) return undefined;
  const proposal = slug(text).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return {
    code: isOwn ? "bad-name" : "reserved-name",
    message: isOwn ? describe(text) : `"${text}" is reserved`,
    allowed: "letters and digits, starting with a lowercase letter, at most 60 characters",
    ...(isOwn && proposal !== "" && proposal !== text ? { nearest: proposal } : {}),
  };
}

/**
 * Any text as a name, where it has letters or digits: lowercase, accents and look-alikes replaced, everything else a
 * hyphen. Two texts with one slug cannot stand beside each other.
 */
export function slug(text: string): string {
  const plain = [...text.slice(0, 1000)].map((each) => lookAlikes[each.toLowerCase()] ?? each).join("");
  return plain
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, maxNameLength)
    .replace(/-+$/, "");
}

/** A character for people: `U+0430` for whatever is not printable ASCII. */
export function showCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0x20 && code < 0x7f
    ? `"${character}"`
    : `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

/**
 * The physical name of something a cloud makes: the parts and a hash of them with the incarnation. Stable within one
 * life of an environment, new after a destroy, different for different parts even where they are cut to length.
 */
export function physicalName(parts: readonly string[], incarnation: string, rules: NameRules): string {
  const full = parts.filter((part) => part !== "").join("-");
  const hash = sha256(`${JSON.stringify(parts)}\0${incarnation}`).slice(0, 6);
  const room = rules.maxLength - hash.length - 1;
  return `${full.slice(0, Math.max(room, 0)).replace(/-+$/, "")}-${hash}`;
}

/** Cyrillic and Greek letters that look like Latin ones. */
const lookAlikes: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  ...{
    а: "a",
    е: "e",
    о: "o",
    р: "p",
    с: "c",
    х: "x",
    у: "y",
    і: "i",
    ѕ: "s",
    ј: "j",
    к: "k",
    м: "m",
    т: "t",
  },
  ...{
    в: "b",
    н: "h",
    ԁ: "d",
    ԛ: "q",
    ԝ: "w",
    α: "a",
    ο: "o",
    ρ: "p",
    ν: "v",
    ι: "i",
    κ: "k",
    τ: "t",
    υ: "u",
  },
});

function reservedPart(text: string): string | undefined {
  const plain = text.toLowerCase();
  if (reserved.has(plain)) return text;
  const prefix = reservedPrefixes.find((each) => plain.startsWith(each));
  if (prefix !== undefined) return `${prefix}…`;
  const suffix = reservedSuffixes.find((each) => plain.endsWith(each));
  return suffix === undefined ? undefined : `…${suffix}`;
}

function describe(text: string): string {
  if (text === "") return "the name is empty";
  const foreign = [...text].find((character) => character < " " || character > "~");
  if (foreign !== undefined) return `the name holds ${showCharacter(foreign)}, which is not ASCII text`;
  if (text === "." || text === ".." || /[/\\%]/.test(text)) return "a name is not a path";
  if (text.length > maxNameLength && form.test(text)) return `the name has ${text.length} characters`;
  if (/[A-Z]/.test(text)) return "the name has uppercase letters";
  const wrong = [...text].find((character) => !/[a-z0-9-]/.test(character));
  if (wrong !== undefined) return `the name holds ${showCharacter(wrong)}`;
  if (/^[^a-z]/.test(text)) return "the name does not start with a letter";
  if (text.endsWith("-")) return "the name ends with a hyphen";
  return text.includes("--") ? "the name has two hyphens in a row" : `the name has ${text.length} characters`;
}
