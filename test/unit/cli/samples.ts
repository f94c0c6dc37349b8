/** Plans, operations and answers of a small environment, as the platform would give them. */
import type { Finding } from "../../../src/model/finding.ts";
import type { Operation, OperationStep } from "../../../src/model/operation.ts";
import {
  addCounts,
  countSteps,
  noChanges,
  type Plan,
  type StackPlan,
  type Step,
} from "../../../src/model/plan.ts";
import type {
  ApplyResult,
  CloudObject,
  EnvironmentOutputs,
  EnvironmentStatus,
  ValidationReport,
} from "../../../src/platform/api.ts";
import { secret, unknown } from "../../../src/values/value.ts";

export function urn(stack: string, chain: string, name: string): string {
  return `urn:pulumi:${stack}::terrane::${chain}::${name}`;
}

const network = "shop.virginia.network";
const data = "shop.virginia.data";

const vpcComponent = "terrane:component:Vpc";
const postgresComponent = "terrane:component:Postgres";

function step(given: Pick<Step, "urn" | "action"> & Partial<Step>): Step {
  const chain = given.urn.split("::")[2] ?? "";
  return {
    type: chain.split("$").at(-1) ?? "",
    name: given.urn.split("::")[3] ?? "",
    changes: [],
    replacementUnknown: false,
    ...given,
  };
}

function stackPlan(
  given: Pick<StackPlan, "stack" | "domain" | "outputs"> & { steps: Step[]; phase?: StackPlan["phase"] },
): StackPlan {
  return { site: "virginia", phase: "converge", counts: countSteps(given.steps), ...given };
}

export function plan(stacks: readonly StackPlan[], given: Partial<Plan> = {}): Plan {
  return {
    format: "terrane.dev/plan/v1",
    hash: "9f86d081",
    kind: "up",
    environment: "shop",
    class: "staging",
    target: "simulated",
    provisional: false,
    blueprint: { name: "aws-platform", version: "1.0.0" },
    counts: addCounts(stacks.map((stack) => stack.counts)),
    moves: [],
    stacks: [...stacks],
    findings: [],
    dataAtRisk: [],
    ...given,
  };
}

export const vpcUrn = urn(network, `${vpcComponent}$aws:ec2/vpc:Vpc`, "vpc");
export const databaseUrn = urn(data, `${postgresComponent}$aws:rds/instance:Instance`, "orders");

export const newNetwork = stackPlan({
  stack: network,
  domain: "network",
  steps: [
    step({ urn: urn(network, vpcComponent, "vpc"), action: "create" }),
    step({
      urn: vpcUrn,
      action: "create",
      changes: [
        { path: "cidrBlock", kind: "add", replaces: false, after: "10.0.0.0/16" },
        { path: "tags.Owner", kind: "add", replaces: false, after: "team-shop" },
      ],
    }),
    step({
      urn: urn(network, `${vpcComponent}$aws:ec2/subnet:Subnet`, "vpc-private-a"),
      action: "create",
      changes: [{ path: "vpcId", kind: "add", replaces: false, after: unknown }],
    }),
  ],
  outputs: { vpc: { id: unknown, cidr: "10.0.0.0/16" } },
});

export const newData = stackPlan({
  stack: data,
  domain: "data",
  steps: [
    step({ urn: urn(data, postgresComponent, "orders"), action: "create" }),
    step({ urn: databaseUrn, action: "create" }),
  ],
  outputs: { orders: { endpoint: unknown, password: secret } },
});

export const newPlan = plan([newNetwork, newData], { provisional: true });

export const changedData = stackPlan({
  stack: data,
  domain: "data",
  steps: [
    step({ urn: urn(data, postgresComponent, "orders"), action: "same" }),
    step({
      urn: databaseUrn,
      action: "replace",
      changes: [
        { path: "engineVersion", kind: "update", replaces: false, before: "16", after: "17" },
        { path: "dbName", kind: "update", replaces: true, before: "orders", after: "sales" },
        { path: "password", kind: "update", replaces: false, before: secret, after: secret },
      ],
    }),
    step({
      urn: urn(data, `${postgresComponent}$acme:queue:Queue`, "orders-events"),
      action: "update",
      changes: [{ path: "size", kind: "update", replaces: false, before: 1, after: unknown }],
      replacementUnknown: true,
    }),
    step({
      urn: urn(data, `${postgresComponent}$aws:cloudwatch/metricAlarm:MetricAlarm`, "orders-lag"),
      action: "delete",
    }),
  ],
  outputs: { orders: { endpoint: unknown } },
});

const sameNetwork = stackPlan({
  stack: network,
  domain: "network",
  steps: newNetwork.steps.map((each) => ({ ...each, action: "same" as const, changes: [] })),
  outputs: { vpc: { id: "vpc-1", cidr: "10.0.0.0/16" } },
});

export const deniedFinding: Finding = {
  rule: "baseline/no-public-database",
  verdict: "fail",
  severity: "deny",
  stack: data,
  urn: databaseUrn,
  resource: "orders (aws:rds/instance:Instance)",
  property: "publiclyAccessible",
  why: "the database would have a public address",
  mend: "remove publiclyAccessible",
};

export const passedFinding: Finding = {
  ...deniedFinding,
  rule: "baseline/encryption-at-rest",
  verdict: "pass",
  why: "storage is encrypted",
};

export const changedPlan = plan([sameNetwork, changedData], {
  dataAtRisk: [databaseUrn],
  findings: [deniedFinding, passedFinding],
});

const setAsideUrn = `${databaseUrn}~replaced`;

