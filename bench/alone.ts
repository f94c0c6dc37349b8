/**
 * Measures one thing in a process of its own, so that its memory and CPU are nobody else's: `node alone.ts NAME NUMBER…`
 * prints one line of JSON. Started by `runAlone` only.
 */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { planEnvironment } from "../src/platform/plan.ts";
import { upEnvironment } from "../src/platform/up.ts";
import { type Cost, measure } from "./measure.ts";
import { makeQueueWorld, queueEnvironment } from "./queues.ts";
import { openRawQueues } from "./raw-queues.ts";

export interface AloneCost extends Cost {
  /** Largest resident memory of the process, MB; its children's not counted. */
  readonly peak: number;
}

const options = () => ({
  emit: () => {},
  signal: new AbortController().signal,
  startedBy: "bench",
  confirm: async () => true,
});

/** Name → what is measured, each in order; what is set up before is not. */
const subjects: Readonly<Record<string, (...numbers: number[]) => Promise<readonly Cost[]>>> = {
  /** `up` of one stack of N resources. */
  up: async (count = 0) => {
    await using world = await makeQueueWorld(1, count);
    return [
      await measure(async () => {
        const { result } = await upEnvironment(world.context, queueEnvironment(0), options());
        if (result !== "succeeded") throw new Error(`up ended as ${result}`);
      }),
    ];
  },
  /** The same by the plain Automation API, but without the checkpoints that would take it minutes. */
  rawUp: async (count = 0) => {
    await using raw = await openRawQueues(1, count, { checkpoints: false });
    return [await measure(() => raw.up(0))];
  },
  /** First plan, first up and unchanged plan of many environments, `limit` at once. */
  many: async (environments = 0, count = 0, limit = 1) => {
    await using world = await makeQueueWorld(environments, count);
    const names = Array.from({ length: environments }, (_, index) => queueEnvironment(index));
    const plan = () => inTurns(names, limit, (name) => planEnvironment(world.context, name, options()));
    const first = await measure(plan);
    const up = await measure(() =>
      inTurns(names, limit, (name) => upEnvironment(world.context, name, options())),
    );
    return [first, up, await measure(plan)];
  },
  /** First previews, first ups and no-op previews of as many stacks by the plain Automation API. */
  rawMany: async (environments = 0, count = 0, limit = 1) => {
    await using raw = await openRawQueues(environments, count, { checkpoints: true });
    const stacks = Array.from({ length: environments }, (_, index) => index);
    const preview = () => inTurns(stacks, limit, (stack) => raw.preview(stack));
    const first = await measure(preview);
    const up = await measure(() => inTurns(stacks, limit, (stack) => raw.up(stack)));
    return [first, up, await measure(preview)];
  },
};

export async function runAlone(subject: string, ...numbers: number[]): Promise<readonly AloneCost[]> {
  const args = [fileURLToPath(import.meta.url), subject, ...numbers.map(String)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 24 });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "[]") as AloneCost[];
}

async function inTurns<T>(
  all: readonly T[],
  limit: number,
  act: (one: T) => Promise<unknown>,
): Promise<void> {
  const left = [...all];
  const work = async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await act(one);
  };
  await Promise.all(Array.from({ length: limit }, work));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , name = "", ...numbers] = process.argv;
  const costs = (await subjects[name]?.(...numbers.map(Number))) ?? [];
  const peak = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(`${JSON.stringify(costs.map(({ wall, cpu }) => ({ wall, cpu, peak })))}\n`);
}
