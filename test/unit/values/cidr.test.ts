import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Cidr,
  contains,
  cutSubnets,
  formatCidr,
  nextFreeBlock,
  overlaps,
  parseCidr,
  sizeOf,
} from "../../../src/values/cidr.ts";

const anyCidr = fc.tuple(fc.nat({ max: 2 ** 32 - 1 }), fc.nat({ max: 32 })).map(([address, prefix]): Cidr => {
  const size = 2 ** (32 - prefix);
  return { base: Math.floor(address / size) * size, prefix };
});
const smallCidr = fc
  .tuple(fc.nat({ max: 1023 }), fc.integer({ min: 22, max: 32 }))
  .map(([address, prefix]): Cidr => {
    const size = 2 ** (32 - prefix);
    return { base: Math.floor(address / size) * size, prefix };
  });

describe("parseCidr", () => {
  it("reads what formatCidr writes", () => {
    fc.assert(
      fc.property(anyCidr, (cidr) => {
        expect(parseCidr(formatCidr(cidr))).toEqual({ ok: true, cidr });
      }),
    );
  });

  it("refuses every text with host bits and proposes the range that holds the address", () => {
    fc.assert(
      fc.property(anyCidr, fc.nat(), (cidr, noise) => {
        const offset = noise % sizeOf(cidr);
        fc.pre(offset > 0);
        const text = formatCidr({ base: cidr.base + offset, prefix: 32 }).replace("/32", `/${cidr.prefix}`);
        const parsed = parseCidr(text);
        expect(parsed).toMatchObject({
          ok: false,
          refusal: { code: "cidr-host-bits", nearest: formatCidr(cidr) },
        });
      }),
    );
  });

  it("never throws, whatever the text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void parseCidr(text)));
  });
});

describe("contains and overlaps", () => {
  it("agree with the sets of addresses", () => {
    fc.assert(
      fc.property(smallCidr, smallCidr, (left, right) => {
        const addresses = (cidr: Cidr) =>
          new Set(Array.from({ length: sizeOf(cidr) }, (_, at) => cidr.base + at));
        const [a, b] = [addresses(left), addresses(right)];
        expect(overlaps(left, right)).toBe(!a.isDisjointFrom(b));
        expect(contains(left, right)).toBe(b.isSubsetOf(a));
      }),
    );
  });

  it("know the last range of all", () => {
    const last: Cidr = { base: 2 ** 32 - 256, prefix: 24 };
    expect(contains({ base: 0, prefix: 0 }, last)).toBe(true);
    expect(overlaps(last, { base: 0, prefix: 1 })).toBe(false);
  });
});

describe("cutSubnets", () => {
  it("cuts ranges that lie inside and do not overlap", () => {
    fc.assert(
      fc.property(
        smallCidr,
        fc.nat({ max: 4 }),
        fc.nat({ max: 6 }),
        fc.nat({ max: 6 }),
        (cidr, more, count, skip) => {
          const prefix = cidr.prefix + more;
          fc.pre(prefix <= 32 && skip + count <= 2 ** more);
          const subnets = cutSubnets(cidr, prefix, count, skip);
          expect(subnets).toHaveLength(count);
          for (const [index, subnet] of subnets.entries()) {
            expect(contains(cidr, subnet)).toBe(true);
            expect(subnets.slice(index + 1).some((other) => overlaps(subnet, other))).toBe(false);
          }
        },
      ),
    );
  });

  it("says how many would fit", () => {
    const cidr = { base: 0, prefix: 24 };
    expect(() => cutSubnets(cidr, 26, 4, 1)).toThrow("0.0.0.0/24 holds 4 ranges of /26, not 5");
    expect(() => cutSubnets(cidr, 23, 1)).toThrow(RangeError);
  });
});

describe("nextFreeBlock", () => {
  it("finds the lowest block that is free, or none where none is", () => {
    fc.assert(
      fc.property(
        fc.array(smallCidr, { maxLength: 8 }),
        fc.integer({ min: 22, max: 28 }),
        (taken, prefix) => {
          const pool: Cidr = { base: 0, prefix: 22 };
          const everyBlock = cutSubnets(pool, prefix, 2 ** (prefix - 22));
          const expected = everyBlock.find((block) => !taken.some((used) => overlaps(used, block)));
          expect(nextFreeBlock([pool], taken, prefix)).toEqual(expected);
        },
      ),
    );
  });

  it("goes on in the next pool when the first is full", () => {
    const pools: Cidr[] = [
      { base: 0, prefix: 24 },
      { base: 1024, prefix: 24 },
    ];
    expect(nextFreeBlock(pools, [{ base: 0, prefix: 24 }], 24)).toEqual({ base: 1024, prefix: 24 });
    expect(nextFreeBlock(pools, pools, 24)).toBeUndefined();
    expect(nextFreeBlock(pools, [], 20)).toBeUndefined();
  });
});