/** A database makes room for another while others still use it; its network has another name now. */
export const movedPlan = plan(
  [
    stackPlan({
      stack: data,
      domain: "data",
      steps: [
        step({
          urn: databaseUrn,
          action: "create",
          changes: [{ path: "dbName", kind: "update", replaces: true, before: "orders", after: "sales" }],
          setAside: setAsideUrn,
        }),
        step({ urn: setAsideUrn, action: "same" }),
      ],
      outputs: {},
    }),
    stackPlan({
      stack: data,
      domain: "data",
      phase: "prune",
      steps: [step({ urn: setAsideUrn, action: "delete" })],
      outputs: {},
    }),
  ],
  {
    dataAtRisk: [databaseUrn],
    moves: [
      {
        type: "Vpc",
        from: { stack: network, component: "vpc" },
        to: { stack: network, component: "net" },
        resources: [{ from: urn(network, vpcComponent, "vpc"), to: urn(network, vpcComponent, "net") }],
      },
      {
        type: "Postgres",
        from: { stack: "shop.virginia.compute", component: "orders" },
        to: { stack: data, component: "orders" },
        resources: [
          { from: databaseUrn.replace(data, "shop.virginia.compute"), to: databaseUrn },
          { from: "urn:pulumi:a", to: "urn:pulumi:b" },
        ],
      },
    ],
  },
);

export const unchangedPlan = plan([sameNetwork]);

export const outputs: EnvironmentOutputs = {
  virginia: {
    vpc: { id: "vpc-0a1b2c3d", cidr: "10.0.0.0/16" },
    orders: { endpoint: "orders-5f3a.rds.example.com", port: 5432, password: secret },
  },
};

function operationStep(
  given: Pick<OperationStep, "stack" | "outcome"> & Partial<OperationStep>,
): OperationStep {
  return {
    id: `converge:${given.stack}`,
    phase: "converge",
    counts: noChanges,
    resources: [],
    ...given,
  };
}

export const doneOperation: Operation = {
  id: "op-1",
  kind: "up",
  environment: "shop",
  planHash: newPlan.hash,
  status: "succeeded",
  startedBy: "ada",
  startedAt: "2026-11-21T09:59:00.000Z",
  endedAt: "2026-11-21T09:59:42.000Z",
  steps: [
    operationStep({
      stack: network,
      outcome: "done",
      counts: { ...noChanges, create: 3 },
      startedAt: "2026-11-21T09:59:00.000Z",
      endedAt: "2026-11-21T09:59:03.000Z",
    }),
    operationStep({
      stack: data,
      outcome: "done",
      counts: { ...noChanges, create: 2 },
      startedAt: "2026-11-21T09:59:03.000Z",
      endedAt: "2026-11-21T09:59:42.000Z",
    }),
  ],
};

export const succeeded: ApplyResult = {
  plan: newPlan,
  result: "succeeded",
  operation: doneOperation,
  outputs,
  resources: { [network]: 3, [data]: 2 },
};

export const failedOperation: Operation = {
  ...doneOperation,
  status: "failed",
  steps: [
    operationStep({ stack: network, outcome: "done", counts: { ...noChanges, create: 3 } }),
    operationStep({
      stack: data,
      outcome: "failed",
      counts: { ...noChanges, create: 1 },
      message: "1 resource failed",
      resources: [
        {
          urn: databaseUrn,
          action: "create",
          outcome: "failed",
          message: "DBSubnetGroupDoesNotCoverEnoughAZs: the group covers 1 zone, at least 2 are needed",
        },
        {
          urn: urn(data, `${postgresComponent}$acme:queue:Queue`, "orders-events"),
          action: "create",
          outcome: "unknown",
        },
      ],
    }),
    operationStep({ stack: "shop.virginia.compute", outcome: "not-started" }),
  ],
};

export const failed: ApplyResult = {
  plan: newPlan,
  result: "failed",
  operation: failedOperation,
  outputs: {},
  resources: { [network]: 3, [data]: 1 },
  next: "terrane up shop",
};

export const status: EnvironmentStatus = {
  record: {
    name: "shop",
    incarnation: "0a1b2c3d",
    class: "staging",
    target: "simulated",
    blueprint: { name: "aws-platform", version: "1.0.0" },
    roles: { virginia: "primary" },
    addresses: { "vpc@virginia": "10.0.0.0/16" },
    status: "ready",
    updatedAt: "2026-11-21T09:55:00.000Z",
  },
  resources: { [network]: 3, [data]: 2 },
  operation: doneOperation,
};

export const validReport: ValidationReport = {
  documents: [
    { file: "blueprints/aws-platform/blueprint.yaml", kind: "Blueprint", name: "aws-platform" },
    { file: "environments/shop.yaml", kind: "Environment", name: "shop" },
  ],
  problems: [],
  omitted: 0,
  schedules: [],
  graphs: [
    {
      of: "environment",
      name: "shop",
      stacks: [
        {
          name: network,
          site: "virginia",
          domain: "network",
          components: [{ name: "vpc", type: "vpc" }],
          dependsOn: [],
        },
        {
          name: data,
          site: "virginia",
          domain: "data",
          components: [
            { name: "orders", type: "postgres" },
            { name: "events", type: "queue" },
          ],
          dependsOn: [network],
        },
      ],
    },
  ],
};

export const cloudObject: CloudObject = {
  cloud: "aws",
  account: "000000000000",
  region: "us-east-1",
  type: "aws:ec2/vpc:Vpc",
  id: "vpc-0a1b2c3d",
  name: "shop-vpc-5f3a21",
  createdAt: "2026-11-21T09:59:10.000Z",
  properties: { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true },
};
