import { describe, expect, it } from "vitest";
import { z } from "zod";
import { allocatedBlocks, explainFields, resolveEnvironment } from "../../../src/blueprint/resolve.ts";
import type { ResolveRequest } from "../../../src/blueprint/resolve-request.ts";
import { Catalog } from "../../../src/catalog/catalog.ts";
import { defineComponent, supported, upcoming } from "../../../src/catalog/component.ts";
import { TerraneError } from "../../../src/errors.ts";
import type { EnvironmentRecord } from "../../../src/model/record.ts";
import { blueprint, environment, load, placeOf, requestFor, twoSites } from "./documents.ts";

const build = supported(async () => ({ implementation: undefined }));
const later = upcoming("later");

const vault = defineComponent({
  name: "vault",
  domain: "data",
  summary: "For tests.",
  fields: z.strictObject({
    password: z.string().min(8).optional(),
    settings: z.array(z.strictObject({ key: z.string(), value: z.string() })).default([]),
    size: z.int().min(1).max(9).default(1),
    floor: z.int().default(0),
  }),
  outputs: z.strictObject({}),
  defaults: { byClass: { prod: { size: 2 } }, byRole: { standby: { size: 3 } } },
  implementations: { aws: build, gcp: build, azure: later, kubernetes: later },
});

const withVault = (blueprintText: string, environmentText?: string) => ({
  ...requestFor(blueprintText, environmentText),
  catalog: new Catalog([vault]),
});

const record: EnvironmentRecord = {
  name: "shop",
  incarnation: "0a1b2c3d",
  class: "dev",
  target: "simulated",
  blueprint: { name: "sample", version: "1.0.0" },
  roles: { virginia: "standby", ohio: "primary" },
  addresses: { "vpc@virginia": "10.9.0.0/16" },
  status: "ready",
  updatedAt: "2026-11-21T00:00:00Z",
};

