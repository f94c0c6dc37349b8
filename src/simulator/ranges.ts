/** IPv4 ranges as clouds compare them: well-formed, without host bits, one inside another, overlapping. */
import ipaddr from "ipaddr.js";

export interface Range {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
  readonly prefix: number;
}

/** The range of a CIDR text; undefined for anything else, host bits included. */
export function rangeOf(text: string): Range | undefined {
  if (!isCidr(text)) return undefined;
  const [address, prefix] = ipaddr.IPv4.parseCIDR(text);
  const start = address.octets.reduce((number, octet) => number * 256 + octet, 0);
  const size = 2 ** (32 - prefix);
  return start % size === 0 ? { start, end: start + size - 1, prefix } : undefined;
}

/** Why a text is no CIDR block, in the words of the providers; undefined when it is one. */
export function cidrProblem(text: string): string | undefined {
  if (rangeOf(text) !== undefined) return undefined;
  if (!isCidr(text)) return `"${text}" is not a valid IPv4 CIDR block`;
  return `"${text}" is not a valid IPv4 CIDR block; did you mean "${ipaddr.IPv4.networkAddressFromCIDR(text).toString()}/${text.split("/")[1]}"?`;
}

/** Four decimal octets: leading zeros would be read as octal by some and as decimal by others. */
function isCidr(text: string): boolean {
  return /^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}\/\d{1,2}$/.test(text) && ipaddr.IPv4.isValidCIDR(text);
}

export function isInside(inner: Range, outer: Range): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}

export function overlap(one: Range, other: Range): boolean {
  return one.start <= other.end && other.start <= one.end;
}
