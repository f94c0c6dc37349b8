/** Durations as documents write them: a whole number and one unit. */
import type { Refusal } from "./refusal.ts";

export type ParsedDuration =
  | { readonly ok: true; readonly seconds: number }
  | { readonly ok: false; readonly refusal: Refusal<"bad-duration"> };

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const allowed = "a whole number above 0 and a unit (s, m, h, d): 30s, 15m, 72h, 7d";
/** Ten years: longer is a slip of the unit. */
const longestSeconds = 3650 * 86_400;

/** Reads `30s`, `15m`, `72h`, `7d`: above zero, at most 3650 days. */
export function parseDuration(text: string): ParsedDuration {
  const match = /^([1-9]\d{0,8})([smhd])$/.exec(text);
  if (match === null) return refuse(describe(text), propose(text));
  const seconds = Number(match[1]) * (unitSeconds[match[2] ?? ""] ?? 0);
  return seconds > longestSeconds ? refuse("the duration is longer than 3650d") : { ok: true, seconds };
}

/** The shortest exact form: 5400 → `90m`, 86400 → `1d`. */
export function formatDuration(seconds: number): string {
  for (const unit of ["d", "h", "m"]) {
    const size = unitSeconds[unit] ?? 1;
    if (seconds > 0 && seconds % size === 0) return `${seconds / size}${unit}`;
  }
  return `${seconds}s`;
}

function refuse(message: string, nearest?: string): ParsedDuration {
  return {
    ok: false,
    refusal: { code: "bad-duration", message, allowed, ...(nearest === undefined ? {} : { nearest }) },
  };
}

function describe(text: string): string {
  if (/^[+]?0+(\.0*)?\s*[a-zA-Z]*$/.test(text)) return "the duration is zero";
  if (/^-/.test(text)) return "the duration is negative";
  if (/^\d+\s*[yY]|^\d+\s*[wW]|month/.test(text)) return "years, months and weeks are not units";
  return "the text is not a duration";
}

/** What was probably meant, in the form that is read: ISO 8601, `1h30m`, `15 min`, `2w`, a bare number of seconds. */
function propose(text: string): string | undefined {
  const plain = text.trim().toLowerCase();
  if (plain.length > 40) return undefined;
  const iso = /^p(?:(\d+)d)?(?:t(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?)?$/.exec(plain);
  if (iso !== null)
    return fromSeconds([86_400, 3600, 60, 1].map((size, at) => Number(iso[at + 1] ?? 0) * size));
  if (/^\d+$/.test(plain)) return fromSeconds([Number(plain)]);
  const parts = [...plain.matchAll(/(\d+)\s*([a-z]+)\s*/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join("") !== plain) return undefined;
  return fromSeconds(parts.map((part) => Number(part[1]) * longUnit(part[2] ?? "")));
}

function fromSeconds(parts: readonly number[]): string | undefined {
  const seconds = parts.reduce((sum, each) => sum + each, 0);
  return seconds > 0 && seconds <= longestSeconds ? formatDuration(seconds) : undefined;
}

function longUnit(unit: string): number {
  if (/^s(ec(ond)?s?)?$/.test(unit)) return 1;
  if (/^m(in(ute)?s?)?$/.test(unit)) return 60;
  if (/^h(r|our)?s?$/.test(unit)) return 3600;
  if (/^d(ay)?s?$/.test(unit)) return 86_400;
  if (/^w(eek)?s?$/.test(unit)) return 7 * 86_400;
  if (/^y(ear)?s?$/.test(unit)) return 365 * 86_400;
  return Number.NaN;
}
