/** The daily and weekly windows in which a managed database is backed up and maintained; UTC throughout. */

const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const minutesADay = 24 * 60;

/** `03:00-04:00` */
export const dailyWindow = /^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/;

/** `sun:05:00-sun:06:00` */
export const weeklyWindow =
  /^(mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):[0-5]\d-(mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):[0-5]\d$/;

/** Minutes that a window lasts; one whose end is not after its start ends a day, or a week, later. */
export function windowMinutes(window: string): number {
  const { start, end, period } = parse(window);
  return (end - start + period) % period;
}

/** Whether the daily window reaches into the weekly one on any day. Both must be of the right form. */
export function windowsOverlap(daily: string, weekly: string): boolean {
  const length = windowMinutes(daily);
  const weeklyLength = windowMinutes(weekly);
  const { start } = parse(daily);
  const { start: weeklyStart, period } = parse(weekly);
  return days.some((_, day) => {
    const from = day * minutesADay + start;
    const ahead = (weeklyStart - from + period) % period;
    const behind = (from - weeklyStart + period) % period;
    return ahead < length || behind < weeklyLength;
  });
}

function parse(window: string): { readonly start: number; readonly end: number; readonly period: number } {
  const isWeekly = /^[a-z]/.test(window);
  const [from = "", to = ""] = window.split("-");
  return {
    start: minuteOf(from),
    end: minuteOf(to),
    period: isWeekly ? 7 * minutesADay : minutesADay,
  };
}

// "sun:05:00" counts from Monday, "05:00" from midnight.
function minuteOf(text: string): number {
  const parts = text.split(":");
  const [hours, minutes] = parts.slice(-2).map(Number);
  const day = parts.length === 3 ? days.findIndex((each) => each === parts[0]) : 0;
  return day * minutesADay + (hours ?? 0) * 60 + (minutes ?? 0);
}
