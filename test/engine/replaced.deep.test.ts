/** Replacements of what another stack uses that break off, through the real engine: gone on with, and taken back. */
import { describe, expect, it } from "vitest";
import { stopping, useReplacedSubnets } from "../support/replaced-subnets.ts";

describe("replacing what another stack uses", { timeout: 180_000 }, () => {
  const { up, subnets } = useReplacedSubnets();

  it("goes on where it broke off, and the half of it can be destroyed", async () => {
    await up(0);
    const before = await subnets();
    for (const stack of ["network", "compute"]) {
      const at = stack === "network" ? 10 : 20;
      expect((await up(at, stopping(stack))).result).toBe("cancelled");
      expect(await subnets()).toEqual(expect.arrayContaining(stack === "network" ? before : []));
      expect((await up(at)).result).toBe("succeeded");
      expect(await subnets()).toHaveLength(2);
      expect((await up(at)).result).toBe("unchanged");
    }
    expect((await up(30, stopping("compute"))).result).toBe("cancelled");
    expect(await subnets()).toHaveLength(4);
  });

  it("is taken back, whether or not the new one is there already: the old one has its place again", async () => {
    await up(0);
    const before = await subnets();
    for (const stack of ["network", "compute"]) {
      expect((await up(10, stopping(stack))).result).toBe("cancelled");
      const { result, plan } = await up(0);
      expect(result).toBe("succeeded");
      expect(plan.counts).toMatchObject({ create: 0, replace: 0 });
      expect(await subnets()).toEqual(before);
      expect((await up(0)).result).toBe("unchanged");
    }
  });
});
