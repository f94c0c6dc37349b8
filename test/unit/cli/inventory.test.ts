import { describe, expect, it } from "vitest";
import type { EnvironmentResources, EnvironmentSummary } from "../../../src/platform/api.ts";
import { runFake } from "./fakes.ts";
import { doneOperation, failedOperation, urn } from "./samples.ts";
import { text } from "./screen.ts";

const { steps: _steps, ...operation } = doneOperation;
const virginia = { name: "virginia", cloud: "aws", region: "us-east-1", role: "primary" } as const;
const environments: readonly EnvironmentSummary[] = [
  {
    name: "dev",
    status: "absent",
    class: "dev",
    blueprint: { name: "aws-platform" },
    sites: [],
    resources: 0,
    document: "environments/dev.yaml",
  },
  {
    name: "shop",
    status: "ready",
    class: "staging",
    target: "simulated",
    blueprint: { name: "aws-platform", version: "1.0.0" },
    sites: [virginia],
    resources: 5,
    operation,
    updatedAt: "2026-11-21T09:55:00.000Z",
  },
];

describe("terrane list", () => {
  const listing = { listEnvironments: async () => environments };

  it("puts what is up beside what is only written down, and names what has lost its document", async () => {
    const { code, stdout } = await runFake(["list"], listing);
    expect(code).toBe(0);
    expect(stdout.trimEnd()).toBe(text`
      ENVIRONMENT  STATUS  CLASS    TARGET     BLUEPRINT           SITES     RESOURCES  LAST OPERATION    CHANGED
      dev          absent  dev      –          aws-platform        –                 –  –                       –
      shop         ready   staging  SIMULATED  aws-platform 1.0.0  virginia          5  up succeeded    5 min ago

      ! 1 environment without a document: shop
    `);
  });

  it("stays within a narrow terminal", async () => {
    const { stdout } = await runFake(["ls"], listing, {
      terminal: true,
      columns: 40,
      environment: { NO_COLOR: "1" },
    });
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(40);
    expect(stdout).toContain("RESOURCES");
  });

  it("answers a machine with everything", async () => {
    const { stdout } = await runFake(["list", "--json"], listing);
    expect(JSON.parse(stdout)).toEqual({ format: "terrane.dev/list/v1", environments });
  });

  it("says what to do where there is nothing", async () => {
    const { stdout } = await runFake(["list"], { listEnvironments: async () => [] });
    expect(stdout).toContain("no environments yet");
  });
});

describe("terrane resources", () => {
  const stack = "shop.virginia.network";
  const component = urn(stack, "terrane:component:Vpc", "vpc");
  const found: EnvironmentResources = {
    environment: "shop",
    target: "simulated",
    stacks: [
      {
        name: stack,
        pending: [urn(stack, "aws:ec2/eip:Eip", "vpc-egress")],
        resources: [
          {
            urn: component,
            name: "vpc",
            type: "terrane:component:Vpc",
            component: "vpc@virginia",
            protect: false,
          },
          {
            urn: urn(stack, "terrane:component:Vpc$aws:ec2/vpc:Vpc", "vpc"),
            name: "vpc",
            type: "aws:ec2/vpc:Vpc",
            id: "vpc-0a1b2c3d",
            parent: component,
            component: "vpc@virginia",
            protect: true,
          },
        ],
      },
    ],
  };

  it("shows a tree per stack with ids, what is protected, and what was begun without an end", async () => {
    const seen: unknown[] = [];
    const reading = {
      readResources: async (_context: unknown, ...given: unknown[]) => {
        seen.push(given);
        return found;
      },
    };
    const argv = ["resources", "shop", "--stack", "virginia.network", "--component", "vpc", "--type", "Vpc"];
    const { code, stdout } = await runFake(argv, reading);
    expect(code).toBe(0);
    expect(seen).toEqual([["shop", { stack: "virginia.network", type: "Vpc", component: "vpc" }]]);
    expect(stdout.trimEnd()).toBe(text`
      Resources of shop  SIMULATED
      2 resources in 1 stack

      virginia.network  2 resources
        vpc    terrane:component:Vpc
          vpc  aws:ec2:Vpc            vpc-0a1b2c3d  protected
        ? vpc-egress  begun, its end unknown
    `);
  });

  it("shortens types where ids have no room, and puts an id below that still has none", async () => {
    const [stackFound] = found.stacks;
    const resources = (stackFound?.resources ?? []).map((resource) => ({
      ...resource,
      id: resource.id === undefined ? "" : `${"long-".repeat(3)}${resource.id}`,
    }));
    const longer = { ...found, stacks: [{ name: stack, pending: [], resources }] };
    const { stdout } = await runFake(
      ["resources", "shop"],
      { readResources: async () => longer },
      { terminal: true, columns: 60, environment: { NO_COLOR: "1" } },
    );
    expect(stdout.trimEnd()).toBe(text`
      Resources of shop  SIMULATED
      2 resources in 1 stack

      virginia.network  2 resources
        vpc    Vpc
          vpc  Vpc  long-long-long-vpc-0a1b2c3d  protected
    `);
  });

  it("keeps the id in sight on a narrow terminal, where the type has no room", async () => {
    const { stdout } = await runFake(
      ["resources", "shop"],
      { readResources: async () => found },
      { terminal: true, columns: 40, environment: { NO_COLOR: "1" } },
    );
    expect(stdout).toContain("vpc-0a1b2c3d");
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(40);
  });
});

describe("terrane history", () => {
  it("shows operations with what they changed, how long they took and who began them", async () => {
    const seen: unknown[] = [];
    const { code, stdout } = await runFake(["history", "shop", "--limit", "5"], {
      readHistory: async (_context, request) => {
        seen.push(request);
        return [{ ...doneOperation, blueprint: { name: "aws-platform", version: "1.0.0" } }, failedOperation];
      },
    });
    expect(code).toBe(0);
    expect(seen).toEqual([{ environment: "shop", limit: 5 }]);
    const [heading, done, failed] = stdout.split("\n");
    expect(heading).toMatch(/^OPERATION +ENVIRONMENT +KIND +RESULT +CHANGES +WHEN +TOOK +BY +BLUEPRINT$/);
    expect(done).toMatch(/up +succeeded +\+\d+ .*ago +\d.* (s|min \d+ s) +ada +aws-platform 1\.0\.0$/);
    expect(failed).toMatch(/up +failed /);
  });

  it("shows one operation step by step, with what did not end as it should", async () => {
    const { code, stdout } = await runFake(["history", "shop", "op-7"], {
      readHistory: async () => [failedOperation],
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^up of shop {2}failed$/m);
    expect(stdout).toMatch(/^ {2}✓ virginia\.network +done/m);
    expect(stdout).toMatch(/^ {2}· virginia\.compute +not started/m);
  });

  it("refuses a limit that is no number of operations", async () => {
    const { code, stderr } = await runFake(["history", "--limit", "0"]);
    expect(code).toBe(64);
    expect(stderr).toContain("a whole number from 1 to 1000");
  });
});
