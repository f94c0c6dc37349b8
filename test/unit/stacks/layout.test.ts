import fc from "fast-check";
import { expect, test } from "vitest";
import { type Cidr, contains, overlaps, parseCidr } from "../../../src/values/cidr.ts";
import { networkPrefix, zonesByRegion } from "../../../stacks/limits/aws.ts";
import {
  longestNetworkPrefix,
  tierRange,
  tiers,
  zonePlaces,
  zoneRange,
} from "../../../stacks/network/vpc/layout.ts";

function read(text: string): Cidr {
  const parsed = parseCidr(text);
  if (!parsed.ok) throw new Error(parsed.refusal.message);
  return parsed.cidr;
}

const networks = fc
  .tuple(fc.integer({ min: 8, max: 21 }), fc.nat(2 ** 21 - 1))
  .map(([prefix, place]): Cidr => ({ base: (place % 2 ** prefix) * 2 ** (32 - prefix), prefix }));

test("subnets of all tiers and zones lie inside the network, apart, and leave a quarter of it free", () => {
  fc.assert(
    fc.property(networks, (network) => {
      const places = Array.from({ length: zonePlaces }, (_, place) => place);
      const ranges = tiers.flatMap((tier) => places.map((place) => read(zoneRange(network, tier, place))));
      expect(ranges.every((range) => contains(network, range))).toBe(true);
      expect(ranges.some((left, i) => ranges.some((right, j) => i < j && overlaps(left, right)))).toBe(false);
      const last: Cidr = {
        base: network.base + 0.75 * 2 ** (32 - network.prefix),
        prefix: network.prefix + 2,
      };
      expect(ranges.some((range) => overlaps(range, last))).toBe(false);
    }),
  );
});

test("a tier's range holds exactly the places of its zones", () => {
  fc.assert(
    fc.property(networks, fc.constantFrom(...tiers), fc.nat(zonePlaces - 1), (network, tier, place) => {
      expect(contains(read(tierRange(network, tier)), read(zoneRange(network, tier, place)))).toBe(true);
    }),
  );
});

test("the smallest network AWS is allowed has subnets that AWS takes", () => {
  const prefix = longestNetworkPrefix(networkPrefix.to);
  const subnets = tiers.map((tier) => read(zoneRange({ base: 0, prefix }, tier, 0)).prefix);
  expect(Math.max(...subnets)).toBe(networkPrefix.to);
});

test("no region has more zones than there are places, and no zone is listed twice", () => {
  const zones = Object.values(zonesByRegion.byName);
  for (const list of zones) expect(list.length).toBeLessThanOrEqual(zonePlaces);
  expect(new Set(zones.flat()).size).toBe(zones.flat().length);
});
