import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StackOutputs } from "../../src/model/spec.ts";
import { toUpstream } from "../../src/model/upstream.ts";
import { clouds } from "../../src/model/words.ts";
import { renderEnvironment } from "../../src/render/render.ts";
import { makeMocks } from "../../src/simulator/mocks.ts";
import type { Properties } from "../../src/values/value.ts";
import { catalog } from "../../stacks/catalog.ts";
import { makeProgram } from "../../stacks/program.ts";
import { sampleGraph } from "../../tools/render-blueprints.ts";
import { type CatalogWorld, openCatalogWorld } from "../support/engine-catalog.ts";
import { componentSpec, sites, stackSpec } from "../support/specs.ts";
import { vpcCases } from "./components/vpc.ts";

let world: CatalogWorld;
beforeAll(async () => {
  world = await openCatalogWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

for (const { contract, cases } of [vpcCases]) {
  for (const cloud of clouds) {
    if (contract.implementations[cloud].support !== "supported") continue;
    describe(`${contract.name} on ${cloud}, through the engine`, () => {
      test.each(cases.map((each, index) => ({ ...each, index })))(
        "$title",
        async ({ check, fields, environmentClass, index }) => {
          const site = sites[cloud];
          const component = componentSpec({ contract, site, fields, environmentClass });
          const environment = `case-${index}`;
          const spec = stackSpec({ components: [component], site, environmentClass, environment });
          const { outcome, outputs, error } = await world.up(spec, {});
          expect(error).toBeUndefined();
          expect(outcome).toBe("done");
          const made = (await world.clouds.list()).filter(({ properties }) => belongsTo(properties, environment));
          const resources = made.map(({ type, name, properties }) => ({ type, name, inputs: properties }));
          check({ resources, outputs: outputs[component.name] ?? {} });
          expect((await world.destroy(spec)).outcome).toBe("done");
        },
      );
    });
  }
}

// Nothing else is in these clouds while a case runs; Google Cloud's network objects carry no labels to tell by.
function belongsTo(_properties: Properties, _environment: string): boolean {
  return true;
}

describe("aws-platform, through the engine", () => {
  const graph = sampleGraph("aws-platform", "dev");
  const made: { site: string; outputs: StackOutputs }[] = [];

  test("a plan of it makes what its render says, and shows unknowns as unknown from stack to stack", async () => {
    const rendered = await renderEnvironment(graph, {
      mocks: (stack) => makeMocks(world.clouds, { stack }),
      makeProgram: (spec, upstream) => makeProgram({ spec, upstream, catalog }),
    });
    const planned: { site: string; outputs: StackOutputs }[] = [];
    for (const [index, { converge }] of graph.stacks.entries()) {
      const preview = await world.preview(converge, toUpstream(planned));
      planned.push({ site: converge.site.name, outputs: preview.outputs });
      expect(preview.steps.map(({ urn }) => urn).sort()).toEqual(rendered[index]?.resources.map(({ urn }) => urn).sort());
      expect(preview.outputs).toEqual(rendered[index]?.outputs);
    }
    expect(planned[0]?.outputs["vpc"]?.["networkId"]).toEqual({ kind: "unknown", secret: false });
  });

  test("comes up stack after stack, a second time changes nothing, and goes down in reverse", async () => {
    for (const { converge } of graph.stacks) {
      const { outcome, outputs, error } = await world.up(converge, toUpstream(made));
      expect(error).toBeUndefined();
      expect(outcome).toBe("done");
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
