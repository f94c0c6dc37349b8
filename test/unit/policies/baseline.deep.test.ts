import fc from "fast-check";
import { expect, test } from "vitest";
import { takenBack, veiledWorlds } from "../../support/policy-worlds.ts";

const seed = Number(process.env["TERRANE_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

test(`no verdict of the baseline is taken back, over 200,000 worlds (TERRANE_SEED=${seed})`, () => {
  fc.assert(
    fc.property(veiledWorlds, (world) => {
      expect(takenBack(world)).toEqual([]);
    }),
    { seed, numRuns: 200_000 },
  );
});
