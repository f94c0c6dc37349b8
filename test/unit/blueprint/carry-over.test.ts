import { describe, expect, it } from "vitest";
import { carryOver } from "../../../src/blueprint/carry-over.ts";
import { mergeApplied } from "../../../src/blueprint/graph.ts";
import { allocatedBlocks, resolveEnvironment } from "../../../src/blueprint/resolve.ts";
import type { ResolveRequest } from "../../../src/blueprint/resolve-request.ts";
import type { EnvironmentRecord } from "../../../src/model/record.ts";
import { formatAddress } from "../../../src/model/spec.ts";
import { catalog } from "../../../stacks/catalog.ts";
import { blueprint, requestFor } from "./documents.ts";

const vpc = "vpc: { type: vpc }";
const virginia = "virginia: { cloud: aws, region: us-east-1 }";
const east = "east: { cloud: aws, region: us-east-1, formerly: virginia }";

/** The record after an `up` of this blueprint that went through. */
function recordOf(text: string, before?: EnvironmentRecord): EnvironmentRecord {
  const applied = resolveEnvironment(carried(text, before));
  return {
    ...{ name: "shop", incarnation: "0a1b2c3d", class: "dev", target: "simulated" },
    blueprint: applied.blueprint,
    roles: Object.fromEntries(applied.sites.map((site) => [site.name, site.role])),
    addresses: Object.fromEntries(allocatedBlocks(applied, catalog).map(({ key, block }) => [key, block])),
    applied,
    ...{ status: "ready", updatedAt: "2026-11-21T00:00:00Z" },
  } as const;
}

function carried(text: string, record: EnvironmentRecord | undefined): ResolveRequest {
  const request = requestFor(text);
  return record === undefined ? request : { ...request, record: carryOver({ ...request, record }).record };
}

const carryTo = (text: string, record: EnvironmentRecord) => carryOver({ ...requestFor(text), record });

/** The record that an `up` leaves which broke off. */
function brokenOff(text: string, record: EnvironmentRecord): EnvironmentRecord {
  const { record: before, moves } = carryTo(text, record);
  const spec = resolveEnvironment({ ...requestFor(text), record: before });
  return { ...before, applied: mergeApplied(spec, before.applied), moves: [...moves], status: "failed" };
}

const place = (component: string, site = "virginia", domain = "network") => ({ component, site, domain });

describe("a record under the names that a blueprint gives", () => {
  it("is the same where nothing is renamed", () => {
    const record = recordOf(blueprint({ components: vpc }));
    expect(carryTo(blueprint({ components: vpc }), record)).toEqual({ record, moves: [] });
  });

  it("keeps block, birth and references of a renamed component", () => {
    const record = recordOf(blueprint({ components: `${vpc}\norders: { type: postgres, network: vpc }` }));
    const renamed = blueprint({
      components: "net: { type: vpc, formerly: vpc }\norders: { type: postgres, network: net }",
    });
    const { record: now, moves } = carryTo(renamed, record);
    expect(now.addresses).toEqual({ "net@virginia": record.addresses["vpc@virginia"] });
    expect(now.applied?.components.map((each) => [each.name, formatAddress(each.born)])).toEqual([
      ["orders", "orders@virginia"],
      ["net", "vpc@virginia"],
    ]);
    expect(now.applied?.components[0]?.references["network"]).toEqual({ component: "net", site: "virginia" });
    expect(moves).toEqual([{ from: place("vpc"), to: place("net") }]);
  });

  it("remembers a birth when `formerly` is gone, and gives the old name to nobody else", () => {
    const first = recordOf(blueprint({ components: vpc }));
    const second = recordOf(blueprint({ components: "net: { type: vpc, formerly: vpc }" }), first);
    const beside = resolveEnvironment(
      carried(blueprint({ components: "net: { type: vpc }\nvpc: { type: vpc }" }), second),
    );
    expect(beside.components.map((each) => [each.name, each.born.component])).toEqual([
      ["net", "vpc"],
      ["vpc", "vpc-2"],
    ]);
  });

  it("takes role and blocks of a renamed site along, and gives its old name another birth", () => {
    const record = { ...recordOf(blueprint({ sites: virginia })), roles: { virginia: "standby" as const } };
    const { record: now, moves } = carryTo(blueprint({ sites: east }), record);
    expect(now).toMatchObject({
      roles: { east: "standby" },
      addresses: { "vpc@east": record.addresses["vpc@virginia"] },
    });
    expect(now.applied?.sites.map((site) => site.name)).toEqual(["east"]);
    expect(moves).toEqual([{ from: place("vpc"), to: place("vpc", "east") }]);
    const sites = `${east.replace(", formerly: virginia", "")}\nvirginia: { cloud: aws, region: us-east-2, role: standby }`;
    const both = resolveEnvironment({ ...requestFor(blueprint({ sites })), record: now });
    expect(both.components.map((each) => [each.site, formatAddress(each.born)])).toEqual([
      ["east", "vpc@virginia"],
      ["virginia", "vpc-2@virginia"],
    ]);
  });

  it("refuses a site that stands elsewhere, at the word that says so", () => {
    const record = recordOf(blueprint({ sites: virginia }));
    const sites = "east: { cloud: aws, region: us-east-2, formerly: virginia }";
    let refusal: unknown;
    try {
      carryTo(blueprint({ sites }), record);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toMatchObject({
      code: "document-invalid",
      problems: [
        {
          code: "site-elsewhere",
          position: { line: 5, column: 52 },
          message: '"east" is in aws us-east-2, but "virginia" is in aws us-east-1: a rename moves nothing',
        },
      ],
    });
  });

  it("leads on from wherever an operation that broke off may have left a component", () => {
    const net = blueprint({ components: "net: { type: vpc, formerly: vpc }" });
    const failed = brokenOff(net, recordOf(blueprint({ components: vpc })));
    expect(carryTo(net, failed).moves).toEqual([{ from: place("vpc"), to: place("net") }]);
    expect(carryTo(blueprint({ components: "core: { type: vpc, formerly: net }" }), failed).moves).toEqual([
      { from: place("net"), to: place("core") },
      { from: place("vpc"), to: place("core") },
    ]);
  });

  it("takes a rename back that broke off, of a component as of a site, without being told", () => {
    const before = recordOf(blueprint({ sites: virginia }));
    const renamed = blueprint({ sites: east, components: "net: { type: vpc, formerly: vpc }" });
    const back = carryTo(blueprint({ sites: virginia }), brokenOff(renamed, before));
    expect(back.moves).toEqual([{ from: place("net", "east"), to: place("vpc") }]);
    expect(back.record.applied?.components).toEqual(before.applied?.components);
  });
});
