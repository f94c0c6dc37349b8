/** Address blocks that overlap or run out, by the numbers of the list of bad input. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { allocatedBlocks, resolveEnvironment } from "../../src/blueprint/resolve.ts";
import type { ResolveRequest } from "../../src/blueprint/resolve-request.ts";
import { Catalog } from "../../src/catalog/catalog.ts";
import { type ComponentDefinition, defineComponent, supported } from "../../src/catalog/component.ts";
import { type Problem, TerraneError } from "../../src/errors.ts";
import { addressRange } from "../../src/model/text.ts";
import { blueprint, environment, load, placeOf, requestFor, twoSites } from "./blueprint/documents.ts";

const build = supported(async () => ({ implementation: undefined }));
const common = {
  summary: "For tests.",
  outputs: z.strictObject({}),
  implementations: { aws: build, gcp: build, azure: build, kubernetes: build },
} satisfies Partial<ComponentDefinition<z.ZodObject, z.ZodObject>>;

const network = defineComponent({
  ...common,
  name: "net",
  domain: "network",
  fields: z.strictObject({ cidr: addressRange.optional() }),
  addressBlocks: [{ field: "cidr", prefix: 16, purpose: "network" }],
});
const nodes = defineComponent({
  ...common,
  name: "nodes",
  domain: "compute",
  fields: z.strictObject({ podRange: addressRange.optional(), serviceRange: addressRange.optional() }),
  addressBlocks: [
    { field: "podRange", prefix: 18, purpose: "pods" },
    { field: "serviceRange", prefix: 16, purpose: "services" },
  ],
});
const types = new Catalog([network, nodes]);

function request(components: string, more: Partial<ResolveRequest> = {}, sites?: string): ResolveRequest {
  const text = blueprint({ components, ...(sites === undefined ? {} : { sites }) });
  return { ...requestFor(text), catalog: types, ...more };
}

function blocksOf(wanted: ResolveRequest): Readonly<Record<string, string>> {
  const blocks = allocatedBlocks(resolveEnvironment(wanted), types);
  return Object.fromEntries(blocks.map(({ key, block }) => [key, block]));
}

function refused(wanted: ResolveRequest): readonly Problem[] {
  try {
    resolveEnvironment(wanted);
  } catch (error) {
    if (error instanceof TerraneError) return error.problems;
    throw error;
  }
  return [];
}

describe("blocks that nobody said", () => {
  it("are cut for networks, pods and services alike, and each stands under its own key", () => {
    expect(blocksOf(request("net: { type: net }\nnodes: { type: nodes }"))).toEqual({
      "net@virginia": "10.1.0.0/16",
      "nodes@virginia/podRange": "10.2.0.0/18",
      "nodes@virginia/serviceRange": "172.20.0.0/16",
    });
  });

  it("may be alike for the services of two clusters, which each cluster keeps to itself, but not for pods", () => {
    const blocks = blocksOf(request("nodes: { type: nodes }", {}, twoSites));
    expect(blocks["nodes@virginia/serviceRange"]).toBe(blocks["nodes@ohio/serviceRange"]);
    expect(blocks["nodes@virginia/podRange"]).not.toBe(blocks["nodes@ohio/podRange"]);
  });

  it("keep services off every network that a cluster may reach", () => {
    const takenBlocks = [
      { block: "172.20.0.0/16", purpose: "network" as const, owner: "office/vpn" },
      { block: "172.21.0.0/16", purpose: "services" as const, owner: "other/nodes@virginia/serviceRange" },
    ];
    expect(blocksOf(request("nodes: { type: nodes }", { takenBlocks }))["nodes@virginia/serviceRange"]).toBe(
      "172.21.0.0/16",
    );
  });

  it("come from the pools that serve their purpose", () => {
    const addressPools = load(
      [
        "apiVersion: terrane.dev/v1",
        "kind: AddressPool",
        "metadata: { name: main }",
        "blocks:",
        "  - { prefixes: [10.32.0.0/12] }",
        "  - { purpose: [services], prefixes: [192.168.0.0/16] }",
        "",
      ].join("\n"),
    ).filter((each) => each.kind === "AddressPool");
    expect(blocksOf(request("net: { type: net }\nnodes: { type: nodes }", { addressPools }))).toEqual({
      "net@virginia": "10.32.0.0/16",
      "nodes@virginia/podRange": "10.33.0.0/18",
      "nodes@virginia/serviceRange": "192.168.0.0/16",
    });
  });

  it("go with a component that is renamed: other addresses would replace it", () => {
    const record: NonNullable<ResolveRequest["record"]> = {
      name: "shop",
      incarnation: "0badcafe",
      class: "dev",
      target: "simulated",
      blueprint: { name: "sample", version: "1.0.0" },
      roles: {},
      addresses: { "net@virginia": "10.9.0.0/16" },
      status: "ready",
      updatedAt: "2026-11-21T12:00:00Z",
    };
    const renamed = request("core: { type: net, formerly: net }", { record });
    expect(blocksOf(renamed)).toEqual({ "core@virginia": "10.9.0.0/16" });
  });
});

describe("32: ranges that overlap are refused with both owners and the next free block", () => {
  it("of two networks in one environment, with both places", () => {
    const components = "one: { type: net, cidr: 10.5.0.0/16 }\ntwo: { type: net, cidr: 10.5.128.0/17 }";
    const [problem, ...others] = refused(request(components));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({
      code: "cidr-overlap",
      message: "10.5.128.0/17 of two@virginia overlaps 10.5.0.0/16 of one@virginia",
      nearest: "10.1.0.0/17",
      position: placeOf(blueprint({ components }), "10.5.128.0/17"),
      related: [{ position: placeOf(blueprint({ components }), "10.5.0.0/16") }],
    });
  });

  it("of two sites that recovery would join", () => {
    const problems = refused(request("net: { type: net, cidr: 10.5.0.0/16 }", {}, twoSites));
    expect(problems.map((each) => each.message)).toEqual([
      "10.5.0.0/16 of net@virginia overlaps 10.5.0.0/16 of net@ohio",
    ]);
  });

  it("of another environment", () => {
    const takenBlocks = [
      { block: "10.5.0.0/16", purpose: "network" as const, owner: "billing-prod/net@virginia" },
    ];
    expect(refused(request("net: { type: net, cidr: 10.5.0.0/20 }", { takenBlocks }))).toMatchObject([
      {
        code: "cidr-overlap",
        message: "10.5.0.0/20 of net@virginia overlaps 10.5.0.0/16 of billing-prod/net@virginia",
        nearest: "10.1.0.0/20",
      },
    ]);
  });

  it("of what this environment has on record already", () => {
    const record: NonNullable<ResolveRequest["record"]> = {
      name: "shop",
      incarnation: "0badcafe",
      class: "dev",
      target: "simulated",
      blueprint: { name: "sample", version: "1.0.0" },
      roles: {},
      addresses: { "net@virginia": "10.9.0.0/16" },
      status: "ready",
      updatedAt: "2026-11-21T12:00:00Z",
    };
    const wanted = request("net: { type: net }\nedge: { type: net, cidr: 10.9.0.0/17 }", { record });
    expect(refused(wanted).map((each) => each.message)).toEqual([
      "10.9.0.0/17 of edge@virginia overlaps 10.9.0.0/16 of net@virginia",
    ]);
  });

  it("of a cluster's services and a network, here and elsewhere", () => {
    const here = "net: { type: net, cidr: 10.5.0.0/16 }\nnodes: { type: nodes, serviceRange: 10.5.0.0/20 }";
    expect(refused(request(here)).map((each) => each.message)).toEqual([
      "10.5.0.0/20 of nodes@virginia/serviceRange overlaps 10.5.0.0/16 of net@virginia",
    ]);
    const takenBlocks = [
      {
        block: "172.20.0.0/16",
        purpose: "services" as const,
        owner: "other/nodes@virginia/serviceRange",
      },
    ];
    const there = request("net: { type: net, cidr: 172.20.0.0/20 }", { takenBlocks });
    expect(refused(there).map((each) => each.message)).toEqual([
      "172.20.0.0/20 of net@virginia overlaps 172.20.0.0/16, the services of other/nodes@virginia/serviceRange",
    ]);
  });

  it("of a network on premises, which a pool says is in use elsewhere", () => {
    const addressPools = load(
      [
        "apiVersion: terrane.dev/v1",
        "kind: AddressPool",
        "metadata: { name: main }",
        "reserved: [10.64.0.0/16]",
        "blocks: [{ prefixes: [10.64.0.0/12] }]",
        "",
      ].join("\n"),
    ).filter((each) => each.kind === "AddressPool");
    expect(refused(request("net: { type: net, cidr: 10.64.128.0/17 }", { addressPools }))).toMatchObject([
      {
        code: "cidr-reserved",
        message: "10.64.128.0/17 is reserved by an address pool",
        nearest: "10.65.0.0/17",
      },
    ]);
    expect(blocksOf(request("net: { type: net }", { addressPools }))).toEqual({
      "net@virginia": "10.65.0.0/16",
    });
  });
});

describe("a pool without room", () => {
  it("is told with what was asked of it", () => {
    const takenBlocks = [{ block: "172.20.0.0/14", purpose: "network" as const, owner: "office/all" }];
    expect(refused(request("nodes: { type: nodes }", { takenBlocks }))).toMatchObject([
      {
        code: "pool-exhausted",
        message: "no /16 is free for nodes@virginia/serviceRange (services, class dev, region us-east-1)",
        allowed: "what is free of default 172.20.0.0/14",
        next: "Widen the pool, remove an environment, or see `terrane addresses`.",
      },
    ]);
  });
});

it("an environment's class and region choose its pool", () => {
  const addressPools = load(
    [
      "apiVersion: terrane.dev/v1",
      "kind: AddressPool",
      "metadata: { name: main }",
      "blocks:",
      "  - { class: [prod], prefixes: [10.64.0.0/12] }",
      "  - { class: [dev], prefixes: [10.80.0.0/12] }",
      "",
    ].join("\n"),
  ).filter((each) => each.kind === "AddressPool");
  const text = blueprint({ components: "net: { type: net }" });
  const prod = environment({ head: "metadata: { name: shop }\nblueprint: sample@^1\nclass: prod" });
  expect(blocksOf({ ...requestFor(text, prod), catalog: types, addressPools })).toEqual({
    "net@virginia": "10.64.0.0/16",
  });
  expect(blocksOf({ ...requestFor(text), catalog: types, addressPools })).toEqual({
    "net@virginia": "10.80.0.0/16",
  });
});
