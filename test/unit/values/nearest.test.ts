import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editDistance, nearest, toldNames } from "../../../src/values/nearest.ts";

describe("nearest", () => {
  it.each([
    ["nodeTypes", ["nodes", "nodeType"], "nodeType"],
    ["regoin", ["role", "region"], "region"],
    ["Environment", ["environment"], "environment"],
    ["node_type", ["nodeType"], "nodeType"],
    ["cost-center", ["CostCenter"], "CostCenter"],
    ["vcp", ["vpc"], "vpc"],
    ["abc", ["xyz"], undefined],
    ["az", ["by"], undefined],
    ["zones", [], undefined],
  ])("for %j among %j is %j", (text, candidates, expected) => {
    expect(nearest(text, candidates)).toBe(expected);
  });

  it("does not look at texts of thousands of characters", () => {
    expect(nearest("x".repeat(5000), ["x".repeat(5000)])).toBeUndefined();
  });
});

describe("editDistance", () => {
  const short = fc.string({ maxLength: 8, unit: fc.constantFrom("a", "b", "c") });

  it("is zero only for equal texts, the same both ways, and never above the limit plus one", () => {
    fc.assert(
      fc.property(short, short, (left, right) => {
        const distance = editDistance(left, right, 2);
        expect(distance === 0).toBe(left === right);
        expect(distance).toBe(editDistance(right, left, 2));
        expect(distance).toBeLessThanOrEqual(3);
      }),
    );
  });

  it("counts one for each kind of slip", () => {
    expect(["zone", "zonees", "zonas", "znoes"].map((text) => editDistance(text, "zones", 2))).toEqual([
      1, 1, 1, 1,
    ]);
  });
});

it.each([
  [[], "there is none"],
  [["dev"], "there is only dev"],
  [["dev", "prod"], "there are dev, prod"],
])("tells which names there are: %j", (names, told) => {
  expect(toldNames(names)).toBe(told);
});
