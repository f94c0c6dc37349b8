import fc from "fast-check";
import { expect, it } from "vitest";
import { cidrProblem, isInside, overlap, rangeOf } from "../../../src/simulator/ranges.ts";

const cidr = fc.tuple(fc.nat(2 ** 32 - 1), fc.integer({ min: 0, max: 32 })).map(([address, prefix]) => {
  const size = 2 ** (32 - prefix);
  const start = Math.floor(address / size) * size;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join(".")}/${prefix}`;
});

it("every well-formed range is read, and covers what its prefix says", () => {
  fc.assert(
    fc.property(cidr, (text) => {
      const range = rangeOf(text);
      expect(range && range.end - range.start + 1).toBe(2 ** (32 - Number(text.split("/")[1])));
      expect(cidrProblem(text)).toBeUndefined();
    }),
  );
});

it("two ranges overlap exactly when one lies inside the other", () => {
  fc.assert(
    fc.property(cidr, cidr, (one, other) => {
      const [a, b] = [rangeOf(one), rangeOf(other)];
      if (a === undefined || b === undefined) throw new Error("unreadable");
      expect(overlap(a, b)).toBe(isInside(a, b) || isInside(b, a));
    }),
  );
});

it.each([
  "10.0.0.1/16",
  "10.0.0.0/33",
  "10.0.0.0",
  "010.0.0.0/16",
  "0x0a.0.0.0/8",
  "10.0.0/16",
  "10.0.0.0/-1",
  "::/0",
  "",
])("%j is no range", (text) => {
  expect(rangeOf(text)).toBeUndefined();
  expect(cidrProblem(text)).toMatch(/not a valid IPv4 CIDR block/);
});
