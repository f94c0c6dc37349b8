import { describe, expect, it } from "vitest";
import type { EventBody } from "../../../../src/model/event.ts";
import type { Operation, OperationStep } from "../../../../src/model/operation.ts";
import { noChanges } from "../../../../src/model/plan.ts";
import { Stopwatch } from "../../../../src/platform/applying/stopwatch.ts";
import { type ExpectationRequest, expectTimes } from "../../../../src/platform/planning/expectations.ts";
import { databaseUrn, doneOperation, newPlan, vpcUrn } from "../../cli/samples.ts";

const network = "shop.virginia.network";
const data = "shop.virginia.data";

function step(
  stack: string,
  create: number,
  seconds: number,
  more: Partial<OperationStep> = {},
): OperationStep {
  return {
    id: `converge:${stack}`,
    stack,
    phase: "converge",
    outcome: "done",
    counts: { ...noChanges, create },
    resources: [],
    startedAt: "2026-11-21T09:00:00.000Z",
    endedAt: new Date(Date.parse("2026-11-21T09:00:00.000Z") + seconds * 1000).toISOString(),
    timings: { target: "simulated", resources: [] },
    ...more,
  };
}

const past = (...steps: OperationStep[]): Operation => ({ ...doneOperation, steps });

function expectedAfter(operations: readonly Operation[], more: Partial<ExpectationRequest> = {}) {
  return expectTimes({
    operation: "op-2",
    plan: newPlan,
    order: new Map([
      [`converge:${network}`, []],
      [`converge:${data}`, [`converge:${network}`]],
    ]),
    past: operations,
    typical: () => undefined,
    ...more,
  });
}

describe("what an operation is expected to take", () => {
  it("is nothing at all where nothing of the like was done before", () => {
    expect(expectedAfter([])).toEqual({
      type: "operation:expected",
      operation: "op-2",
      stacks: [],
      resources: [],
    });
    const unlike = [
      step(network, 30, 60),
      step(network, 3, 60, { timings: { target: "live", resources: [] } }),
      step(network, 3, 60, { outcome: "failed" }),
      step(network, 3, 60, { phase: "prune" }),
    ];
    expect(expectedAfter([past(...unlike)]).stacks).toEqual([]);
  });

  it("is the median of what the same stack took, and in all the longest way through the stacks", () => {
    const operations = [60, 50, 300].map((seconds) => past(step(network, 3, seconds), step(data, 2, 100)));
    expect(expectedAfter(operations)).toMatchObject({
      milliseconds: 160_000,
      stacks: [
        { stack: network, phase: "converge", milliseconds: 60_000 },
        { stack: data, phase: "converge", milliseconds: 100_000 },
      ],
    });
    const apart = new Map([
      [`converge:${network}`, []],
      [`converge:${data}`, []],
    ]);
    expect(expectedAfter(operations, { order: apart }).milliseconds).toBe(100_000);
  });

  it("is what a stack of the same domain took in another environment, where this one has no past", () => {
    const expected = expectedAfter([past(step("other.iowa.network", 3, 42))]);
    expect(expected.stacks).toEqual([{ stack: network, phase: "converge", milliseconds: 42_000 }]);
    expect(expected.milliseconds).toBeUndefined();
  });

  it("is for a resource what its type took before, else what is typical", () => {
    const timings = {
      target: "simulated" as const,
      resources: [{ type: "aws:rds/instance:Instance", action: "create" as const, milliseconds: 4_000 }],
    };
    const expected = expectedAfter([past(step(data, 2, 100, { timings }))], {
      typical: (type) => (type === "aws:ec2/vpc:Vpc" ? 2_000 : 0),
    });
    expect(expected.resources).toEqual([
      { type: "aws:ec2/vpc:Vpc", action: "create", milliseconds: 2_000 },
      { type: "aws:rds/instance:Instance", action: "create", milliseconds: 4_000 },
    ]);
  });
});

describe("a stopwatch", () => {
  it("measures what worked, by type and action, and forgets what was read", () => {
    let now = 0;
    const stopwatch = new Stopwatch(() => now);
    const at = (time: number, event: EventBody) => {
      now = time;
      stopwatch.take(event);
    };
    const begin = (urn: string): EventBody => ({
      type: "resource:start",
      stack: network,
      urn,
      action: "create",
    });
    const end = (urn: string, outcome: "done" | "failed"): EventBody => ({
      type: "resource:end",
      stack: network,
      urn,
      action: "create",
      outcome,
    });
    // What a preview does takes no time, and says nothing.
    at(0, { type: "stack:start", stack: network, phase: "preview", verb: "preview" });
    at(1, begin(`${vpcUrn}-0`));
    at(2, end(`${vpcUrn}-0`, "done"));
    at(3, {
      type: "stack:end",
      stack: network,
      phase: "preview",
      verb: "preview",
      outcome: "done",
      counts: noChanges,
      milliseconds: 3,
    });
    for (const [index, lasts] of [100, 900, 300].entries()) {
      at(1000 * index, begin(`${vpcUrn}-${index}`));
      at(1000 * index + lasts, end(`${vpcUrn}-${index}`, "done"));
    }
    at(5000, begin(databaseUrn));
    at(5100, end(databaseUrn, "failed"));
    at(5200, end("urn:never:began", "done"));
    expect(stopwatch.read(network)).toEqual([
      { type: "aws:ec2/vpc:Vpc", action: "create", milliseconds: 300 },
    ]);
    expect(stopwatch.read(network)).toEqual([]);
    expect(stopwatch.read(data)).toEqual([]);
  });
});
