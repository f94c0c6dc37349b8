/** What stands on unchanged ground where secrets, data sources and code of the caller's own are at play. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Queue } from "@pulumi/aws/sqs/queue.js";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import {
  defineBlueprint,
  defineComponent,
  defineEnvironment,
  type Implementation,
  plan,
  reference,
  supported,
  unsupported,
  up,
} from "../../src/index.ts";

const elsewhere = unsupported("made for AWS");
const clouds = { gcp: elsewhere, azure: elsewhere, kubernetes: elsewhere };
const token = z.object({ token: z.string() });

const vaultFields = z.strictObject({ word: z.string() });
const vault = defineComponent({
  name: "vault",
  domain: "data",
  summary: "Hands a secret on",
  version: "1",
  fields: vaultFields,
  outputs: token,
  implementations: {
    aws: supported(async () => ({
      implementation: ((context) => {
        new Queue(context.name, {}, context.child);
        return { token: pulumi.secret(context.fields.word) };
      }) satisfies Implementation<typeof vaultFields, typeof token>,
    })),
    ...clouds,
  },
});

/** What programs were really handed. */
const words = new Set<string>();

const readerFields = z.strictObject({ vault: reference(vault), seconds: z.int() });
const nothing = z.object({});
const reader = defineComponent({
  name: "reader",
  domain: "compute",
  summary: "Uses the secret",
  version: "1",
  fields: readerFields,
  outputs: nothing,
  implementations: {
    aws: supported(async () => ({
      implementation: ((context) => {
        const { seconds } = context.fields;
        const policy = context.references.vault.outputs.token;
        pulumi.output(policy).apply((word) => words.add(word));
        new Queue(context.name, { policy, messageRetentionSeconds: seconds }, context.child);
        return {};
      }) satisfies Implementation<typeof readerFields, typeof nothing>,
    })),
    ...clouds,
  },
});

const noFields = z.strictObject({});
const plain = (name: string, version: string | undefined, make: () => void) =>
  defineComponent({
    name,
    domain: "data",
    summary: "A queue",
    ...(version === undefined ? {} : { version }),
    fields: noFields,
    outputs: nothing,
    implementations: {
      aws: supported(async () => ({
        implementation: ((context) => {
          make();
          new Queue(context.name, {}, context.child);
          return {};
        }) satisfies Implementation<typeof noFields, typeof nothing>,
      })),
      ...clouds,
    },
  });
const asking = plain("asking", "1", () => {
  void pulumi.runtime.invoke("aws:index/getRegion:getRegion", {}).catch(() => {});
});
const unversioned = plain("unversioned", undefined, () => {});

const site = { cloud: "aws", region: "us-east-1" } as const;
const tags = { Owner: "team-test", CostCenter: "CC-1", Project: "test", DataClass: "internal" };

function documents(name: string, components: Record<string, { type: string } & Record<string, unknown>>) {
  const isSecret = Object.values(components).some(({ type }) => type === "vault");
  return [
    defineBlueprint({
      metadata: { name, version: "1.0.0" },
      ...(isSecret ? { parameters: { word: { type: "string", secret: true } } } : {}),
      sites: { virginia: site },
      components,
    }),
    defineEnvironment({
      metadata: { name },
      blueprint: `${name}@^1`,
      class: "dev",
      tags,
      ...(isSecret ? { parameters: { word: { fromEnv: "WORD" } } } : {}),
    }),
  ];
}

describe("an unchanged stack", () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "terrane-unchanged-"));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  const options = (given: ReturnType<typeof documents>, word: string) => ({
    dir,
    documents: given,
    components: [vault, reader, asking, unversioned],
    variables: { ...process.env, WORD: word },
  });
  const started = async (running: ReturnType<typeof plan> | ReturnType<typeof up>) => {
    const stacks: string[] = [];
    for await (const event of running) if (event.type === "stack:start") stacks.push(event.stack);
    return [...new Set(stacks)].sort();
  };
  const [data, compute] = ["shop.virginia.data", "shop.virginia.compute"];
  const shop = (seconds: number) =>
    documents("shop", {
      vault: { type: "vault", word: "${parameters.word}" },
      reader: { type: "reader", vault: "vault", seconds },
    });

  it("is asked about again where a secret parameter has another value, and hands secrets on where they are needed", async () => {
    expect(await started(up(options(shop(100), "first-word")))).toEqual([compute, data]);
    expect(await started(plan(options(shop(100), "first-word")))).toEqual([]);
    expect(await started(plan(options(shop(100), "other-word")))).toEqual([compute, data]);

    // Only the reader is another one; what it reads, no ledger knows.
    expect(await started(up(options(shop(200), "first-word")))).toEqual([compute, data]);
    expect([...words]).toEqual(["first-word", "other-word"]);
    expect(await started(plan(options(shop(200), "first-word")))).toEqual([]);
  });

  it.each([
    ["asks a provider for data", "asking"],
    ["has no version to tell it by", "unversioned"],
  ])("is none where code of a caller's own %s", async (_, type) => {
    const given = options(documents(type, { part: { type } }), "unused");
    expect((await up(given).result).result).toBe("succeeded");
    expect(await started(plan(given))).toEqual([`${type}.virginia.data`]);
  });
});
