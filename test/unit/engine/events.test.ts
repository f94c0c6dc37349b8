import { expect, test } from "vitest";
import { EventFollower } from "../../../src/engine/events.ts";
import type { EventBody } from "../../../src/model/event.ts";
import { noChanges } from "../../../src/model/plan.ts";

const stack = "shop.here.network";
const urn = `urn:pulumi:${stack}::terrane::toy:index:Thing::a`;

function follow(events: readonly unknown[]) {
  const told: EventBody[] = [];
  const follower = new EventFollower({ stack, emit: (event) => told.push(event) });
  for (const event of events) follower.take(event);
  return { follower, told };
}

const pre = (op: string) => ({ resourcePreEvent: { metadata: { op, urn, type: "toy:index:Thing" } } });
const done = (op: string) => ({ resOutputsEvent: { metadata: { op, urn, type: "toy:index:Thing" } } });
const failed = (op: string) => ({
  resOpFailedEvent: { metadata: { op, urn, type: "toy:index:Thing" }, status: 0, steps: 1 },
});

test("unknown kinds, unknown fields and what is no event at all pass without harm", () => {
  const { follower, told } = follow([
    null,
    "text",
    { startDebuggingEvent: {} },
    { brandNewEvent: { deep: true } },
    { resourcePreEvent: { metadata: { op: "create" } } },
    { ...pre("create"), sequence: 7, extra: [] },
  ]);
  expect(follower.ends()).toEqual([{ urn, action: "create", outcome: "unknown" }]);
  expect(told).toEqual([{ type: "resource:start", stack, urn, action: "create" }]);
});

test("a replacement is one resource and counts once, whatever order its steps come in", () => {
  for (const order of [
    ["create-replacement", "replace", "delete-replaced"],
    ["delete-replaced", "replace", "create-replacement"],
  ]) {
    const { follower } = follow(order.flatMap((op) => [pre(op), done(op)]));
    expect(follower.ends()).toEqual([{ urn, action: "replace", outcome: "done" }]);
    expect(follower.counts()).toEqual({ ...noChanges, replace: 1 });
    expect(follower.steps().map((step) => step.action)).toEqual(["replace"]);
  }
});

test("a replacement whose old part cannot be deleted has failed, in the cloud's words", () => {
  const { follower, told } = follow([
    pre("create-replacement"),
    done("create-replacement"),
    pre("delete-replaced"),
    {
      diagnosticEvent: {
        urn,
        severity: "error",
        message: "1 error occurred:\n\t* DependencyViolation: in use\n",
      },
    },
    failed("delete-replaced"),
  ]);
  expect(follower.ends()).toEqual([
    { urn, action: "replace", outcome: "failed", message: "DependencyViolation: in use" },
  ]);
  expect(told.at(-1)).toMatchObject({
    type: "resource:end",
    outcome: "failed",
    message: "DependencyViolation: in use",
  });
});

test("a listener that throws ends nothing", () => {
  const follower = new EventFollower({
    stack,
    emit: () => {
      throw new Error("gone");
    },
  });
  follower.take(pre("create"));
  follower.take(done("create"));
  expect(follower.counts()).toEqual({ ...noChanges, create: 1 });
});
