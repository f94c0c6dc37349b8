/** Names: what a user may write, and what terrane makes of them for a cloud. */
import { createHash } from "node:crypto";

/** What a cloud allows in one kind of name. */
export interface NameRules {
  readonly maxLength: number;
}

/** A name within the rules, or why not. */
export interface NameRefusal {
  readonly code: "bad-name" | "reserved-name";
  readonly message: string;
  readonly allowed: string;
  readonly nearest?: string;
}

const form = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

export function checkName(text: string): NameRefusal | undefined {
  if (form.test(text) && text.length <= 40) return undefined;
  return {
    code: "bad-name",
    message: "not a name",
    allowed: "lowercase letters, digits and single hyphens, starting with a letter, at most 40 characters",
  };
}

/**
 * The physical name of something a cloud makes: stable within one life of an environment, new after a destroy, and
 * within the cloud's length whatever the user's names are.
 */
export function physicalName(parts: readonly string[], incarnation: string, rules: NameRules): string {
  const full = parts.filter((part) => part !== "").join("-");
  const hash = createHash("sha256").update(`${full}\0${incarnation}`).digest("hex").slice(0, 6);
  const room = rules.maxLength - hash.length - 1;
  return `${full.slice(0, room).replace(/-+$/, "")}-${hash}`;
}
