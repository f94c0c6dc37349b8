import { describe, expect, it } from "vitest";

import { modelledTypes, modelOf } from "../../src/simulator/models.ts";

import { typeSchema } from "../../src/simulator/schema.ts";
import { isUnknown, type Properties, type Value } from "../../src/values/value.ts";
import { aboutOf, CaseWorld } from "./case-world.ts";
import { modelCases } from "./simulator-cases.ts";

describe.each(Object.entries(modelCases))("the models of %s", (cloud, cases) => {
  it.each(Object.entries(cases))("%s goes through its life", async (name, each) => {
    await using world = await CaseWorld.open();
    const { ref, provider } = world;
    const place = await world.prepare(cloud, each.needs ?? []);
    const inputs = each.inputs(ref);
    const about = aboutOf(name, each.type, place);

    // What a preview knows is what comes true.
    const checked = await provider.check(about, inputs, undefined);
    expect(checked.failures).toEqual([]);
    const planned = provider.planCreate(about, { value: checked.inputs, secrets: [] });
    const made = await provider.create(about, { value: checked.inputs, secrets: [] });
    expect(made.outputs).toMatchObject(knownOf(planned.outputs));

    // Every output is one that the SDK knows.
    const schema = typeSchema(each.type);
    if (schema?.open === false) {
      expect(Object.keys(made.outputs).filter((key) => !schema.outputs.has(key))).toEqual([]);
    }

    // It is there, and nothing differs.
    const found = await provider.read(about, made.id, checked.inputs, made.outputs);
    expect(found).toMatchObject({ id: made.id, inputs: checked.inputs, outputs: made.outputs });
    expect(
      provider.diff(about, checked.inputs, (await provider.check(about, inputs, checked.inputs)).inputs).all,
    ).toEqual([]);

    let current = checked.inputs;
    if (each.update !== undefined) {
      const changed = { ...current, ...each.update(ref) };
      const difference = provider.diff(about, current, changed);
      expect(difference.all.length).toBeGreaterThan(0);
      expect(difference.replaces).toBe(false);
      const foreseen = provider.planUpdate(about, made.outputs, current, { value: changed, secrets: [] });
      const updated = await provider.update(about, made.id, { value: changed, secrets: [] });
      expect(updated.outputs).toMatchObject(changed);
      expect(updated.outputs).toMatchObject(knownOf(foreseen.outputs));
      expect((await provider.read(about, made.id, changed, updated.outputs))?.outputs).toEqual(
        updated.outputs,
      );
      current = changed;
    }
    if (each.replace !== undefined) {
      const difference = provider.diff(about, current, { ...current, ...each.replace(ref) });
      expect(difference.replaces).toBe(true);
    }

    await provider.delete(about, made.id, made.outputs);
    expect(await provider.read(about, made.id, current, made.outputs)).toBeUndefined();
    await expect(provider.delete(about, made.id, made.outputs)).resolves.toEqual({ seconds: 0 });
  });
});

/** What a preview says for certain. Kubernetes counts an object's versions in its metadata, where the name is too. */
function knownOf(outputs: Properties): Properties {
  const isKnown = ([key, value]: readonly [string, Value]) =>
    key !== "metadata" && !isUnknown(value) && !JSON.stringify(value).includes("$terrane");
  return Object.fromEntries(Object.entries(outputs).filter(isKnown));
}

describe("the models as a whole", () => {
  it("each have a case here", () => {
    const covered = new Set(
      Object.values(modelCases).flatMap((cases) => Object.values(cases).map((each) => each.type)),
    );
    expect(modelledTypes.filter((type) => !covered.has(type))).toEqual([]);
  });

  it.each(modelledTypes)("%s names only inputs that its SDK has, and a source for every rule", (type) => {
    const model = modelOf(type);
    const schema = typeSchema(type);
    expect(schema).toBeDefined();
    const paths = [
      ...(model.immutable ?? []).map((rule) => rule.input),
      ...(model.unordered ?? []),
      ...(model.computedInside ?? []),
      ...(model.references ?? []).filter((rule) => rule.values === undefined).map((rule) => rule.input),
      ...(model.autoName === undefined ? [] : [model.autoName.input]),
    ];
    expect(paths.map((path) => path.split(".")[0] ?? "").filter((top) => !schema?.inputs.has(top))).toEqual(
      [],
    );
    const rules: readonly { readonly source: string }[] = [
      ...(model.immutable ?? []),
      ...(model.references ?? []),
      ...(model.unique ?? []),
      ...(model.rules ?? []),
      ...(model.deleteRules ?? []),
      ...(model.quota === undefined ? [] : [model.quota]),
    ];
    const sources = [model.source, ...rules.map((rule) => rule.source)];
    expect(sources.filter((source) => !source.startsWith("https://"))).toEqual([]);
  });
});
