/** Times that come again: five-field cron expressions in a time zone. Knows nothing of what happens at them. */
import { createRequire } from "node:module";
import type { Cron, CronOptions } from "croner";
import type { Refusal } from "./refusal.ts";

type CronClass = new (pattern: string, options: CronOptions) => Cron;

/** Only documents with a schedule pay for the library, and validation has no step it could wait in. */
function loadCron(): CronClass {
  const library = createRequire(import.meta.url)("croner") as { readonly Cron: CronClass };
  return library.Cron;
}

/** Occurrences are looked for from here on, so that one text always gets one answer; a leap year is within reach. */
const referenceDate = new Date("2027-01-01T00:00:00Z");
const dayMilliseconds = 86_400_000;
const referenceDays = 731;

const allowed = "five fields: minute, hour, day of month, month, day of week: 0 20 * * 1-5";

/** Why a text is no schedule in this zone; undefined when it is one. */
export function checkSchedule(text: string, timeZone: string): Refusal<"bad-schedule"> | undefined {
  const refuse = (message: string, nearest?: string): Refusal<"bad-schedule"> => ({
    code: "bad-schedule",
    message,
    allowed,
    ...(nearest === undefined ? {} : { nearest }),
  });
  const fields = text.trim().split(/\s+/);
  if (fields.length === 6) {
    const message = "there are six fields; seconds are not part of a schedule";
    return refuse(message, fields.slice(1).join(" "));
  }
  if (fields.length !== 5) return refuse("there are not five fields");
  const cron = parseCron(text, timeZone);
  if (typeof cron === "string") return refuse(cron);
  if (cron.nextRun(referenceDate) === null) return refuse("there is no such day: it never comes");
  return undefined;
}

/** The next times of a schedule that {@link checkSchedule} takes, after an instant. */
export function nextRuns(text: string, timeZone: string, after: Date, count: number): readonly Date[] {
  const cron = parseCron(text, timeZone);
  return typeof cron === "string" ? [] : cron.nextRuns(count, after);
}

/**
 * Days within two years on which daylight saving skips a time of the schedule, as local dates `2027-03-28`. It then
 * runs when the clock goes on.
 */
export function skippedDays(text: string, timeZone: string): readonly string[] {
  const wall = parseCron(text, "UTC");
  if (typeof wall === "string") return [];
  return clockJumps(timeZone).flatMap(({ from, to }) => {
    const next = wall.nextRun(new Date(from - 1));
    return next !== null && next.getTime() < to ? [next.toISOString().slice(0, 10)] : [];
  });
}

/** Whether the platform's calendar knows the zone. */
export function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return /^[A-Za-z]/.test(timeZone);
  } catch {
    return false;
  }
}

/** Names of zones, for proposals. */
export function timeZones(): readonly string[] {
  return [...Intl.supportedValuesOf("timeZone"), "UTC"];
}

/** The schedule, or what its library says is wrong. */
function parseCron(text: string, timeZone: string): Cron | string {
  try {
    return new (loadCron())(text, { mode: "5-part", timezone: timeZone, paused: true });
  } catch (error) {
    const message = error instanceof Error ? error.message.replace(/^CronPattern: /, "") : String(error);
    return `${message.charAt(0).toLowerCase()}${message.slice(1)}`;
  }
}

/** Local times that do not exist, as the milliseconds they would have in UTC. */
function clockJumps(timeZone: string): readonly { readonly from: number; readonly to: number }[] {
  const jumps: { from: number; to: number }[] = [];
  let offset = offsetAt(timeZone, referenceDate.getTime());
  for (let day = 1; day <= referenceDays; day++) {
    const end = referenceDate.getTime() + day * dayMilliseconds;
    const next = offsetAt(timeZone, end);
    if (next > offset) {
      const at = findChange(timeZone, end - dayMilliseconds, end);
      jumps.push({ from: at + offset, to: at + next });
    }
    offset = next;
  }
  return jumps;
}

/** The instant within a span at which the offset changes, to the minute. */
function findChange(timeZone: string, start: number, end: number): number {
  const before = offsetAt(timeZone, start);
  let low = start;
  let high = end;
  while (high - low > 60_000) {
    const middle = low + Math.floor((high - low) / 120_000) * 60_000;
    if (offsetAt(timeZone, middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Milliseconds that local time is ahead of UTC. */
function offsetAt(timeZone: string, instant: number): number {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" });
    formats.set(timeZone, format);
  }
  const name = format.formatToParts(instant).find((part) => part.type === "timeZoneName")?.value ?? "";
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(name);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return (match[1] === "-" ? -1 : 1) * minutes * 60_000;
}
