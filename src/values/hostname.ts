/** Names in the DNS: RFC 1035 section 2.3.1 and RFC 1123 section 2.1 for their form, RFC 4592 for wildcards. */
import type { Refusal } from "./refusal.ts";

const longestName = 253;
const longestLabel = 63;
const allowed = `labels of 1 to ${longestLabel} letters, digits and inner hyphens, joined by dots: api.example.com`;

/** Why a text is no name of a host; undefined when it is one. A wildcard can only be the whole first label. */
export function checkHostname(text: string): Refusal<"bad-name"> | undefined {
  const message = describe(text.endsWith(".") ? text.slice(0, -1) : text);
  if (message === undefined) return undefined;
  const proposal = propose(text);
  return {
    code: "bad-name",
    message,
    allowed,
    ...(proposal === undefined || proposal === text ? {} : { nearest: proposal }),
  };
}

function describe(text: string): string | undefined {
  if (text === "") return "the name is empty";
  if (text.length > longestName) return `the name has ${text.length} characters, more than ${longestName}`;
  const labels = text.split(".");
  if (labels.length < 2) return "the name has no domain";
  for (const [index, label] of labels.entries()) {
    if (label === "") return "the name has two dots in a row, or starts with one";
    if (label === "*" && index === 0) continue;
    if (label.includes("*")) return "a wildcard is the whole first label, or none";
    if (label.length > longestLabel)
      return `a label has ${label.length} characters, more than ${longestLabel}`;
    if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i.test(label)) {
      return label.startsWith("-") || label.endsWith("-")
        ? `the label "${label}" starts or ends with a hyphen`
        : "a label holds something else than letters, digits and hyphens";
    }
  }
  return /^\d+$/.test(labels.at(-1) ?? "") ? "the name is an address" : undefined;
}

/** The name without what is plainly too much. */
function propose(text: string): string | undefined {
  const mended = text
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, "")
    .replace(/[/:].*$/, "")
    .replace(/\.{2,}/g, ".")
    .replace(/^\.|\.$/g, "")
    .split(".")
    .map((label) => label.replace(/^-+|-+$/g, ""))
    .join(".");
  return describe(mended) === undefined ? mended : undefined;
}
