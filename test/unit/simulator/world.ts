/** A world of simulated objects for unit tests: makes, changes and deletes them by short names, without any engine. */
import { expect } from "vitest";
import { type Clouds, type CloudsOptions, openMemoryClouds } from "../../../src/simulator/clouds.ts";
import type { Place } from "../../../src/simulator/model.ts";
import type { Properties } from "../../../src/values/value.ts";
import { modelCases, type Ref } from "../../contract/simulator-cases.ts";

export const virginia: Place = { cloud: "aws", account: "111122223333", region: "us-east-1" };
export const iowa: Place = { cloud: "gcp", account: "a-project", region: "us-central1" };

export class SmallWorld {
  readonly clouds: Clouds;
  readonly #made = new Map<
    string,
    { id: string; type: string; place: Place; inputs: Properties; outputs: Properties }
  >();

  constructor(clouds: Clouds) {
    this.clouds = clouds;
  }

  readonly ref: Ref = (name, output) => {
    const found = this.#get(name);
    return output === undefined ? found.id : String(found.outputs[output]);
  };

  async make(
    name: string,
    type: string,
    inputs: Properties,
    place: Place = virginia,
    operation?: string,
  ): Promise<string> {
    const call = {
      urn: urnOf(type, name),
      type,
      place,
      inputs,
      ...(operation === undefined ? {} : { operation }),
    };
    const made = await this.clouds.create(call);
    this.#made.set(name, { id: made.id, type, place, inputs, outputs: made.outputs });
    return made.id;
  }

  /** Makes cases of the contract tests, with other inputs laid over the last one. */
  async need(cloud: "aws" | "gcp", names: readonly string[], last: Properties = {}): Promise<void> {
    for (const [index, name] of names.entries()) {
      const each = modelCases[cloud]?.[name];
      if (each === undefined) throw new Error(`there is no case "${name}"`);
      const inputs = { ...each.inputs(this.ref), ...(index === names.length - 1 ? last : {}) };
      await this.make(name, each.type, inputs, cloud === "gcp" ? iowa : virginia);
    }
  }

  update(name: string, changes: Properties): Promise<unknown> {
    const { id, type, place, inputs } = this.#get(name);
    return this.clouds.update({ urn: urnOf(type, name), type, place, id, inputs: { ...inputs, ...changes } });
  }

  remove(name: string, operation?: string): Promise<unknown> {
    const { id, type, place, outputs } = this.#get(name);
    const call = { urn: urnOf(type, name), type, place, id, inputs: outputs };
    return this.clouds.delete(operation === undefined ? call : { ...call, operation });
  }

  #get(name: string) {
    const found = this.#made.get(name);
    if (found === undefined) throw new Error(`"${name}" was not made`);
    return found;
  }
}

/**
 * Makes the contract tests' cases before the last one soundly, and sees the last one refused with these inputs laid over
 * its own, with nothing made.
 */
export async function seeRefused(
  world: SmallWorld,
  names: readonly string[],
  inputs: (ref: Ref) => Properties,
  refusal: { readonly code: string; readonly message?: RegExp },
): Promise<void> {
  await world.need("aws", names.slice(0, -1));
  const last = modelCases["aws"]?.[names.at(-1) ?? ""];
  const wanted = { ...last?.inputs(world.ref), ...inputs(world.ref) };
  const before = await world.clouds.list();
  await expect(world.make("refused", last?.type ?? "", wanted)).rejects.toMatchObject({
    code: "cloud-error",
    details: expect.objectContaining({ code: refusal.code }),
    message: expect.stringMatching(refusal.message ?? /./),
  });
  expect(await world.clouds.list()).toEqual(before);
}

export async function openSmallWorld(options: Partial<CloudsOptions> = {}): Promise<SmallWorld> {
  return new SmallWorld(await openMemoryClouds(options));
}

function urnOf(type: string, name: string): string {
  return `urn:pulumi:s::terrane::${type}::${name}`;
}
