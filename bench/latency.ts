/** P7: how much of a slow cloud's time an `up` adds to. A hundred resources in three layers, each create 500 ms. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Queue } from "@pulumi/aws/sqs/queue.js";
import { z } from "zod";
import {
  defineBlueprint,
  defineComponent,
  defineEnvironment,
  type Implementation,
  supported,
  unsupported,
  up,
} from "../src/index.ts";
import { typicalSeconds } from "../src/simulator/models.ts";
import { type BenchRow, figureRow, measure, median, ratioRow } from "./measure.ts";

const queueType = "aws:sqs/queue:Queue";

/** Milliseconds that the cloud takes for one create. */
const latency = 500;
const depth = 3;
const width = 33;

const fields = z.strictObject({});
const outputs = z.object({});

/** Each queue of a layer waits for one of the layer before. */
const makeLayers: Implementation<typeof fields, typeof outputs> = ({ name, child }) => {
  let before: readonly Queue[] = [];
  for (let layer = 0; layer < depth; layer++) {
    const waitsFor = before;
    before = Array.from({ length: width }, (_, index) => {
      const dependsOn = waitsFor[index];
      return new Queue(
        `${name}-${layer}-${index}`,
        {},
        { ...child, ...(dependsOn === undefined ? {} : { dependsOn }) },
      );
    });
  }
  return {};
};

const layers = defineComponent({
  name: "layers",
  domain: "data",
  summary: "Resources in layers",
  fields,
  outputs,
  implementations: {
    aws: supported(async () => ({ implementation: makeLayers })),
    gcp: unsupported("measured on AWS"),
    azure: unsupported("measured on AWS"),
    kubernetes: unsupported("measured on AWS"),
  },
});

const documents = [
  defineBlueprint({
    metadata: { name: "latency", version: "1.0.0" },
    sites: { virginia: { cloud: "aws", region: "us-east-1" } },
    components: { layers: { type: "layers" } },
  }),
  defineEnvironment({
    metadata: { name: "latency" },
    blueprint: "latency@^1",
    class: "dev",
    tags: { Owner: "team-bench", CostCenter: "CC-1", Project: "bench", DataClass: "internal" },
  }),
];

/** Milliseconds per virtual second → wall seconds of an `up`, its plan included. */
async function run(pace: number): Promise<number> {
  const dir = await mkdtemp(join(tmpdir(), "terrane-latency-"));
  try {
    const { wall, result } = await measure(() => up({ dir, documents, components: [layers], pace }).result);
    if (result.result !== "succeeded") throw new Error(`up ended as ${result.result}`);
    return wall;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

export async function benchLatency(rounds: number): Promise<BenchRow[]> {
  const pace = latency / (typicalSeconds(queueType, "create") ?? Number.NaN);
  const floor = (latency * depth) / 1000;
  // The first run loads what the others find loaded; without a latency it tells what an `up` takes by itself.
  const alone = [await run(0)];
  const walls: number[] = [];
  for (let round = 0; round < rounds; round++) {
    alone.push(await run(0));
    walls.push(await run(pace));
  }
  return [
    figureRow("P7.floor", `${depth} layers of ${width} creates, ${latency} ms each`, floor, "s"),
    figureRow(
      "P7.alone",
      "up of them from clouds that answer at once, its plan included",
      median(alone.slice(1)),
      "s",
    ),
    figureRow("P7.up", "up of them", median(walls), "s"),
    ratioRow("P7", "up / (latency × depth)", median(walls) / floor, 2.5),
  ];
}
