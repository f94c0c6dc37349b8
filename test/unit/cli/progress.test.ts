import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { heartbeatLine, type ProgressScreen, progressLines } from "../../../src/cli/output/progress.ts";
import {
  expectStacks,
  nextProgress,
  type ProgressState,
  runningResources,
  startProgress,
} from "../../../src/cli/output/progress-state.ts";
import type { EventBody } from "../../../src/model/event.ts";
import { noChanges } from "../../../src/model/plan.ts";
import { databaseUrn, vpcUrn } from "./samples.ts";
import { text, toText, widest } from "./screen.ts";

const network = "shop.virginia.network";
const data = "shop.virginia.data";

const begin = (stack: string): EventBody => ({ type: "stack:start", stack, phase: "converge", verb: "up" });
const end = (stack: string, outcome: "done" | "failed"): EventBody => ({
  type: "stack:end",
  stack,
  phase: "converge",
  verb: "up",
  outcome,
  counts: noChanges,
  milliseconds: 1,
});
const work = (stack: string, urn: string): EventBody => ({
  type: "resource:start",
  stack,
  urn,
  action: "create",
});
const worked = (stack: string, urn: string): EventBody => ({
  type: "resource:end",
  stack,
  urn,
  action: "create",
  outcome: "done",
});

function after(...events: readonly (readonly [number, EventBody])[]): ProgressState {
  const expected = [
    { stack: network, phase: "converge", changes: 3 },
    { stack: data, phase: "converge", changes: 2 },
  ];
  return events.reduce(
    (state, [at, event]) => nextProgress(state, event, at),
    expectStacks(startProgress(0), expected, 0),
  );
}

const screen: ProgressScreen = {
  width: 80,
  rows: 24,
  now: 65_000,
  frame: 0,
  environment: "shop",
  target: "simulated",
  verb: "up",
};

describe("progress", () => {
  it("shows each stack: what waits, what runs on what and for how long, what is done", () => {
    const state = after(
      [1000, begin(network)],
      [1000, work(network, vpcUrn)],
      [2000, worked(network, vpcUrn)],
      [5000, end(network, "done")],
      [5000, begin(data)],
      [6000, work(data, databaseUrn)],
    );
    expect(toText(progressLines(state, screen))).toBe(text`
      Bringing shop up  SIMULATED  ━━━─────────────  1/5  1 min 5 s
      ✓ virginia.network  1/3      4.0 s
      ⠋ virginia.data     0/2      1 min 0 s  + orders
    `);
  });

  it("names the resource that has been at work longest, and counts the others", () => {
    const state = after([0, begin(data)], [10, work(data, databaseUrn)], [5, work(data, vpcUrn)]);
    expect(toText(progressLines(state, screen))).toContain("+ vpc and 1 more");
    expect(runningResources(state)).toHaveLength(2);
  });

  it("shows what failed, what was unchanged and the notice below", () => {
    const state = after(
      [0, begin(network)],
      [3000, end(network, "failed")],
      [3000, { type: "stack:unchanged", stack: data, phase: "converge" }],
    );
    expect(toText(progressLines(state, { ...screen, notice: "finishing 2 steps" }))).toBe(text`
      Bringing shop up  SIMULATED  ────────────────  0/5  1 min 5 s
      ✗ virginia.network  0/3      3.0 s  failed
      = virginia.data     unchanged
      finishing 2 steps
    `);
  });

  it("forgets the stacks of the preview when the first stack is applied", () => {
    const preview: EventBody = { type: "stack:start", stack: network, phase: "preview", verb: "preview" };
    const planning = nextProgress(startProgress(0), preview, 10);
    expect(toText(progressLines(planning, screen))).toMatch(/^Planning shop {2}/);
    const applying = nextProgress(planning, begin(network), 500);
    expect(applying.stacks.map((row) => row.phase)).toEqual(["converge"]);
    expect(applying.stageStartedAt).toBe(500);
  });

  it("says in one line what is at work, for logs", () => {
    const state = after([1000, begin(data)], [6000, work(data, databaseUrn)]);
    expect(toText([heartbeatLine(state, { ...screen, width: Infinity })])).toBe(
      "… still at work: 0/5, 1 min 5 s: virginia.data  + orders",
    );
  });

  it("stays within rows and columns, whatever happens in whatever order", () => {
    const stacks = fc.constantFrom(...Array.from({ length: 30 }, (_, index) => `shop.site-${index}.network`));
    const event: fc.Arbitrary<EventBody> = fc.oneof(
      stacks.map(begin),
      stacks.map((stack) => end(stack, "failed")),
      stacks.map((stack) => work(stack, vpcUrn)),
      stacks.map((stack) => worked(stack, vpcUrn)),
    );
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 100 }),
        fc.integer({ min: 20, max: 120 }),
        fc.integer({ min: 6, max: 30 }),
        (events, width, rows) => {
          const state = after(...events.map((each, index) => [index, each] as const));
          const lines = progressLines(state, { ...screen, width, rows, notice: "finishing" });
          expect(lines.length).toBeLessThan(rows);
          expect(widest(lines)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});
