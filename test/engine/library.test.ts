/** The library as its users meet it: documents and a component of their own in code, through the real engine. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Queue } from "@pulumi/aws/sqs/queue.js";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import {
  cloudObjects,
  defineBlueprint,
  defineComponent,
  defineEnvironment,
  destroy,
  history,
  type Implementation,
  type OperationEvent,
  outputs,
  plan,
  render,
  resources,
  status,
  supported,
  unsupported,
  up,
} from "../../src/index.ts";

const fields = z.strictObject({
  retention: z.number().int().min(60).default(345_600),
  token: z.string().optional(),
  count: z.number().int().default(1),
});
const queueOutputs = z.object({ url: z.string() });

const makeQueue: Implementation<typeof fields, typeof queueOutputs> = (context) => {
  const { token, count, retention } = context.fields;
  // What a careless program does: the value of a secret in a message.
  if (token !== undefined) pulumi.output(token).apply((text) => pulumi.log.warn(`using ${text}`));
  const queues = Array.from(
    { length: count },
    (_, index) =>
      new Queue(
        `${context.name}-${index}`,
        {
          name: context.physicalName(`${index}`, { maxLength: 80 }),
          messageRetentionSeconds: retention,
        },
        context.child,
      ),
  );
  return { url: queues[0]?.url ?? "" };
};

const queue = defineComponent({
  name: "queue",
  domain: "data",
  summary: "A queue of a team's own",
  fields,
  outputs: queueOutputs,
  implementations: {
    aws: supported(async () => ({ implementation: makeQueue })),
    gcp: unsupported("made for AWS"),
    azure: unsupported("made for AWS"),
    kubernetes: unsupported("made for AWS"),
  },
});

const blueprint = defineBlueprint({
  metadata: { name: "queues", version: "1.0.0" },
  parameters: {
    token: { type: "string", secret: true, description: "What the queue's owner signs with" },
  },
  sites: { virginia: { cloud: "aws", region: "us-east-1" } },
  components: { jobs: { type: "queue", retention: 3600, token: "${parameters.token}" } },
});

const environment = (name: string) =>
  defineEnvironment({
    metadata: { name },
    blueprint: "queues@^1",
    class: "dev",
    tags: { Owner: "team-test", CostCenter: "CC-1", Project: "test", DataClass: "internal" },
    parameters: { token: { fromEnv: "QUEUE_TOKEN" } },
  });

const secretText = "hunter2-hunter2";

describe("the library, with a component and documents of the caller's own", () => {
  let dir: string;
  const options = (name: string) => ({
    dir,
    environment: name,
    components: [queue],
    documents: [blueprint, environment("left"), environment("right")],
    variables: {
      PATH: process.env["PATH"],
      TERRANE_HOME: process.env["TERRANE_HOME"],
      QUEUE_TOKEN: secretText,
    },
    now: () => new Date("2026-11-21T12:00:00Z"),
  });

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "terrane-library-"));
  });
  afterAll(async () => {
    await rm(dir, { recursive: true, force: true });
  });

  it("renders the component", async () => {
    const { stacks } = await render(options("left"));
    expect(stacks.flatMap(({ name, resources }) => resources.map(({ type }) => [name, type]))).toEqual(
      expect.arrayContaining([
        ["left.virginia.data", "terrane:component:Queue"],
        ["left.virginia.data", "aws:sqs/queue:Queue"],
      ]),
    );
  });

  it("brings two environments up at once, each with its own events, and says no secret in any of them", async () => {
    const read = async (name: string) => {
      const operation = up({ ...options(name), parallel: 1 });
      const events: OperationEvent[] = [];
      for await (const event of operation) events.push(event);
      return { events, ...(await operation.result) };
    };
    const [left, right] = await Promise.all([read("left"), read("right")]);
    for (const [name, { events, result, outputs: made }] of Object.entries({ left, right })) {
      expect(result).toBe("succeeded");
      expect(made["virginia"]?.["jobs"]?.["url"]).toBeTypeOf("string");
      expect(new Set(events.flatMap((event) => ("stack" in event ? [event.stack] : [])))).toEqual(
        new Set([`${name}.virginia.data`]),
      );
      expect(events[0]).toMatchObject({
        type: "stack:start",
        verb: "preview",
        at: "2026-11-21T12:00:00.000Z",
      });
      expect(events.at(-1)).toMatchObject({ type: "operation:end", status: "succeeded" });
      const messages = events.flatMap((event) => (event.type === "diagnostic" ? [event.message] : []));
      expect(messages).toContain("using [secret]");
      expect(JSON.stringify(events)).not.toContain(secretText);
    }
    expect(await outputs(options("left"))).toEqual(left.outputs);
    const { dir: folder, variables } = options("left");
    expect((await status({ dir: folder, documents: [blueprint], variables })).length).toBe(2);
    const [stack] = (await resources({ ...options("left"), component: "jobs", type: "Queue" })).stacks;
    expect(stack).toMatchObject({ name: "left.virginia.data", pending: [] });
    expect(stack?.resources.map(({ type }) => type)).toContain("aws:sqs/queue:Queue");
    const done = await history({ ...options("left"), limit: 1 });
    expect(done).toMatchObject([{ environment: "left", kind: "up", status: "succeeded" }]);
  });

  it("brings two up at once that want the next free block: the later one plans again with the block after it", async () => {
    const network = defineBlueprint({
      metadata: { name: "network", version: "1.0.0" },
      sites: { virginia: { cloud: "aws", region: "us-east-1" } },
      components: { vpc: { type: "vpc", zones: 1 } },
    });
    const { variables, now } = options("left");
    const networks = ["east", "west"].map((name) => ({
      dir,
      variables,
      now,
      environment: name,
      documents: [network, { ...environment(name), blueprint: "network@^1", parameters: {} }],
    }));
    const made = await Promise.all(networks.map((request) => up(request).result));
    expect(made.map(({ result }) => result)).toEqual(["succeeded", "succeeded"]);
    const blocks = made.map(({ outputs: all }) => all["virginia"]?.["vpc"]?.["cidr"]);
    expect(new Set(blocks).size).toBe(2);
    await Promise.all(networks.map((request) => destroy(request).result));
  });

  it("asks before it changes anything, and takes no for an answer", async () => {
    const wider = defineBlueprint({
      ...blueprint,
      components: { jobs: { type: "queue", retention: 7200, token: "${parameters.token}" } },
    } as never);
    const asked: number[] = [];
    const { result } = await up({
      ...options("left"),
      documents: [wider, environment("left")],
      confirm: ({ counts }) => {
        asked.push(counts.update);
        return false;
      },
    }).result;
    expect([result, asked]).toEqual(["declined", [1]]);
  });

  it("is stopped in good order: what was begun is finished, the rest is not started, and the result says so", async () => {
    const many = defineBlueprint({
      ...blueprint,
      components: { jobs: { type: "queue", count: 60, token: "${parameters.token}" } },
    } as never);
    // Slow enough that the first queue is there long before the last one is begun.
    const operation = up({ ...options("left"), documents: [many, environment("left")], pace: 2 });
    let ups = 0;
    for await (const event of operation) {
      if (event.type === "stack:start" && event.verb === "up") ups++;
      if (event.type === "resource:end" && ups === 1) {
        ups++;
        operation.stop();
      }
    }
    const { result, operation: recorded, next } = await operation.result;
    expect(result).toBe("cancelled");
    expect(recorded?.status).toBe("cancelled");
    expect(next).toBe("terrane up left");
  });

  it("is stopped while it plans: an error, since nothing was touched", async () => {
    const operation = plan(options("right"));
    operation.stop();
    await expect(operation.result).rejects.toMatchObject({ code: "cancelled" });
  });

  it("takes both environments away again", async () => {
    const results = await Promise.all(["left", "right"].map((name) => destroy(options(name)).result));
    expect(results.map(({ result }) => result)).toEqual(["succeeded", "succeeded"]);
    expect(await cloudObjects(options("left"))).toEqual([]);
  });
});
