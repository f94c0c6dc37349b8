/**
 * The smallest environment that has everything a crash can hurt: two stacks, one of which needs the other, a resource of
 * each kind of import id, something that can be updated, and a secret.
 */
import { Queue } from "@pulumi/aws/sqs/queue.js";
import { QueuePolicy } from "@pulumi/aws/sqs/queuePolicy.js";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { type BuildContext, defineComponent, reference, supported, unsupported } from "../../src/index.ts";
import { environmentText } from "./project.ts";

export const environment = "shop";
/** The value of the secret parameter: it may stand nowhere in clear. */
export const canary = "canary-7f3a9c51d2e8";
/** What it stands in for whoever reads the environment document. */
export const secretVariable = "SHOP_TOKEN";

const notHere = unsupported("made for AWS");
const aside = { gcp: notHere, azure: notHere, kubernetes: notHere };

const wireFields = z.strictObject({ retention: z.int().default(600) });
const wireOutputs = z.object({ arn: z.string() });
const wire = defineComponent({
  name: "wire",
  domain: "network",
  summary: "A queue that others write to",
  fields: wireFields,
  outputs: wireOutputs,
  implementations: {
    aws: supported(async () => ({
      implementation: (context: BuildContext<typeof wireFields>) => {
        const queue = makeQueue(context, "wire", context.fields.retention);
        return { arn: queue.arn };
      },
    })),
    ...aside,
  },
});

const jobsFields = z.strictObject({
  wire: reference(wire),
  retention: z.int().default(600),
  token: z.string(),
});
const jobs = defineComponent({
  name: "jobs",
  domain: "data",
  summary: "A queue that only one may write to",
  fields: jobsFields,
  outputs: z.object({ url: z.string() }),
  implementations: {
    aws: supported(async () => ({
      implementation: (context: BuildContext<typeof jobsFields>) => {
        const queue = makeQueue(context, "jobs", context.fields.retention);
        const policy = pulumi
          .all([queue.arn, context.references.wire.outputs.arn, context.fields.token])
          .apply(([arn, from, token]) => policyText({ arn, from, token }));
        new QueuePolicy("policy", { queueUrl: queue.url, policy: pulumi.secret(policy) }, context.child);
        return { url: queue.url };
      },
    })),
    ...aside,
  },
});

const stockFields = z.strictObject({
  count: z.int(),
  retention: z.int().default(600),
  token: z.string(),
});
const stock = defineComponent({
  name: "stock",
  domain: "data",
  summary: "Queues in any number, that need nothing and are needed by nobody",
  // So that a stack of it can be known to stand as it should without asking an engine.
  version: "1",
  fields: stockFields,
  outputs: z.object({}),
  implementations: {
    aws: supported(async () => ({
      implementation: (context: BuildContext<typeof stockFields>) => {
        const { count, retention, token } = context.fields;
        for (let index = 0; index < count; index += 1) {
          // Every tenth takes the retention: another one updates as many.
          makeQueue(context, `queue-${index}`, index % 10 === 0 ? retention : 600, token);
        }
        return {};
      },
    })),
    ...aside,
  },
});

export const components = [wire, jobs, stock];

interface QueueContext {
  readonly physicalName: BuildContext<typeof wireFields>["physicalName"];
  readonly child: BuildContext<typeof wireFields>["child"];
}

function makeQueue(context: QueueContext, name: string, retention: number, token?: string): Queue {
  const physical = context.physicalName(name, { maxLength: 80 });
  const secret = token === undefined ? {} : { tags: { Token: pulumi.secret(token) } };
  const settings = { name: physical, messageRetentionSeconds: retention, ...secret };
  return new Queue(name, settings, context.child);
}

interface PolicyParts {
  readonly arn: string;
  readonly from: string;
  readonly token: string;
}

function policyText({ arn, from, token }: PolicyParts): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: "sqs:SendMessage",
        Resource: arn,
        Condition: {
          StringEquals: { "aws:PrincipalTag/token": token },
          ArnEquals: { "aws:SourceArn": from },
        },
      },
    ],
  });
}

/** The project's documents; another retention is an update of a resource in each stack. */
export function documents(retention = 600): Readonly<Record<string, string>> {
  return {
    "blueprints/queues/blueprint.yaml": [
      "apiVersion: terrane.dev/v1",
      "kind: Blueprint",
      'metadata: { name: queues, version: "1.0.0" }',
      "parameters:",
      "  token: { type: string, secret: true, description: What writers sign with }",
      "  retention: { type: integer, description: Seconds that messages are kept }",
      "sites: { here: { cloud: aws, region: us-east-1 } }",
      "components:",
      '  wire: { type: wire, retention: "${parameters.retention}" }',
      '  jobs: { type: jobs, wire: wire, retention: "${parameters.retention}", token: "${parameters.token}" }',
      "",
    ].join("\n"),
    "environments/shop.yaml": environmentText(environment, "queues", [
      `parameters: { retention: ${retention}, token: { fromEnv: ${secretVariable} } }`,
    ]),
  };
}

/** Another environment of the same project, of one stack with so many queues. */
export const stockEnvironment = "depot";

export function stockDocuments(count: number, retention = 600): Readonly<Record<string, string>> {
  return {
    "blueprints/stocks/blueprint.yaml": [
      "apiVersion: terrane.dev/v1",
      "kind: Blueprint",
      'metadata: { name: stocks, version: "1.0.0" }',
      "parameters:",
      "  token: { type: string, secret: true, description: What is written on each }",
      "  retention: { type: integer, description: Seconds that messages are kept }",
      "sites: { here: { cloud: aws, region: us-east-1 } }",
      "components:",
      `  stock: { type: stock, count: ${count}, retention: "\${parameters.retention}", token: "\${parameters.token}" }`,
      "",
    ].join("\n"),
    "environments/depot.yaml": environmentText(stockEnvironment, "stocks", [
      `parameters: { retention: ${retention}, token: { fromEnv: ${secretVariable} } }`,
    ]),
  };
}

/** As `test/support/project.ts` has it, but it passes: what came later has a later time. */
export function now(): Date {
  return new Date(Date.parse("2026-11-21T00:00:00Z") + (Date.now() % 86_400_000));
}
