/** Takes more and more memory and lets go of none, until it is told to stop; then says so and ends well. */
import { setImmediate } from "node:timers/promises";
import { TerraneError } from "../../../../src/errors.ts";
import { watchMemory } from "../../../../src/platform/applying/memory-watch.ts";

using watch = watchMemory();
const kept: object[] = [];
while (!watch.signal.aborted) {
  for (let count = 0; count < 2_000; count += 1)
    kept.push({ text: `${count}-${kept.length}`, list: [count] });
  await setImmediate();
}
const { reason } = watch.signal;
if (reason instanceof TerraneError)
  process.stdout.write(JSON.stringify({ ...reason, message: reason.message }));
