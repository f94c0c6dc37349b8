/**
 * `npm run lint`: runs every check, or those named, prints each with its time, and at the end all that is wrong.
 * Knows what checks there are and nothing of what they do.
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ambient } from "./lint/ambient.ts";
import type { Check, Checkout, Fault } from "./lint/check.ts";
import { openCheckout } from "./lint/checkout.ts";
import { dependencies } from "./lint/dependencies.ts";
import { disposal } from "./lint/disposal.ts";
import { format } from "./lint/format.ts";
import { generated } from "./lint/generated.ts";
import { headers } from "./lint/headers.ts";
import { layers } from "./lint/layers.ts";
import { rules } from "./lint/rules.ts";
import { sizes } from "./lint/sizes.ts";
import { traces } from "./lint/traces.ts";
import { types } from "./lint/types.ts";
import { unused } from "./lint/unused.ts";

// Those with a program of their own first: they run beside each other while this process does the others.
const checks: readonly Check[] = [
  types,
  unused,
  format,
  rules,
  generated,
  layers,
  sizes,
  disposal,
  ambient,
  headers,
  dependencies,
  traces,
];

interface Result {
  readonly check: Check;
  readonly faults: readonly Fault[];
}

async function runCheck(check: Check, checkout: Checkout): Promise<Result> {
  const start = performance.now();
  const faults = await Promise.resolve()
    .then(() => check.run(checkout))
    .catch((error: unknown): Fault[] => [{ message: `the check itself failed: ${String(error)}` }]);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const verdict = faults.length === 0 ? "ok  " : "FAIL";
  console.log(`${verdict} ${check.name.padEnd(12)} ${seconds.padStart(5)} s  ${check.title}`);
  return { check, faults };
}

function printFaults(results: readonly Result[]): number {
  const found = results.flatMap(({ check, faults }) =>
    faults.map((fault) => ({ check: check.name, ...fault })),
  );
  for (const { check, file, line, message } of found) {
    const place = file === undefined ? "" : `${file}${line === undefined ? "" : `:${line}`}  `;
    console.log(`${place}${message}  [${check}]`);
  }
  return found.length;
}

const wanted = process.argv.slice(2);
const strange = wanted.filter((name) => !checks.some((check) => check.name === name));
if (strange.length > 0) {
  console.error(
    `no such check: ${strange.join(", ")}; there are ${checks.map((check) => check.name).join(", ")}`,
  );
  process.exit(64);
}
const checkout = openCheckout(join(dirname(fileURLToPath(import.meta.url)), ".."));
const chosen = wanted.length === 0 ? checks : checks.filter((check) => wanted.includes(check.name));
const results = await Promise.all(chosen.map((check) => runCheck(check, checkout)));
console.log("");
const count = printFaults(results);
console.log(count === 0 ? `lint: ${results.length} checks, nothing wrong` : `lint: ${count} faults`);
process.exitCode = count === 0 ? 0 : 1;
