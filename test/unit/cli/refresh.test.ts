import { describe, expect, it } from "vitest";
import { refreshLines } from "../../../src/cli/output/refresh.ts";
import { noChanges } from "../../../src/model/plan.ts";
import type { RefreshResult } from "../../../src/platform/api.ts";
import { runFake } from "./fakes.ts";
import { databaseUrn, vpcUrn } from "./samples.ts";
import { text, toText } from "./screen.ts";

const network = "shop.virginia.network";
const step = (stack: string) => ({ id: `refresh:${stack}`, stack, phase: "refresh" as const });
const operation: RefreshResult["operation"] = {
  id: "op-1",
  kind: "refresh",
  environment: "shop",
  planHash: "0",
  status: "succeeded",
  startedBy: "test",
  startedAt: "2026-11-21T12:00:00.000Z",
  endedAt: "2026-11-21T12:00:02.500Z",
  steps: [{ ...step(network), outcome: "done", counts: { ...noChanges, same: 3 }, resources: [] }],
};
const asItWas: RefreshResult = {
  result: "succeeded",
  environment: "shop",
  target: "simulated",
  found: [],
  operation,
  resources: { [network]: 3, "shop.virginia.data": 2 },
};
const changed: RefreshResult = {
  ...asItWas,
  found: [
    {
      ...{ stack: network, urn: vpcUrn, type: "aws:ec2/vpc:Vpc", name: "vpc", kind: "changed" },
      changes: [{ path: "enableDnsSupport", kind: "update", replaces: false, before: true, after: false }],
    },
    {
      ...{ stack: "shop.virginia.data", urn: databaseUrn, type: "aws:rds/instance:Instance" },
      ...{ name: "orders", kind: "gone", changes: [] },
    },
  ],
};

describe("how a refresh ended", () => {
  it("with nothing found, in two lines", () => {
    expect(toText(refreshLines(asItWas, { width: 80, verbose: false }))).toBe(text`
      ✓ shop is as its states say  SIMULATED
        5 resources in 2 stacks, in 2.5 s
    `);
  });

  it("with what others have done, property by property, and what to look at next", () => {
    expect(toText(refreshLines(changed, { width: 80, verbose: false }))).toBe(text`
      ✓ shop: its states now say what the clouds have  SIMULATED
        1 changed, 1 gone, 5 resources in 2 stacks, in 2.5 s

      virginia.network
        ~ vpc  aws:ec2:Vpc
            ~ enableDnsSupport: true → false

      virginia.data
        - orders  aws:rds:Instance  gone

      Next
        terrane plan shop  what up would do about it
    `);
  });

  it("badly: which stack could not be read, in the cloud's words", () => {
    const steps = [
      {
        ...{ ...step(network), outcome: "failed" as const, counts: noChanges, resources: [] },
        message: `${network}: UnauthorizedOperation: not allowed`,
      },
    ];
    const failed: RefreshResult = {
      ...asItWas,
      result: "failed",
      operation: { ...operation, status: "failed", steps },
      next: "terrane refresh shop",
    };
    expect(toText(refreshLines(failed, { width: 80, verbose: false }))).toBe(text`
      ✗ refresh of shop failed  SIMULATED
        5 resources in 2 stacks, in 2.5 s

        ✗ virginia.network  failed
              shop.virginia.network: UnauthorizedOperation: not allowed

      Next
        terrane refresh shop  goes on from what exists
    `);
  });
});

describe("the refresh command", () => {
  it("answers with one object for machines, and never asks", async () => {
    const { code, stdout } = await runFake(["refresh", "shop", "--json"], {
      refreshEnvironment: async () => changed,
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ format: "terrane.dev/refresh/v1", ...changed });
  });

  it("ends with the exit code of a failure, or of an interruption", async () => {
    const codes = ["failed", "cancelled"] as const;
    const runs = codes.map((result) =>
      runFake(["refresh", "shop"], { refreshEnvironment: async () => ({ ...asItWas, result }) }),
    );
    expect((await Promise.all(runs)).map(({ code }) => code)).toEqual([1, 130]);
  });
});
