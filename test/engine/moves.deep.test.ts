/** Longer lives of renames and moves through the real engine: back and forth, other sites, broken off. */
import { describe, expect, it } from "vitest";
import { listObjects } from "../../src/platform/cloud.ts";
import { destroyEnvironment } from "../../src/platform/destroy.ts";
import { readOutputs } from "../../src/platform/outputs.ts";
import {
  blueprint,
  interruptedAt,
  small,
  touched,
  useMovedPlatform,
  whole,
} from "../support/moved-platform.ts";
import { applying } from "../support/project.ts";

// The whole of a platform goes up three or four times in one test.
describe("a rename or a move", { timeout: 180_000 }, () => {
  const platform = useMovedPlatform();
  const { write, up, ids, components, stackNames } = platform;

  it("renames components of every kind without touching anything, and forgets `formerly` once it is applied", async () => {
    expect((await up(blueprint(whole))).result.result).toBe("succeeded");
    const before = await ids();
    const renamed = (formerly: (name: string) => string) =>
      blueprint([
        `net: { type: vpc, zones: 2${formerly("vpc")} }`,
        `bookings: { type: postgres, network: net${formerly("orders")} }`,
        `platform: { type: cluster, network: net, connects: [bookings]${formerly("cluster")} }`,
        `delivery: { type: argocd, cluster: platform, repository: https://git.example.com/deploy${formerly("argocd")} }`,
      ]);
    const { result, plan } = await up(renamed((name) => `, formerly: ${name}`));
    expect(result.result).toBe("succeeded");
    expect(touched(plan)).toEqual([0, 0, 0, 0]);
    expect(plan.moves.map(({ from, to }) => [from.component, to.component])).toEqual([
      ["argocd", "delivery"],
      ["cluster", "platform"],
      ["orders", "bookings"],
      ["vpc", "net"],
    ]);
    expect(await ids()).toEqual(before);
    expect(await components()).toEqual(
      ["bookings", "delivery", "net", "platform"].map((each) => `${each}@virginia`),
    );
    expect(
      Object.keys((await readOutputs(platform.project().context, "shop"))["virginia"] ?? {}).sort(),
    ).toEqual(["bookings", "delivery", "net", "platform"]);

    expect((await up(renamed((name) => `, formerly: ${name}`))).result.result).toBe("unchanged");
    const after = await up(renamed(() => ""));
    expect(after.result.result).toBe("unchanged");
    expect(await ids()).toEqual(before);
  });

  it("goes on from name to name and back, and lets the old name be born again beside it", async () => {
    await up(blueprint(small));
    const before = await ids();
    const names = async (...lines: string[]) => {
      const { result } = await up(blueprint(["vpc: { type: vpc, zones: 2 }", ...lines]));
      return result.result;
    };
    expect(await names("b: { type: postgres, network: vpc, formerly: orders }")).toBe("succeeded");
    expect(await names("c: { type: postgres, network: vpc, formerly: b }")).toBe("succeeded");
    expect(await ids()).toEqual(before);
    expect(await names("orders: { type: postgres, network: vpc, formerly: c }")).toBe("succeeded");
    expect(await ids()).toEqual(before);
    expect(await names("b: { type: postgres, network: vpc, formerly: orders }")).toBe("succeeded");
    const beside = "orders: { type: postgres, network: vpc }";
    expect(await names("b: { type: postgres, network: vpc }", beside)).toBe("succeeded");
    expect(await ids()).toEqual(expect.arrayContaining(before));
    expect((await ids()).filter((each) => each.startsWith("aws:rds/instance:Instance"))).toHaveLength(2);
  });

  it("starts afresh in the next life", async () => {
    await up(blueprint(small));
    const renamed = blueprint([
      "vpc: { type: vpc, zones: 2 }",
      "bookings: { type: postgres, network: vpc, formerly: orders }",
    ]);
    await up(renamed);
    await destroyEnvironment(platform.project().context, "shop", applying());
    await up(renamed);
    const [database] = await listObjects(platform.project().context, { type: "rds/instance:Instance" });
    expect(database?.name).toMatch(/^shop-bookings-/);
  });

  it("takes a renamed site's stacks along, with the providers that other stacks have of it", async () => {
    await up(blueprint(whole));
    const before = await ids();
    const renamed = blueprint(whole, [
      "east: { cloud: aws, region: us-east-1, runner: inside, formerly: virginia }",
    ]);
    const { result, plan } = await up(renamed);
    expect(result.result).toBe("succeeded");
    expect(plan.counts).toMatchObject({ create: 0, replace: 0, delete: 0 });
    expect(await ids()).toEqual(before);
    expect(await stackNames()).toEqual(
      ["compute", "data", "gitops", "network"].map((each) => `shop.east.${each}`),
    );
    expect(Object.keys(await readOutputs(platform.project().context, "shop"))).toEqual(["east"]);
    expect((await up(renamed)).result.result).toBe("unchanged");
    const later = blueprint(whole, ["east: { cloud: aws, region: us-east-1, runner: inside }"]);
    expect((await up(later)).result.result).toBe("unchanged");
  });

  it("can be taken back, or destroyed, after an operation that broke off before or after it", async () => {
    await up(blueprint(small));
    const before = await ids();
    const renamed = blueprint(
      ["net: { type: vpc, zones: 2, formerly: vpc }", "orders: { type: postgres, network: net }"],
      ["east: { cloud: aws, region: us-east-1, runner: inside, formerly: virginia }"],
    );
    for (const at of ["move", "converge"] as const) {
      await write(renamed);
      expect((await interruptedAt(platform.project(), at)).result).toBe("cancelled");
      expect(await ids()).toEqual(before);
      expect((await up(blueprint(small))).result.result).toBe("succeeded");
      expect(await ids()).toEqual(before);
      expect(await stackNames()).toEqual(["shop.virginia.data", "shop.virginia.network"]);
    }
    await write(renamed);
    expect((await interruptedAt(platform.project(), "move")).result).toBe("cancelled");
  });
});
