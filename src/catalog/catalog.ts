/** All component types by name, and the rules of the clouds they are made on. */
import { TerraneError } from "../errors.ts";
import type { CloudRules } from "./cloud.ts";
import type { ComponentContract } from "./component.ts";

export class Catalog {
  readonly #contracts: ReadonlyMap<string, ComponentContract>;
  /** What holds on each cloud; one that is not among them is not judged. */
  readonly clouds: readonly CloudRules[];

  /** @throws TerraneError `name-collision` when two contracts have one name. */
  constructor(contracts: readonly ComponentContract[], clouds: readonly CloudRules[] = []) {
    this.clouds = clouds;
    const byName = new Map<string, ComponentContract>();
    for (const contract of contracts) {
      if (byName.has(contract.name)) {
        throw new TerraneError("name-collision", `two component types are called "${contract.name}"`);
      }
      byName.set(contract.name, contract);
    }
    this.#contracts = byName;
  }

  find(type: string): ComponentContract | undefined {
    return this.#contracts.get(type);
  }

  /** @throws TerraneError `unknown-component-type` */
  get(type: string): ComponentContract {
    const contract = this.#contracts.get(type);
    if (contract === undefined) {
      throw new TerraneError(
        "unknown-component-type",
        `there is no component type "${type}"; there are ${this.types.join(", ")}`,
      );
    }
    return contract;
  }

  get types(): readonly string[] {
    return [...this.#contracts.keys()].sort();
  }

  get contracts(): readonly ComponentContract[] {
    return [...this.#contracts.values()];
  }
}
