import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StackOutputs } from "../../src/model/spec.ts";
import { toUpstream } from "../../src/model/upstream.ts";
import { clouds } from "../../src/model/words.ts";
import { renderEnvironment } from "../../src/render/render.ts";
import { openMemoryClouds } from "../../src/simulator/clouds.ts";
import { makeMocks } from "../../src/simulator/mocks.ts";
import { catalog } from "../../stacks/catalog.ts";
import { ciIdentity } from "../../stacks/foundation/ci-identity/contract.ts";
import { encryption } from "../../stacks/foundation/encryption/contract.ts";
import { interfaceEndpointServices } from "../../stacks/limits/aws-network.ts";
import { vpc } from "../../stacks/network/vpc/contract.ts";
import { makeProgram } from "../../stacks/program.ts";
import { sampleGraph } from "../../tools/render-blueprints.ts";
import { type CatalogWorld, openCatalogWorld } from "../support/engine-catalog.ts";
import { at, componentSpec, sites, stackSpec } from "../support/specs.ts";
import type { Made } from "./components/case.ts";
import { vpcCases } from "./components/vpc.ts";

let world: CatalogWorld;
beforeAll(async () => {
  world = await openCatalogWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

for (const { contract, situations } of [vpcCases]) {
  for (const cloud of clouds) {
    if (contract.implementations[cloud].support !== "supported") continue;
    describe.each(situations)(
      `${contract.name} on ${cloud}, through the engine $title`,
      ({ cases, fields, environmentClass }) => {
        const site = sites[cloud];
        const component = componentSpec({ contract, site, fields, environmentClass });
        const spec = stackSpec({ components: [component], site, environmentClass });
        let made: Made;

        beforeAll(async () => {
          const { outputs, error } = await world.up(spec, {});
          if (error !== undefined) throw error;
          const objects = await world.clouds.list();
          const resources = objects.map(({ type, name, properties }) => ({ type, name, inputs: properties }));
          made = { resources, outputs: outputs[component.name] ?? {} };
        });

        test.each(cases)("$title", ({ check }) => check(made));

        test("goes away and leaves nothing", async () => {
          expect((await world.destroy(spec)).error).toBeUndefined();
          expect(await world.clouds.list()).toEqual([]);
        });
      },
    );
  }
}

describe("aws-platform, through the engine", () => {
  const graph = sampleGraph("aws-platform", "dev");

  test("a plan of it makes what its render says, and shows unknowns as unknown from stack to stack", async () => {
    await using separate = await openMemoryClouds();
    const rendered = await renderEnvironment(graph, {
      mocks: (stack) => makeMocks(separate, { stack }),
      makeProgram: (spec, upstream) => makeProgram({ spec, upstream, catalog }),
    });
    const planned: { site: string; outputs: StackOutputs }[] = [];
    for (const [index, { converge }] of graph.stacks.entries()) {
      const { steps, outputs } = await world.preview(converge, toUpstream(planned));
      planned.push({ site: converge.site.name, outputs });
      expect(steps.map(({ urn }) => urn).sort()).toEqual(
        rendered[index]?.resources.map(({ urn }) => urn).sort(),
      );
      expect(outputs).toEqual(rendered[index]?.outputs);
    }
    const network = planned.find(({ outputs }) => "vpc" in outputs)?.outputs["vpc"];
    expect(network?.["networkId"]).toEqual({ kind: "unknown", secret: false });
  });

  test("comes up stack after stack, a second time changes nothing, and goes down in reverse", async () => {
    const made: { site: string; outputs: StackOutputs }[] = [];
    for (const { converge } of graph.stacks) {
      const { outputs, error } = await world.up(converge, toUpstream(made));
      expect(error).toBeUndefined();
      made.push({ site: converge.site.name, outputs });
    }
    for (const { converge } of graph.stacks) {
      const { counts } = await world.up(converge, toUpstream(made));
      expect(counts).toMatchObject({ create: 0, update: 0, replace: 0, delete: 0 });
    }
    for (const { converge } of graph.stacks.toReversed()) {
      expect((await world.destroy(converge)).error).toBeUndefined();
    }
    expect(await world.clouds.list()).toEqual([]);
  });
});

describe("keys, a pipeline's identity and a network whose services are all inside", () => {
  const spec = (deletionWindowDays: number) => {
    const parts = { environment: "shop", environmentClass: "prod" } as const;
    const foundation = stackSpec({
      ...parts,
      components: [
        componentSpec({ contract: encryption, fields: { deletionWindowDays } }),
        componentSpec({ contract: ciIdentity, fields: { repository: "acme/shop", branch: "main" } }),
      ],
    });
    const network = stackSpec({
      ...parts,
      components: [
        componentSpec({
          contract: vpc,
          fields: {
            cidr: "10.4.0.0/21",
            natGateways: "none",
            interfaceEndpoints: [...interfaceEndpointServices.oneOf],
          },
          references: { encryption: at("encryption") },
        }),
      ],
    });
    return { foundation, network };
  };
  const { foundation, network } = spec(30);

  test("come up, with flow logs under the environment's key and no way out but the endpoints", async () => {
    const keys = await world.up(foundation, {});
    expect(keys.error).toBeUndefined();
    const upstream = toUpstream([{ site: "virginia", outputs: keys.outputs }]);
    const made = await world.up(network, upstream);
    expect(made.error).toBeUndefined();
    expect(made.outputs["vpc"]?.["endpointIds"]).toMatchObject({
      value: expect.objectContaining({
        s3: expect.stringMatching(/^vpce-/),
        "eks-auth": expect.stringMatching(/^vpce-/),
      }),
    });
    const objects = await world.clouds.list();
    const group = objects.find(({ type }) => type.endsWith(":LogGroup"));
    expect(keys.outputs["encryption"]?.["logKeyId"]).toEqual({
      kind: "known",
      value: group?.properties["kmsKeyId"],
    });
    expect(objects.filter(({ type }) => type.endsWith(":NatGateway"))).toEqual([]);
    const again = await world.up(network, upstream);
    expect(again.counts).toMatchObject({ create: 0, update: 0, replace: 0, delete: 0 });
  });

  test("change in place: nothing that is encrypted with a key is made anew", async () => {
    const { counts, error } = await world.up(spec(14).foundation, {});
    expect(error).toBeUndefined();
    expect(counts).toMatchObject({ create: 0, update: 3, replace: 0, delete: 0 });
  });

  test("go away and leave nothing", async () => {
    expect((await world.destroy(network)).error).toBeUndefined();
    expect((await world.destroy(foundation)).error).toBeUndefined();
    expect(await world.clouds.list()).toEqual([]);
  });
});
