/** A world of simulated objects for unit tests: makes, changes and deletes them by short names, without any engine. */
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

export async function openSmallWorld(options: Partial<CloudsOptions> = {}): Promise<SmallWorld> {
  return new SmallWorld(await openMemoryClouds(options));
}

function urnOf(type: string, name: string): string {
  return `urn:pulumi:s::terrane::${type}::${name}`;
}
