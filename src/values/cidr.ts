/** IPv4 address ranges: strict reading, and the arithmetic of cutting and finding free blocks. */
import ipaddr from "ipaddr.js";
import type { Refusal } from "./refusal.ts";

/** A range of 2^(32-prefix) addresses from `base` on. `base` is unsigned and has no host bits. */
export interface Cidr {
  readonly base: number;
  readonly prefix: number;
}

type CidrRefusal = Refusal<"bad-cidr" | "cidr-host-bits" | "unsupported">;

export type ParsedCidr =
  | { readonly ok: true; readonly cidr: Cidr }
  | { readonly ok: false; readonly refusal: CidrRefusal };

const allowed = "an IPv4 range, four decimal numbers and a prefix of 0 to 32: 10.0.0.0/16";
const octet = "(?:0|[1-9]\\d{0,2})";
const form = new RegExp(`^(${octet}\\.${octet}\\.${octet}\\.${octet})/(0|[1-9]\\d?)$`);

/** Reads `10.0.0.0/16`. Octal, hexadecimal and short forms, host bits and IPv6 are refused. */
export function parseCidr(text: string): ParsedCidr {
  if (isIPv6(text)) return refuse("unsupported", "IPv6 ranges are unsupported: networks have IPv4 alone");
  const match = form.exec(text);
  const address = match?.[1];
  const prefix = Number(match?.[2]);
  if (address === undefined || prefix > 32 || !ipaddr.IPv4.isValidFourPartDecimal(address)) {
    return refuse("bad-cidr", describe(text), propose(text));
  }
  const value = ipaddr.IPv4.parse(address).octets.reduce((sum, each) => sum * 256 + each, 0);
  const cidr = enclosing(value, prefix);
  if (cidr.base !== value) {
    return refuse("cidr-host-bits", `${text} has host bits set`, formatCidr(cidr));
  }
  return { ok: true, cidr };
}

export function formatCidr(cidr: Cidr): string {
  return `${formatIPv4(cidr.base)}/${cidr.prefix}`;
}

/** Dotted form of an unsigned 32-bit number. */
export function formatIPv4(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

/** Number of addresses. */
export function sizeOf(cidr: Cidr): number {
  return 2 ** (32 - cidr.prefix);
}

export function contains(outer: Cidr, inner: Cidr): boolean {
  return inner.base >= outer.base && endOf(inner) <= endOf(outer);
}

export function overlaps(left: Cidr, right: Cidr): boolean {
  return left.base < endOf(right) && right.base < endOf(left);
}

/** The range of another prefix length that starts where this one does, or holds it. */
export function resize(cidr: Cidr, prefix: number): Cidr {
  return enclosing(cidr.base, prefix);
}

/**
 * Cuts `count` ranges of one prefix length, in address order, skipping the first `skip`.
 * @throws RangeError when they do not fit.
 */
export function cutSubnets(cidr: Cidr, prefix: number, count: number, skip = 0): readonly Cidr[] {
  const room = prefix >= cidr.prefix && prefix <= 32 ? 2 ** (prefix - cidr.prefix) : 0;
  if (skip + count > room) {
    throw new RangeError(`${formatCidr(cidr)} holds ${room} ranges of /${prefix}, not ${skip + count}`);
  }
  const size = 2 ** (32 - prefix);
  return Array.from({ length: count }, (_, index) => ({ base: cidr.base + (skip + index) * size, prefix }));
}

/**
 * The lowest block of this prefix length inside the pool, pools in the order given, that overlaps nothing taken;
 * undefined when none is free.
 */
export function nextFreeBlock(
  pool: readonly Cidr[],
  taken: readonly Cidr[],
  prefix: number,
): Cidr | undefined {
  const size = 2 ** (32 - prefix);
  const sorted = taken.toSorted((left, right) => left.base - right.base);
  for (const range of pool) {
    if (range.prefix > prefix) continue;
    let base = range.base;
    for (const used of sorted) {
      if (endOf(used) <= base) continue;
      if (used.base >= base + size) break;
      base = Math.ceil(endOf(used) / size) * size;
    }
    if (base + size <= endOf(range)) return { base, prefix };
  }
  return undefined;
}

// Exclusive; 2^32 for the last range, so never squeezed into 32 bits.
function endOf(cidr: Cidr): number {
  return cidr.base + sizeOf(cidr);
}

function enclosing(value: number, prefix: number): Cidr {
  const size = 2 ** (32 - prefix);
  return { base: Math.floor(value / size) * size, prefix };
}

function refuse(code: CidrRefusal["code"], message: string, nearest?: string): ParsedCidr {
  return { ok: false, refusal: { code, message, allowed, ...(nearest === undefined ? {} : { nearest }) } };
}

// Its shortest form has two colons, and nothing else that is ever meant as a range has.
function isIPv6(text: string): boolean {
  return text.length <= 60 && text.includes(":") && ipaddr.IPv6.isValid(text.split("/")[0] ?? "");
}

function describe(text: string): string {
  if (/[^\x20-\x7e]/.test(text)) return "the range holds characters that are not ASCII";
  if (/^[\d.]+$/.test(text)) return "the prefix is missing";
  if (/(^|[./])0[\dx]/i.test(text)) return "octal and hexadecimal numbers are not read";
  if (/\/(-|\d{3,}|3[3-9]|[4-9]\d)/.test(text)) return "the prefix is not within 0 to 32";
  return "the text is not an address range";
}

/** Full-width digits and surrounding blanks put right; a lone address with the prefix most networks have. */
function propose(text: string): string | undefined {
  if (text.length > 60) return undefined;
  const plain = text.normalize("NFKC").trim();
  const candidate = /^\d+\.\d+\.\d+\.\d+$/.test(plain) ? `${plain}/16` : plain;
  const parsed = candidate === text ? undefined : parseCidr(candidate);
  if (parsed === undefined) return undefined;
  return parsed.ok ? candidate : parsed.refusal.nearest;
}
