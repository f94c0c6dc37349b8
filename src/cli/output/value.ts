/** Values inline, on one line: markers of unknown and secret values become words. */
import { isSecret, isUnknown, type Value } from "../../values/value.ts";
import { type Span, styled } from "./line.ts";

export const unknownText = "(known after up)";
export const secretText = "[secret]";

/** As in JSON, with `(known after up)` and `[secret]` in place of what is not there. */
export function formatValue(value: Value | undefined): string {
  if (value === undefined) return "(none)";
  if (isUnknown(value)) return unknownText;
  if (isSecret(value)) return secretText;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as readonly Value[]).map(formatValue).join(", ")}]`;
  const entries = Object.entries(value as { readonly [key: string]: Value });
  return entries.length === 0
    ? "{}"
    : `{ ${entries.map(([key, each]) => `${key}: ${formatValue(each)}`).join(", ")} }`;
}

/** As {@link formatValue}, but a text stands without quotes. */
export function formatBare(value: Value | undefined): string {
  return typeof value === "string" ? value : formatValue(value);
}

export function valueSpan(value: Value | undefined, format: (value: Value | undefined) => string): Span {
  const text = format(value);
  return value !== undefined && (isUnknown(value) || isSecret(value)) ? styled("faint", text) : { text };
}
