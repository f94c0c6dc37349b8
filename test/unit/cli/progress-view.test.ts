import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseKeys } from "../../../src/cli/keys.ts";
import { progressLines } from "../../../src/cli/output/progress.ts";
import { expectStacks, nextProgress, startProgress } from "../../../src/cli/output/progress-state.ts";
import { closedView, isOpen, nextView, type ProgressView } from "../../../src/cli/output/progress-view.ts";
import type { EventBody } from "../../../src/model/event.ts";
import { databaseUrn, vpcUrn } from "./samples.ts";
import { text, toText, widest } from "./screen.ts";

const rows = ["converge:shop.virginia.network", "converge:shop.virginia.data"];

function after(...keys: readonly string[]): ProgressView {
  return keys.reduce((view, key) => nextView(view, key, rows), closedView);
}

const opened = (view: ProgressView) => rows.map((row) => isOpen(view, row));

describe("keys", () => {
  it("are read out of what a terminal sends, several at once", () => {
    expect(parseKeys("e\u001b[A\u001bOB \r\u0003?\u001b")).toEqual([
      "e",
      "up",
      "down",
      "space",
      "enter",
      "ctrl-c",
      "?",
      "escape",
    ]);
  });

  it("that nobody knows are none", () => {
    expect(parseKeys("\u001b[15~\u001b[1;5C\u0007\u00e4\t")).toEqual([]);
  });
});

describe("what is unfolded", () => {
  it("is everything after space, and nothing after another", () => {
    expect(opened(after("space"))).toEqual([true, true]);
    expect(opened(after("e", "space"))).toEqual([false, false]);
  });

  it("is one stack after its number, or after the arrows and enter", () => {
    expect(opened(after("2"))).toEqual([false, true]);
    expect(opened(after("down", "enter"))).toEqual([true, false]);
    expect(opened(after("down", "down", "down", "right"))).toEqual([false, true]);
    expect(opened(after("up", "enter", "left"))).toEqual([false, false]);
    expect(opened(after("space", "1"))).toEqual([false, true]);
  });

  it("stays as it is for other keys, and for numbers that no stack has", () => {
    for (const key of ["x", "9", "0", "enter", "ctrl-z"]) expect(after(key)).toEqual(closedView);
    expect(after("down", "escape")).toEqual(closedView);
    expect(after("?", "?")).toEqual(closedView);
  });
});

const network = "shop.virginia.network";
const data = "shop.virginia.data";
const begin = (stack: string): EventBody => ({ type: "stack:start", stack, phase: "converge", verb: "up" });
const work = (stack: string, urn: string): EventBody => ({
  type: "resource:start",
  stack,
  urn,
  action: "create",
});

const planned = expectStacks(
  startProgress(0),
  [
    { stack: network, phase: "converge", changes: 3 },
    { stack: data, phase: "converge", changes: 2 },
    { stack: "shop.virginia.compute", phase: "converge", changes: 9 },
  ],
  0,
);

const usual: EventBody = {
  type: "operation:expected",
  operation: "op-1",
  milliseconds: 900_000,
  stacks: [
    { stack: network, phase: "converge", milliseconds: 1_500 },
    { stack: data, phase: "converge", milliseconds: 360_000 },
    { stack: "shop.virginia.compute", phase: "converge", milliseconds: 540_000 },
  ],
  resources: [{ type: "aws:rds/instance:Instance", action: "create", milliseconds: 330_000 }],
};

const running = [usual, begin(network), work(network, vpcUrn), begin(data), work(data, databaseUrn)].reduce(
  (state, event) => nextProgress(state, event, 5_000),
  planned,
);

const screen = {
  width: 80,
  rows: 24,
  now: 65_000,
  frame: 0,
  environment: "shop",
  target: "simulated",
  verb: "up",
} as const;

describe("a screen with keys", () => {
  it("shows how long things usually take, where that is worth knowing", () => {
    expect(toText(progressLines(running, { ...screen, view: closedView }))).toBe(
      text`
      Bringing shop up  SIMULATED  ────────────────  0/14  1 min 5 s of about 15 min
      ⠋ virginia.network  0/3      1 min 0 s  + vpc
      ⠋ virginia.data     0/2      1 min 0 s of about 6 min  + orders
      · virginia.compute  waiting, about 9 min
      space: what is running · ?: keys
    `,
    );
  });

  it("unfolds what is running below each stack", () => {
    expect(
      toText(progressLines(running, { ...screen, width: 100, view: after("2", "down", "?") })),
    ).toBe(text`
      Bringing shop up  SIMULATED  ────────────────  0/14  1 min 5 s of about 15 min
      ›⠋ virginia.network  0/3      1 min 0 s  + vpc
       ⠋ virginia.data     0/2      1 min 0 s of about 6 min
          + orders  aws:rds:Instance  1 min 0 s of about 6 min
       · virginia.compute  waiting, about 9 min
      space all · ↑ ↓ pick one · enter open it · 1-9 open that one · esc back · ? less
    `);
  });

  it("stays within rows and columns, whatever is pressed", () => {
    const busy = Array.from({ length: 40 }, (_, index) => work(data, `${databaseUrn}-${index}`)).reduce(
      (state, event) => nextProgress(state, event, 6_000),
      running,
    );
    const keys = fc.array(fc.constantFrom("space", "up", "down", "enter", "1", "2", "?", "escape"));
    fc.assert(
      fc.property(
        keys,
        fc.integer({ min: 20, max: 120 }),
        fc.integer({ min: 6, max: 30 }),
        (pressed, width, rows) => {
          const lines = progressLines(busy, { ...screen, width, rows, view: after(...pressed) });
          expect(lines.length).toBeLessThan(rows);
          expect(widest(lines)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});
