/** How an object that takes no tags is found again: by the id that its provider imports it by. */
import type { Properties } from "../../src/values/value.ts";

/** Where the provider of the resource works. */
export interface ImportPlace {
  readonly account: string;
  readonly region: string;
}

export interface ImportRule {
  /** Pulumi's type token. */
  readonly type: string;
  /** Undefined where the inputs do not tell it. */
  readonly id: (inputs: Properties, place: ImportPlace) => string | undefined;
  /** The provider's documentation of its import, read 2026-11-21. */
  readonly source: string;
}

/** The texts of these inputs; undefined where one of them is missing. */
export function textsOf(inputs: Properties, names: readonly string[]): readonly string[] | undefined {
  const texts = names
    .map((name) => inputs[name])
    .filter((value) => typeof value === "string" && value !== "");
  return texts.length === names.length ? (texts as readonly string[]) : undefined;
}

/** An id that joins inputs. */
export function joined(separator: string, ...names: readonly string[]): ImportRule["id"] {
  return (inputs) => textsOf(inputs, names)?.join(separator);
}

/** The last part of an ARN or a link, or a name as it is. */
export function lastPart(text: string): string {
  return text.slice(text.lastIndexOf("/") + 1);
}
