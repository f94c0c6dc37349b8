/**
 * `npm run bench [-- --json FILE] [--rounds N] [--only PART,…] [--size N]`: terrane beside the raw Automation API, interleaved in one run.
 * A figure that misses its target is shown as missed; nothing here is a test.
 */
import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { benchEnvironment } from "./environment.ts";
import { benchInventory } from "./inventory.ts";
import { benchLatency } from "./latency.ts";
import type { BenchRow } from "./measure.ts";
import { benchMany, benchScale } from "./scale.ts";
import { benchStartup } from "./startup.ts";
import { makeWorld } from "./world.ts";

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    rounds: { type: "string", default: "3" },
    /** Parts to run, by comma; all by default. */
    only: { type: "string" },
    /** Resources of the large stack. */
    size: { type: "string", default: "2000" },
  },
});

function print(rows: readonly BenchRow[]): void {
  console.table(
    rows.map(({ id, what, value, unit, target, met }) => ({
      id,
      what,
      value,
      unit,
      target: target === null ? "" : `≤ ${target}`,
      met: met === null ? "" : met ? "yes" : "MISSED",
    })),
  );
}

const rounds = Number(values.rounds);
const scale = {
  rounds,
  sizes: [100, Number(values.size)],
  environments: 20,
  each: 25,
  limit: availableParallelism() * 2,
} as const;

const parts: Readonly<Record<string, () => Promise<readonly BenchRow[]>>> = {
  startup: async () => {
    await using world = await makeWorld();
    return await benchStartup(world);
  },
  latency: () => benchLatency(rounds),
  environment: () => benchEnvironment(rounds),
  inventory: () => benchInventory(rounds),
  scale: () => benchScale(scale),
  many: () => benchMany(scale),
};

const rows: BenchRow[] = [];
for (const [name, run] of Object.entries(parts)) {
  if (values.only === undefined || values.only.split(",").includes(name)) rows.push(...(await run()));
}
print(rows);
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(rows, null, 2)}\n`);
