/** Makes garbage that outlives the young generation, as a program's promises do. Prints the largest old heap, bytes. */
import { PerformanceObserver } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import { getHeapSpaceStatistics } from "node:v8";
import { collectEarly } from "../../../../src/platform/applying/collect-early.ts";

const how = process.argv[2];
const held = how === "late" ? undefined : collectEarly();
if (how === "let-go") held?.[Symbol.dispose]();

const oldBytes = () =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === "old_space")?.space_used_size ?? 0;
let largest = 0;
const observer = new PerformanceObserver(() => {
  largest = Math.max(largest, oldBytes());
});
observer.observe({ entryTypes: ["gc"] });

const kept: object[][] = [];
for (let round = 0; round < 600; round++) {
  kept.push(Array.from({ length: 10_000 }, (_, index) => ({ index, round })));
  // A few rounds are in use at any time; each lives long enough to become old.
  if (kept.length > 60) kept.shift();
  largest = Math.max(largest, oldBytes());
  await setImmediate();
}
process.stdout.write(String(largest));