function refusalOf(run: () => unknown): TerraneError {
  try {
    run();
  } catch (error) {
    if (error instanceof TerraneError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("resolveEnvironment", () => {
  it.each([
    ["dev", "primary", "v: { type: vault }", 1, "default"],
    ["prod", "primary", "v: { type: vault }", 2, "default by class"],
    ["prod", "standby", "v: { type: vault }", 3, "default by role"],
    ["prod", "standby", "v: { type: vault, size: 4 }", 4, "blueprint"],
    [
      "prod",
      "standby",
      "v: { type: vault, size: 4, byClass: { prod: { size: 5 } } }",
      5,
      "blueprint by class",
    ],
    [
      "prod",
      "standby",
      "v: { type: vault, size: 4, byClass: { prod: { size: 5 } }, byRole: { standby: { size: 6 } } }",
      6,
      "blueprint by role",
    ],
  ])(
    "in class %s as %s takes the strongest layer of %s",
    (environmentClass, role, components, size, layer) => {
      const head = `metadata: { name: shop }\nblueprint: sample\nclass: ${environmentClass}`;
      const request = withVault(blueprint({ sites: twoSites, components }), environment({ head }));
      const site = role === "primary" ? "virginia" : "ohio";
      const found = resolveEnvironment(request).components.find((each) => each.site === site);
      expect(found?.fields["size"]).toBe(size);
      const explained = explainFields(request, { component: "v", site }).find(
        (each) => each.field === "size",
      );
      expect(explained).toMatchObject({ value: size, layer });
      expect(explained?.position === undefined).toBe(layer.startsWith("default"));
    },
  );

  it("takes roles from the record, not from the blueprint", () => {
    const request = {
      ...withVault(blueprint({ sites: twoSites, components: "v: { type: vault }" })),
      record,
    };
    const spec = resolveEnvironment(request);
    expect(spec.sites.map((site) => [site.name, site.role])).toEqual([
      ["ohio", "primary"],
      ["virginia", "standby"],
    ]);
    expect(spec.components.map((each) => [each.site, each.fields["size"]])).toEqual([
      ["ohio", 1],
      ["virginia", 3],
    ]);
  });

  it("leaves secrets out of the spec and says where to read them", () => {
    const text = blueprint({
      parameters: "pass: { type: string, secret: true }\nuser: { type: string, default: ada }",
      components:
        'v: { type: vault, password: "${parameters.pass}", settings: [{ key: user, value: "${parameters.user}" }, { key: token, value: "${parameters.pass}" }] }',
    });
    const request = withVault(text, environment({ parameters: "{ pass: { fromEnv: DB_PASS } }" }));
    expect(resolveEnvironment(request).components[0]).toMatchObject({
      fields: {
        password: { $terrane: "secret" },
        settings: [
          { key: "user", value: "ada" },
          { key: "token", value: { $terrane: "secret" } },
        ],
      },
      secrets: { "/password": { fromEnv: "DB_PASS" }, "/settings/1/value": { fromEnv: "DB_PASS" } },
    });
  });

  it("keeps the type of a parameter that is the whole value", () => {
    const text = blueprint({
      parameters: "size: { type: integer, default: 2 }",
      components: 'v: { type: vault, size: "${parameters.size}" }',
    });
    expect(resolveEnvironment(withVault(text)).components[0]?.fields["size"]).toBe(2);
  });

  it("shows a parameter that does not fit its field where it was given, where it goes and where it is declared", () => {
    const text = blueprint({
      parameters: "size: { type: integer }",
      components: 'v: { type: vault, size: "${parameters.size}" }',
    });
    const refusal = refusalOf(() =>
      resolveEnvironment(withVault(text, environment({ parameters: "{ size: 12 }" }))),
    );
    expect(refusal.code).toBe("document-invalid");
    expect(refusal.problems).toMatchObject([
      {
        code: "bad-parameter",
        path: "/parameters/size",
        seen: "12",
        allowed: "a whole number from 1 to 9",
        related: [{ message: "put in here" }, { message: "declared here" }],
      },
    ]);
  });

  it("applies rules of the contract that look at several fields", () => {
    const guarded = defineComponent({
      ...vault,
      defaults: {},
      fields: vault.fields.refine((fields) => fields.floor <= fields.size, {
        path: ["floor"],
        error: "floor is above size",
      }),
    });
    const request = {
      ...withVault(blueprint({ components: "v: { type: vault, floor: 5 }" })),
      catalog: new Catalog([guarded]),
    };
    const refusal = refusalOf(() => resolveEnvironment(request));
    expect(refusal.problems).toMatchObject([
      { code: "bad-value", message: "floor is above size", path: "/components/v/floor" },
    ]);
  });

  it("refuses at its place what the cloud or region of the site cannot have", () => {
    const text = blueprint({
      sites: "california: { cloud: aws, region: us-west-1, role: primary }",
      components: "vpc: { type: vpc, zones: 3, cidr: 10.0.0.0/28 }",
    });
    const refusal = refusalOf(() => resolveEnvironment(requestFor(text)));
    expect(refusal.problems).toMatchObject([
      {
        code: "bad-value",
        path: "/components/vpc/zones",
        position: placeOf(text, "3"),
        seen: "3",
        allowed: "1 to 2",
        nearest: "2",
      },
      {
        code: "bad-value",
        path: "/components/vpc/cidr",
        position: placeOf(text, "10.0.0.0/28"),
        seen: "10.0.0.0/28",
      },
    ]);
  });

  it("is the same for the same documents, however they are ordered", () => {
    const one = requestFor(blueprint({ components: "a: { type: vpc }\nb: { type: vpc }" }));
    const other = requestFor(blueprint({ components: "b: { type: vpc }\na: { type: vpc }" }));
    expect(resolveEnvironment(other)).toEqual(resolveEnvironment(one));
    expect(resolveEnvironment(one)).toMatchObject({
      provisional: true,
      incarnation: /^[0-9a-f]{8}$/.exec(resolveEnvironment(one).incarnation)?.[0],
    });
    expect(Object.isFrozen(resolveEnvironment(one).components[0]?.fields)).toBe(true);
  });

  it("takes a reference that a class leaves out for a problem of that class", () => {
    const text = blueprint({
      components: "vpc: { type: vpc, when: { class: [prod] } }\norders: { type: postgres, network: vpc }",
    });
    const refusal = refusalOf(() => resolveEnvironment(requestFor(text)));
    expect(refusal.problems).toMatchObject([
      {
        code: "unknown-reference",
        message: '"vpc" is left out by its `when`, in class staging, dev, sandbox',
      },
    ]);
  });

  it("lets a borrowed component stand for one of its own", () => {
    const text = blueprint({
      components: "net: { type: vpc, use: { vpc: shared-dev } }\norders: { type: postgres, network: net }",
    });
    const [net, orders] = resolveEnvironment(requestFor(text)).components;
    expect(net).toMatchObject({ fields: {}, use: { environment: "shared-dev", component: "vpc" } });
    expect(orders?.references).toEqual({ network: { component: "net", site: "virginia" } });
  });
});

function allocateAddresses(request: ResolveRequest): Readonly<Record<string, string>> {
  const blocks = allocatedBlocks(resolveEnvironment(request), request.catalog);
  return Object.fromEntries(blocks.map(({ key, block }) => [key, block]));
}

describe("addresses", () => {
  const twoNetworks = blueprint({
    sites: twoSites,
    components: "vpc: { type: vpc }\nedge: { type: vpc, sites: [ohio] }",
  });

  it("are the next free blocks of the default pool, which spares what others use by default", () => {
    expect(allocateAddresses(requestFor(twoNetworks))).toEqual({
      "edge@ohio": "10.1.0.0/16",
      "vpc@ohio": "10.2.0.0/16",
      "vpc@virginia": "10.3.0.0/16",
    });
    const takenBlocks = Array.from({ length: 41 }, (_, at) => ({
      block: `10.${at + 1}.0.0/16`,
      purpose: "network" as const,
      owner: "other",
    }));
    expect(Object.values(allocateAddresses({ ...requestFor(twoNetworks), takenBlocks }))).toEqual([
      "10.44.0.0/16",
      "10.45.0.0/16",
      "10.46.0.0/16",
    ]);
  });

  it("stay what the record says, and what is new goes around them", () => {
    const takenBlocks = [{ block: "10.1.0.0/16", purpose: "network" as const, owner: "other" }];
    expect(allocateAddresses({ ...requestFor(twoNetworks), record, takenBlocks })).toEqual({
      "edge@ohio": "10.2.0.0/16",
      "vpc@ohio": "10.3.0.0/16",
      "vpc@virginia": "10.9.0.0/16",
    });
  });

  it("come from the pool that serves class and region, and run out with a word about it", () => {
    const pools = load(
      [
        "apiVersion: terrane.dev/v1",
        "kind: AddressPool",
        "metadata: { name: main }",
        "reserved: [10.64.0.0/16]",
        "blocks:",
        "  - { class: [prod], prefixes: [10.32.0.0/16] }",
        "  - { region: [us-east-2], prefixes: [10.64.0.0/14] }",
        "  - { region: [us-east-1], prefixes: [10.80.0.0/16] }",
        "",
      ].join("\n"),
    ).filter((each) => each.kind === "AddressPool");
    const request = { ...requestFor(twoNetworks), addressPools: pools };
    expect(allocateAddresses(request)).toEqual({
      "edge@ohio": "10.65.0.0/16",
      "vpc@ohio": "10.66.0.0/16",
      "vpc@virginia": "10.80.0.0/16",
    });
    const refusal = refusalOf(() =>
      allocateAddresses({
        ...request,
        takenBlocks: [{ block: "10.80.0.0/12", purpose: "network", owner: "other" }],
      }),
    );
    expect(refusal.problems).toMatchObject([
      {
        code: "pool-exhausted",
        message: "no /16 is free for vpc@virginia (network, class dev, region us-east-1)",
        allowed: "what is free of main 10.80.0.0/16",
        path: "/components/vpc",
      },
    ]);
  });
});
