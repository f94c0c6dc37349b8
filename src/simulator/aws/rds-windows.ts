/** Amazon RDS: the backup and the maintenance window of a DB instance. */
import { type Refusal, type Subject, textAt } from "../model.ts";

const refuse = (message: string): Refusal => ({ code: "InvalidParameterValue", message });

export function windows({ inputs }: Subject): Refusal | undefined {
  const daily = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(textAt(inputs, "backupWindow") ?? "");
  const weekly = /^(\w{3}):(\d\d):(\d\d)-(\w{3}):(\d\d):(\d\d)$/i.exec(
    textAt(inputs, "maintenanceWindow") ?? "",
  );
  if (daily === null || weekly === null) return undefined;
  const backup = minutesOf(0, daily[1], daily[2], 0, daily[3], daily[4], 1440);
  const names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
  const [from, to] = [weekly[1], weekly[4]].map((day) => names.indexOf(String(day).toLowerCase()));
  const upkeep = minutesOf(from ?? 0, weekly[2], weekly[3], to ?? 0, weekly[5], weekly[6], 10_080);
  if (backup.size < 30) return refuse("The backup window must be at least 30 minutes.");
  if (upkeep.size < 30) return refuse("The maintenance window must be at least 30 minutes.");
  for (const minute of upkeep)
    if (backup.has(minute % 1440))
      return refuse("The backup window and maintenance window must not overlap.");
  return undefined;
}

/** Every minute of a window. Slower than arithmetic, and wrong in other ways than a caller's arithmetic would be. */
function minutesOf(
  fromDay: number,
  fromHour: string | undefined,
  fromMinute: string | undefined,
  toDay: number,
  toHour: string | undefined,
  toMinute: string | undefined,
  period: number,
): ReadonlySet<number> {
  const minute = (day: number, hour?: string, minutes?: string) =>
    day * 1440 + Number(hour) * 60 + Number(minutes);
  const end = minute(toDay, toHour, toMinute) % period;
  const found = new Set<number>();
  for (let at = minute(fromDay, fromHour, fromMinute) % period; at !== end; at = (at + 1) % period)
    found.add(at);
  return found;
}
