/** Environments of any number of like resources, one stack each: groups of ten, each queue but the first of its group waits for another. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { Queue } from "@pulumi/aws/sqs/queue.js";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import {
  defineBlueprint,
  defineComponent,
  defineEnvironment,
  type Implementation,
  supported,
  unsupported,
} from "../src/index.ts";
import type { PlatformContext } from "../src/platform/context.ts";

const fields = z.strictObject({ count: z.int() });
const outputs = z.object({});
const groupSize = 10;

/** Also what the plain Automation API is given. */
export function makeQueues(name: string, count: number, options: pulumi.CustomResourceOptions): void {
  let first: Queue | undefined;
  for (let index = 0; index < count; index++) {
    if (index % groupSize === 0) first = undefined;
    const dependsOn = first === undefined ? {} : { dependsOn: first };
    const tags = { Number: String(index), Group: String(Math.floor(index / groupSize)) };
    const queue = new Queue(`${name}-${index}`, { tags }, { ...options, ...dependsOn });
    first ??= queue;
  }
}

const makeMany: Implementation<typeof fields, typeof outputs> = (context) => {
  makeQueues(context.name, context.fields.count, context.child);
  return {};
};

export const queues = defineComponent({
  name: "queues",
  domain: "data",
  summary: "Many queues",
  version: "1",
  fields,
  outputs,
  implementations: {
    aws: supported(async () => ({ implementation: makeMany })),
    gcp: unsupported("measured on AWS"),
    azure: unsupported("measured on AWS"),
    kubernetes: unsupported("measured on AWS"),
  },
});

/** `environments` environments of `count` queues each. */
export function queueDocuments(environments: number, count: number): readonly object[] {
  return [
    defineBlueprint({
      metadata: { name: "queues", version: "1.0.0" },
      sites: { virginia: { cloud: "aws", region: "us-east-1" } },
      components: { queues: { type: "queues", count } },
    }),
    ...Array.from({ length: environments }, (_, index) =>
      defineEnvironment({
        metadata: { name: queueEnvironment(index) },
        blueprint: "queues@^1",
        class: "dev",
        tags: { Owner: "team-bench", CostCenter: "CC-1", Project: "bench", DataClass: "internal" },
      }),
    ),
  ];
}

export function queueEnvironment(index: number): string {
  return `queues-${index}`;
}

export interface QueueWorld extends AsyncDisposable {
  readonly context: PlatformContext;
}

export async function makeQueueWorld(environments: number, count: number): Promise<QueueWorld> {
  const dir = await mkdtemp(join(tmpdir(), "terrane-queues-"));
  await mkdir(join(dir, "environments"));
  await writeFile(
    join(dir, "terrane.yaml"),
    "apiVersion: terrane.dev/v1\nkind: Project\nmetadata: { name: bench }\n",
  );
  return {
    context: {
      dir,
      home: process.env["TERRANE_HOME"] ?? join(homedir(), ".terrane"),
      environment: { PATH: process.env["PATH"], HOME: process.env["HOME"] },
      now: () => new Date(),
      components: [queues],
      documents: queueDocuments(environments, count),
    },
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  };
}
