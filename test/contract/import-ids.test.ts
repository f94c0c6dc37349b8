/** What takes no tags is found again by an id computed from its inputs: proven on every such type that has a model. */
import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { simulatedInventory } from "../../src/platform/recovery/simulated-inventory.ts";
import { modelledTypes } from "../../src/simulator/models.ts";
import { typeSchema } from "../../src/simulator/schema.ts";
import { resourceTag } from "../../src/values/tags.ts";
import { isUnknown, type Properties, type Value } from "../../src/values/value.ts";
import { importIdOf, importRuleOf, importRules } from "../../stacks/import-ids.ts";
import { taggersByPackage } from "../../stacks/tagging/taggers.ts";
import { aboutOf, CaseWorld } from "./case-world.ts";
import { modelCases } from "./simulator-cases.ts";

const cases = Object.entries(modelCases).flatMap(([cloud, named]) =>
  Object.entries(named).map(([name, each]) => ({ cloud, name, ...each })),
);
const isTaggable = (type: string) => {
  const inputs = [...(typeSchema(type)?.inputs.keys() ?? [])];
  const props = Object.fromEntries(inputs.map((input) => [input, {}]));
  return taggersByPackage.get(type.split(":")[0] ?? "")?.input(type, props) !== undefined;
};
const untaggable = cases.filter(({ type }) => !isTaggable(type));

describe("an object that takes no tags", () => {
  it.each(untaggable)(
    "$name on $cloud is found by the id its inputs tell",
    async ({ cloud, name, type, ...each }) => {
      await using world = await CaseWorld.open();
      const place = await world.prepare(cloud, each.needs ?? []);
      const about = aboutOf(name, type, place);
      const inventory = simulatedInventory(async () => world.clouds);
      const begun = { ...about, inputs: each.inputs(world.ref), provider: world.settingsOf(place) };
      expect(await inventory.find(begun)).toEqual({ answer: "told", ids: [] });
      const { id } = await world.make(about, begun.inputs);
      expect(await inventory.find(begun)).toEqual({ answer: "told", ids: [id] });
      await world.provider.delete(about, id, begun.inputs);
      expect(await inventory.find(begun)).toEqual({ answer: "told", ids: [] });
    },
  );

  it("is of a type with a model and a rule, or carries tags", () => {
    const without = modelledTypes.filter((type) => !isTaggable(type) && importRuleOf(type) === undefined);
    expect(without).toEqual([]);
    expect(untaggable.map(({ type }) => type)).toEqual(
      expect.arrayContaining(importRules.map(({ type }) => type)),
    );
  });

  it("is no surprise in any blueprint: every resource is tagged, or its program's inputs tell its id", () => {
    const missing = new Set<string>();
    for (const file of globSync("blueprints/*/render.json")) {
      const rendered = JSON.parse(readFileSync(file, "utf8")) as Rendered;
      const resources = Object.values(rendered.environments).flatMap((stacks) =>
        stacks.flatMap((stack) => stack.resources),
      );
      for (const { type, custom, inputs } of resources) {
        if (!custom || type.startsWith("pulumi:")) continue;
        const tagger = taggersByPackage.get(type.split(":")[0] ?? "");
        const known = withoutUnknown(inputs) as Properties;
        const place = { account: "account", region: "region" };
        if (tagger?.input(type, inputs) === undefined && importIdOf(type, known, place) === undefined)
          missing.add(type);
      }
    }
    expect([...missing]).toEqual([]);
  });
});

describe("an object that carries tags", () => {
  const vpc = "aws:ec2/vpc:Vpc";
  const tagsOf = (urn: string, incarnation: string) => ({
    tags: {
      "terrane:environment": "shop",
      "terrane:incarnation": incarnation,
      "terrane:resource": resourceTag(urn),
    },
  });
  const about = aboutOf("vpc", vpc, { cloud: "aws", account: "111122223333", region: "us-east-1" });

  it("is found by the tag of its resource, whatever the cloud was told its URN is", async () => {
    await using world = await CaseWorld.open();
    const inventory = simulatedInventory(async () => world.clouds);
    const begun = {
      ...about,
      inputs: { cidrBlock: "10.0.0.0/16", ...tagsOf(about.urn, "0123abcd") },
      provider: {},
    };
    const { id } = await world.make({ ...about, urn: "urn:pulumi:other::other::x::y" }, begun.inputs);
    expect(await inventory.find(begun)).toEqual({ answer: "told", ids: [id] });
  });

  it("of another life of the environment is another object", async () => {
    await using world = await CaseWorld.open();
    const inventory = simulatedInventory(async () => world.clouds);
    await world.make(about, { cidrBlock: "10.0.0.0/16", ...tagsOf(about.urn, "ffffffff") });
    const inputs = { cidrBlock: "10.0.0.0/16", ...tagsOf(about.urn, "0123abcd") };
    expect(await inventory.find({ ...about, inputs, provider: {} })).toEqual({ answer: "told", ids: [] });
  });

  it("of a type that neither takes tags nor has a rule, nobody can tell", async () => {
    await using world = await CaseWorld.open();
    const inventory = simulatedInventory(async () => world.clouds);
    const type = "aws:iam/userPolicyAttachment:UserPolicyAttachment";
    const begun = {
      urn: `urn:pulumi:s::terrane::${type}::x`,
      type,
      inputs: {},
      provider: { region: "us-east-1" },
    };
    expect(await inventory.find(begun)).toEqual({ answer: "unknowable" });
  });
});

/** What only a run can tell is some text. */
function withoutUnknown(value: Value): Value {
  if (isUnknown(value)) return "later";
  if (Array.isArray(value)) return value.map(withoutUnknown);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutUnknown(each as Value)]));
}

interface Rendered {
  readonly environments: Readonly<
    Record<
      string,
      readonly {
        readonly resources: readonly {
          readonly type: string;
          readonly custom: boolean;
          readonly inputs: Properties;
        }[];
      }[]
    >
  >;
}
