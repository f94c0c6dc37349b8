import { expect, test } from "vitest";
import { Verdicts } from "../../../src/engine/verdicts.ts";
import type { EventBody } from "../../../src/model/event.ts";
import type { Finding } from "../../../src/model/finding.ts";

const finding = (given: Partial<Finding>): Finding => ({
  rule: "baseline/supported-cluster-version",
  verdict: "fail",
  severity: "deny",
  stack: "shop.virginia.compute",
  urn: "urn:cluster",
  resource: "cluster",
  property: "version",
  why: "no longer supported",
  mend: "",
  ...given,
});

test("all that one rule finds about one property counts, and what it finds later takes its place", () => {
  const events: EventBody[] = [];
  const emit = (event: EventBody) => void events.push(event);
  const verdicts = new Verdicts({ stack: "shop.virginia.compute", emit, preview: false });
  const [ended, stale] = [finding({}), finding({ severity: "warn", why: "the table is old" })];
  verdicts.record([ended, stale]);
  expect(verdicts.all()).toEqual([ended, stale]);
  expect(verdicts.denied()).toEqual([ended]);

  verdicts.record([stale]);
  expect(verdicts.all()).toEqual([stale]);
  expect(events).toEqual(
    [ended, stale].map((each) => ({ type: "finding", stack: each.stack, finding: each })),
  );
});
