/** How long an environment lives, when it is needed, what it may cost. */
import { longestTtl } from "../model/lifetime.ts";
import { parseDuration } from "../values/duration.ts";
import { nearest } from "../values/nearest.ts";
import { checkSchedule, isTimeZone, skippedDays, timeZones } from "../values/schedule.ts";
import type { Loaded } from "./load.ts";
import { type ProblemList, showText } from "./problem-list.ts";
import { problemAt } from "./schema-problems.ts";

type Environment = Loaded<"Environment">;

/** @param project says how much environments of a class may cost */
export function checkLifetime(
  environment: Environment,
  project: Loaded<"Project"> | undefined,
  problems: ProblemList,
): void {
  const { document, source } = environment;
  checkTtl(environment, problems);
  checkBudget(environment, project, problems);
  if (document.schedule !== undefined) checkHours(environment, document.schedule, problems);
  for (const key of ["ttl", "schedule", "budget"] as const) {
    if (document[key] === undefined || problems.hasAt(source.positionOf([key], "key"))) continue;
    const message = `\`${key}\` is checked and recorded, not yet carried out`;
    problems.add({
      ...problemAt(source, [key], "not-in-this-release", message, {}, "key"),
      severity: "warning",
    });
  }
}

function checkTtl({ document, source }: Environment, problems: ProblemList): void {
  const { ttl, class: environmentClass } = document;
  const parsed = ttl === undefined ? undefined : parseDuration(ttl);
  if (ttl === undefined || !parsed?.ok) return;
  const longest = longestTtl[environmentClass];
  const limit = longest === undefined ? undefined : parseDuration(longest);
  if (longest === undefined) {
    const message = `an environment of class ${environmentClass} does not end by itself`;
    const next = "Remove `ttl`, or choose another class.";
    problems.add(problemAt(source, ["ttl"], "bad-duration", message, { seen: ttl, allowed: "no ttl", next }));
  } else if (limit?.ok && parsed.seconds > limit.seconds) {
    const message = `the TTL is above the longest of class ${environmentClass}`;
    const more = { seen: ttl, allowed: `at most ${longest}`, nearest: longest };
    problems.add(problemAt(source, ["ttl"], "bad-duration", message, more));
  }
}

function checkBudget(
  { document, source }: Environment,
  project: Loaded<"Project"> | undefined,
  problems: ProblemList,
): void {
  const { budget, class: environmentClass } = document;
  const limit = project?.document.budgets[environmentClass];
  // Amounts of different currencies are not compared; there is one as yet.
  if (project === undefined || budget === undefined || limit === undefined) return;
  if (budget.currency !== limit.currency || budget.amount <= limit.amount) return;
  const message = `the budget is above the largest of class ${environmentClass}`;
  const most = `${limit.amount} ${limit.currency} a month`;
  const refusal = problemAt(source, ["budget", "amount"], "budget-too-high", message, {
    seen: String(budget.amount),
    allowed: `at most ${most}`,
    nearest: String(limit.amount),
  });
  const declared = project.source.positionOf(["budgets", environmentClass], "key");
  problems.add({ ...refusal, related: [{ position: declared, message: `the limit, ${most}` }] });
}

function checkHours(
  { source }: Environment,
  { timeZone, ...times }: NonNullable<Environment["document"]["schedule"]>,
  problems: ProblemList,
): void {
  if (!isTimeZone(timeZone)) {
    const message = `there is no time zone "${showText(timeZone)}"`;
    const more = { seen: showText(timeZone), allowed: "a name of the IANA database: Europe/Berlin" };
    problems.add(problemAt(source, ["schedule", "timeZone"], "bad-schedule", message, more), () =>
      nearest(timeZone, timeZones()),
    );
    return;
  }
  for (const [key, text] of Object.entries(times)) {
    const path = ["schedule", key];
    const seen = showText(text);
    const refusal = checkSchedule(text, timeZone);
    if (refusal !== undefined) {
      const { code, message, ...more } = refusal;
      problems.add(problemAt(source, path, code, message, { seen, ...more }));
      continue;
    }
    const skipped = skippedDays(text, timeZone);
    if (skipped.length === 0) continue;
    const message = `daylight saving skips this time in ${timeZone} on ${skipped.join(" and ")}: it then runs when the clock goes on`;
    problems.add({ ...problemAt(source, path, "bad-schedule", message, { seen }), severity: "warning" });
  }
}
