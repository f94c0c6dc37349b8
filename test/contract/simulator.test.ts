import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Clouds, openMemoryClouds } from "../../src/simulator/clouds.ts";
import type { Place } from "../../src/simulator/model.ts";
import { modelledTypes, modelOf } from "../../src/simulator/models.ts";
import { type About, ResourceProvider } from "../../src/simulator/provider/resource.ts";
import { typeSchema } from "../../src/simulator/schema.ts";
import { isUnknown, type Properties } from "../../src/values/value.ts";
import { type ModelCase, modelCases, type Ref } from "./simulator-cases.ts";

const aws: Place = { cloud: "aws", account: "111122223333", region: "us-east-1" };
const gcp: Place = { cloud: "gcp", account: "a-project", region: "us-central1" };

let clouds: Clouds;
let provider: ResourceProvider;
beforeEach(async () => {
  clouds = await openMemoryClouds();
  provider = new ResourceProvider(clouds, "test", {});
});
afterEach(() => clouds.close());

/** What was made so far, in order. */
interface Made {
  readonly about: About;
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

async function make(name: string, type: string, place: Place, inputs: Properties): Promise<Made> {
  const about = { urn: `urn:pulumi:s::terrane::${type}::${name}`, type, place };
  const checked = await provider.check(about, inputs, undefined);
  expect(checked.failures).toEqual([]);
  const made = await provider.create(about, { value: checked.inputs, secrets: [] });
  return { about, id: made.id, inputs: checked.inputs, outputs: made.outputs };
}

/** The world that a case needs, then nothing else. */
async function prepare(cloud: string, needs: readonly string[]): Promise<{ ref: Ref; place: Place }> {
  const made = new Map<string, Made>();
  const ref: Ref = (name, output) => {
    const found = made.get(name);
    if (found === undefined) throw new Error(`the case "${name}" was not made`);
    return output === undefined ? found.id : String(found.outputs[output]);
  };
  const place = cloud === "kubernetes" ? await makeCluster(made, ref) : cloud === "gcp" ? gcp : aws;
  for (const name of needs) {
    const needed = modelCases[cloud]?.[name];
    if (needed === undefined) throw new Error(`there is no case "${name}"`);
    made.set(name, await make(name, needed.type, place, needed.inputs(ref)));
  }
  return { ref, place };
}

/** Kubernetes objects live behind the API of a cluster. */
async function makeCluster(made: Map<string, Made>, ref: Ref): Promise<Place> {
  const cases = modelCases["aws"] ?? {};
  for (const name of ["vpc", "subnet", "subnet-b", "role", "cluster"]) {
    const needed = cases[name] as ModelCase;
    made.set(name, await make(name, needed.type, aws, needed.inputs(ref)));
  }
  return { cloud: "kubernetes", account: ref("cluster", "endpoint"), region: "" };
}

describe.each(Object.entries(modelCases))("the models of %s", (cloud, cases) => {
  it.each(Object.entries(cases))("%s goes through its life", async (name, each) => {
    const { ref, place } = await prepare(cloud, each.needs ?? []);
    const inputs = each.inputs(ref);
    const about: About = { urn: `urn:pulumi:s::terrane::${each.type}::${name}`, type: each.type, place };

    // What a preview knows is what comes true.
    const checked = await provider.check(about, inputs, undefined);
    expect(checked.failures).toEqual([]);
    const planned = provider.planCreate(about, { value: checked.inputs, secrets: [] });
    const made = await provider.create(about, { value: checked.inputs, secrets: [] });
    for (const [key, value] of Object.entries(planned.outputs)) {
      if (!isUnknown(value) && !JSON.stringify(value).includes("$terrane"))
        expect(made.outputs).toMatchObject({ [key]: value });
    }

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
      const updated = await provider.update(about, made.id, { value: changed, secrets: [] });
      expect(updated.outputs).toMatchObject(changed);
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
