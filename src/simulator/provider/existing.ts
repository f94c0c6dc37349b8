/**
 * A provider that makes nothing: what it is asked to create it finds, as an import would, and answers as if it had just
 * been made. So an engine writes a state of what is there already, with inputs, dependencies and secrets in order; and of
 * what is not there, as it would be, with an id that the next refresh finds in no cloud.
 */
import { TerraneError } from "../../errors.ts";
import type { Properties } from "../../values/value.ts";
import type { Clouds } from "../clouds.ts";
import { typeName } from "../model.ts";
import type { Differences } from "./diff.ts";
import { type About, type CallHooks, type ResourceAnswer, ResourceProvider } from "./resource.ts";
import type { Opened } from "./wire.ts";

/** Id of the object that is there for a resource; undefined where there is none. A rejection is the call's answer. */
export type FindExisting = (about: About, inputs: Properties) => Promise<string | undefined>;

interface Making {
  readonly operation?: string;
  readonly hooks?: CallHooks;
  readonly existing?: FindExisting;
}

/** What creates are answered by. */
export function resourcesOf(clouds: Clouds, { existing, operation, hooks = {} }: Making): ResourceProvider {
  if (existing === undefined) return new ResourceProvider(clouds, operation, hooks);
  return new ExistingObjects(clouds, existing, hooks);
}

class ExistingObjects extends ResourceProvider {
  readonly #clouds: Clouds;
  readonly #find: FindExisting;

  constructor(clouds: Clouds, find: FindExisting, hooks: CallHooks) {
    super(clouds, undefined, hooks);
    this.#clouds = clouds;
    this.#find = find;
  }

  override async create(about: About, inputs: Opened): Promise<ResourceAnswer> {
    const id = await this.#find(about, inputs.value);
    if (id !== undefined) return await this.#asItIs(about, id, inputs);
    const foreseen = await this.#clouds.foresee({ ...about, inputs: inputs.value, secrets: inputs.secrets });
    // Another object may stand under the id: it is not this one's.
    const taken = await this.#clouds.read({ ...about, id: foreseen.id, inputs: inputs.value }, {});
    return { ...foreseen, seconds: 0, id: taken === undefined ? foreseen.id : absentId(about) };
  }

  /** Nothing is replaced either: the object that is there is the one. */
  override diff(...asked: Parameters<ResourceProvider["diff"]>): Differences {
    const { all } = super.diff(...asked);
    const kept = all.map((each) => ({ ...each, replaces: false }));
    return { all: kept, replaces: false, deleteBeforeReplace: false };
  }

  /** What the cloud has is what counts: a refresh brings it into the state. */
  override update(about: About, id: string, inputs: Opened): Promise<ResourceAnswer> {
    return this.#asItIs(about, id, inputs);
  }

  override async delete(about: About, id: string, state: Properties): Promise<{ readonly seconds: number }> {
    const found = await this.#clouds.read({ ...about, id, inputs: state }, state);
    if (found !== undefined) throw refusal(about, "StillThere", `${id} is in the cloud and in no program`);
    return { seconds: 0 };
  }

  async #asItIs(about: About, id: string, inputs: Opened): Promise<ResourceAnswer> {
    const found = await this.#clouds.read({ ...about, id, inputs: inputs.value }, inputs.value);
    if (found === undefined) throw refusal(about, "NotThere", `${id} is not in the cloud`);
    return { id: found.id, outputs: found.outputs, secrets: found.secretOutputs, seconds: 0 };
  }
}

/** No cloud makes an id of this form. */
function absentId({ urn }: About): string {
  return `not-in-the-cloud:${urn.slice(urn.lastIndexOf("::") + 2)}`;
}

function refusal({ urn, type }: About, code: string, what: string): TerraneError {
  const name = urn.split("::").at(-1) ?? "";
  return new TerraneError("cloud-error", `${typeName(type)} ${name}: ${what}`, { details: { code, urn } });
}
